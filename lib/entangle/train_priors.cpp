#include "lib/entangle/train_priors.hpp"

#include <algorithm>
#include <utility>

namespace sememe {

namespace {

/// Whether `order` leaves of that size make a row of so many dims and not many times as much.
bool covers(Index leaf, Index order, Index dims) {
  Index made = 1;
  for (Index j = 0; j < order && made <= 64 * dims; ++j) made *= leaf;
  return order == 1 || (made >= dims && made <= 64 * dims);
}

class Trainer {
 public:
  Trainer(const Fit& fit, const PriorOptions& options)
      : composition_(*fit.composition),
        target_(fit.target.with_threads(options.threads)),
        options_(options) {}

  std::vector<std::shared_ptr<const Prior>> run() {
    if (options_.prior != PriorChoice::product) add_additives();
    if (options_.prior == PriorChoice::product &&
        (options_.has_shape() || !options_.checkpoint.empty()))
      add_product(product_form(2, 4), options_.product());
    else if (options_.prior != PriorChoice::additive)
      add_compact_products();
    return std::move(priors_);
  }

 private:
  /// Two candidates when the leaf size is open: every atom with as many floats as held-out tokens
  /// ask for, and only the commonest atoms with few, which costs a tenth of the bytes.
  void add_additives() {
    const Index least = options_.atoms.min_tokens;
    if (options_.leaf == 0) add_additive(8, std::max<Index>(least, target_.tokens() / 100));
    add_additive(options_.leaf, least);
  }

  void add_additive(Index leaf, Index min_tokens) {
    const AdditiveForm form{leaf, {.min_tokens = min_tokens}};
    add(fit_additive(composition_, target_, form, options_.additive()).prior);
  }

  /// What is asked for, with this order and rank where they are left open.
  ProductForm product_form(Index order, Index rank) const {
    ProductForm form;
    form.order = options_.order > 0 ? options_.order : order;
    form.rank = options_.rank > 0 ? options_.rank : rank;
    form.leaf = options_.leaves(form.order);
    form.free = options_.free;
    form.atoms = options_.atoms;
    return form;
  }

  void add_product(const ProductForm& form, const ProductOptions& options) {
    add(fit_product(composition_, target_, form, options).prior);
  }

  /// Products that leave a packed code most of its bytes: leaves for the atoms that are common
  /// enough to repay them, one or two atoms a slot, two terms, least squares alone. What is stored
  /// of a composition is by far the larger part, so a form of fewer terms would save next to
  /// nothing.
  void add_compact_products() {
    ProductOptions options = options_.product();
    options.adam.epochs = 0;
    options.adam.checkpoint.clear();
    options.alternating.rounds = 8;
    options.alternating.steps = 4;
    options.alternating.least_progress = 0.01;
    options.most_tokens = 4096;  // an atom met in a 300th of all tokens is in a dozen of them
    for (const Index order : {Index{2}, Index{3}}) {
      if (options_.order > 0 && order == 3) break;
      ProductForm form = product_form(order, 2);
      if (!covers(options_.leaf, form.order, target_.dims())) form.leaf.clear();
      if (form.atoms.max_atoms == 0 && form.order > 1)
        form.atoms.max_atoms = form.order == 2 ? 2 : 1;
      form.atoms.min_tokens = std::max<Index>(form.atoms.min_tokens, target_.tokens() / 300);
      add_product(form, options);
    }
  }

  void add(std::shared_ptr<const Prior> prior) {
    if (prior) priors_.push_back(std::move(prior));
  }

  const Composition& composition_;
  Target target_;
  const PriorOptions& options_;
  std::vector<std::shared_ptr<const Prior>> priors_;
};

}  // namespace

std::vector<std::shared_ptr<const Prior>> train_priors(const Fit& fit,
                                                       const PriorOptions& options) {
  if (!fit.composition || options.prior == PriorChoice::none) return {};
  return Trainer(fit, options).run();
}

}  // namespace sememe
