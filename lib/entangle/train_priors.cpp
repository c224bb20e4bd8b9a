#include "lib/entangle/train_priors.hpp"

#include <algorithm>

#include "lib/entangle/fit_additive.hpp"
#include "lib/entangle/fit_product.hpp"

namespace sememe {

namespace {

/// Two candidates when the leaf size is open: every atom with as many floats as held-out tokens ask
/// for, and only the commonest atoms with few, which costs a tenth of the bytes.
void add_additive(const Fit& fit, const FitOptions& options,
                  std::vector<std::shared_ptr<const Prior>>& priors) {
  const Target target = fit.target.with_threads(options.threads);
  AdditiveOptions additive;
  additive.leaf = options.leaf;
  additive.ridge = options.ridge;
  additive.min_tokens = options.min_tokens;
  additive.seed = options.seed;
  additive.progress = options.progress;
  const auto add = [&] {
    const AdditiveFit candidate = fit_additive(*fit.composition, target, additive);
    if (candidate.prior) priors.push_back(candidate.prior);
  };
  if (options.leaf == 0) {
    additive.leaf = 8;
    additive.min_tokens = std::max<Index>(options.min_tokens, target.tokens() / 100);
    add();
    additive.leaf = 0;
    additive.min_tokens = options.min_tokens;
  }
  add();
}

/// What products have in common.
ProductOptions product_options(const FitOptions& options, Index order, Index rank) {
  ProductOptions product;
  product.order = options.order > 0 ? options.order : order;
  product.rank = options.rank > 0 ? options.rank : rank;
  product.free = options.free;
  product.min_tokens = options.min_tokens;
  product.max_atoms = options.max_atoms;
  product.precision = options.precision;
  if (options.ridge > 0) product.alternating.ridge = options.ridge;
  product.adam.objective = options.objective;
  product.adam.epochs = options.epochs;
  product.adam.checkpoint = options.checkpoint;
  product.adam.seed = options.seed;
  product.adam.progress = options.progress;
  return product;
}

void add_product(const Fit& fit, const ProductOptions& product, int threads,
                 std::vector<std::shared_ptr<const Prior>>& priors) {
  const ProductFit trained =
      fit_product(*fit.composition, fit.target.with_threads(threads), product);
  if (trained.prior) priors.push_back(trained.prior);
}

void add_given_product(const Fit& fit, const FitOptions& options,
                       std::vector<std::shared_ptr<const Prior>>& priors) {
  ProductOptions product = product_options(options, 2, 4);
  if (options.leaf > 0) product.leaf.assign(static_cast<std::size_t>(product.order), options.leaf);
  add_product(fit, product, options.threads, priors);
}

/// Whether `order` leaves of that size make a row of so many dims and not many times as much.
bool covers(Index leaf, Index order, Index dims) {
  Index made = 1;
  for (Index j = 0; j < order && made <= 64 * dims; ++j) made *= leaf;
  return order == 1 || (made >= dims && made <= 64 * dims);
}

/// Products that leave a packed code most of its bytes: leaves for the atoms that are common enough
/// to repay them, one or two atoms a slot, two terms, least squares alone. What is stored of a
/// composition is by far the larger part, so a form of fewer terms would save next to nothing.
void add_compact_products(const Fit& fit, const FitOptions& options,
                          std::vector<std::shared_ptr<const Prior>>& priors) {
  const Index dims = fit.target.dims();
  for (const Index order : {Index{2}, Index{3}}) {
    if (options.order > 0 && order == 3) break;
    ProductOptions product = product_options(options, order, 2);
    if (options.leaf > 0 && covers(options.leaf, product.order, dims))
      product.leaf.assign(static_cast<std::size_t>(product.order), options.leaf);
    if (options.max_atoms == 0 && product.order > 1) product.max_atoms = product.order == 2 ? 2 : 1;
    product.min_tokens = std::max<Index>(options.min_tokens, fit.target.tokens() / 300);
    product.adam.epochs = 0;
    product.adam.checkpoint.clear();
    product.alternating.rounds = 8;
    product.alternating.steps = 4;
    product.alternating.least_progress = 0.01;
    product.most_tokens = 4096;  // an atom met in a 300th of all tokens is in a dozen of them
    add_product(fit, product, options.threads, priors);
  }
}

}  // namespace

bool has_shape(const FitOptions& options) {
  return options.order > 0 || options.rank > 0 || options.leaf > 0 || options.max_atoms > 0 ||
         options.free > 0;
}

std::vector<std::shared_ptr<const Prior>> train_priors(const Fit& fit, const FitOptions& options) {
  std::vector<std::shared_ptr<const Prior>> priors;
  if (!fit.composition || options.prior == PriorChoice::none) return priors;
  if (options.prior != PriorChoice::product) add_additive(fit, options, priors);
  if (options.prior == PriorChoice::product && (has_shape(options) || !options.checkpoint.empty()))
    add_given_product(fit, options, priors);
  else if (options.prior != PriorChoice::additive)
    add_compact_products(fit, options, priors);
  return priors;
}

}  // namespace sememe
