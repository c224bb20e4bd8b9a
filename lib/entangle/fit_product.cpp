#include "lib/entangle/fit_product.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "lib/base/random.hpp"
#include "lib/entangle/atom_choice.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/tensor/low_rank_table.hpp"

namespace sememe {

namespace {

/// A model's rows, as float.
class ModelRows final : public Table {
 public:
  explicit ModelRows(const EntangledModel& model) : model_(model) {}
  std::int64_t tokens() const override { return model_.tokens(); }
  std::int64_t dims() const override { return model_.dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    EntangledModel::Scratch scratch;
    VectorD row(dims());
    for (std::int64_t i = 0; i < count; ++i) {
      model_.row(first + i, scratch, {row.data(), static_cast<std::size_t>(dims())});
      Eigen::Map<Vector>(out.data() + i * dims(), dims()) = row.cast<float>();
    }
  }

 private:
  const EntangledModel& model_;
};

AtomRows some_rows(const AtomRows& rows, Index every) {
  AtomRows some;
  some.atoms = rows.atoms;
  for (Index t = 0; t < rows.tokens(); t += every) {
    const auto first = rows.row_start[static_cast<std::size_t>(t)];
    const auto last = rows.row_start[static_cast<std::size_t>(t) + 1];
    some.column.insert(some.column.end(), rows.column.begin() + first, rows.column.begin() + last);
    some.weight.insert(some.weight.end(), rows.weight.begin() + first, rows.weight.begin() + last);
    some.row_start.push_back(static_cast<std::int64_t>(some.column.size()));
  }
  return some;
}

/// Alternating least squares over every n-th token. Leaves come first in a model's values, so a
/// model of fewer tokens has them in the same places.
std::vector<double> alternate_some(EntangledModel& model, const Target& target, Index every,
                                   const ProductOptions& options) {
  std::vector<AtomRows> slots;
  for (const AtomRows& rows : model.slots()) slots.push_back(some_rows(rows, every));
  EntangledModel small(std::move(slots), model.leaf(), model.rank(), model.dims(), 0);
  small.values.head(model.free_at()) = model.values.head(model.free_at());
  small.values.segment(small.bias_at(), model.dims()) =
      model.values.segment(model.bias_at(), model.dims());
  std::vector<double> errors =
      alternate(small, target.every(every), options.alternating, options.adam.progress);
  model.values.head(model.free_at()) = small.values.head(model.free_at());
  return errors;
}

/// Leaves such that each product's entries vary about a quarter as much as the target's.
void draw_leaves(EntangledModel& model, double variance, std::uint64_t seed) {
  const double order = static_cast<double>(model.order());
  const double wanted = variance / static_cast<double>(model.dims() * model.rank()) / 4;
  const double size = std::pow(std::max(wanted, 1e-12), 0.5 / order) * 1.5;
  Random random(seed, 99);
  for (Index i = 0; i < model.free_at(); ++i) model.values[i] = size * random.normal();
}

/// Order 1: the closed form's leaves and map, in full precision where int8 was.
void copy_additive(EntangledModel& model, const std::vector<std::int32_t>& own,
                   const AdditivePrior& prior) {
  const AdditivePrior::Parts& parts = prior.parts();
  const Index leaf = prior.leaf();
  const Index width = model.rank() * model.leaf()[0];
  for (std::size_t a = 0; a < own.size(); ++a) {
    const auto at =
        std::lower_bound(parts.kept.begin(), parts.kept.end(), own[a]) - parts.kept.begin();
    for (Index l = 0; l < std::min(leaf, width); ++l)
      model.values[model.leaves_at(0) + static_cast<Index>(a) * width + l] =
          parts.leaves[static_cast<std::size_t>(at * leaf + l)] / 127.0;
  }
  for (Index l = 0; l < std::min(leaf, width); ++l)
    for (Index d = 0; d < model.dims(); ++d)
      model.values[model.map_at() + l * model.dims() + d] =
          127.0 * static_cast<double>(parts.scale[l]) *
          parts.map[static_cast<std::size_t>(l * model.dims() + d)];
}

ProductPrior::Parts parts_of(const EntangledModel& model,
                             std::vector<std::vector<std::int32_t>> kept, Index composition_atoms,
                             Precision precision) {
  ProductPrior::Parts parts;
  parts.slots = model.slots();
  parts.kept = std::move(kept);
  parts.composition_atoms = composition_atoms;
  parts.rank = model.rank();
  parts.leaf = model.leaf();
  parts.precision = precision;
  const auto matrix = [&](Index at, Index rows, Index cols) {
    return Matrix(Eigen::Map<const MatrixD>(model.values.data() + at, rows, cols).cast<float>());
  };
  for (Index j = 0; j < model.order(); ++j)
    parts.leaves.push_back(matrix(model.leaves_at(j),
                                  model.slots()[static_cast<std::size_t>(j)].atoms,
                                  model.rank() * model.leaf()[static_cast<std::size_t>(j)]));
  if (model.order() == 1)
    parts.map = matrix(model.map_at(), model.rank() * model.leaf()[0], model.dims());
  parts.bias = model.values.segment(model.bias_at(), model.dims()).cast<float>();
  parts.free = matrix(model.free_at(), model.tokens(), model.free());
  parts.free_map = matrix(model.free_map_at(), model.free(), model.dims());
  return parts;
}

/// Sets free values and their map to the best low-rank table of what the rest leaves.
void solve_free(EntangledModel& model, const Target& target) {
  if (model.free() == 0) return;
  model.values.segment(model.free_at(), model.tokens() * model.free()).setZero();
  const LowRankTable rest =
      nearest_low_rank(target.less(ModelRows(model)), std::min(model.free(), model.dims()));
  for (Index t = 0; t < model.tokens(); ++t)
    for (Index k = 0; k < rest.rank(); ++k)
      model.values[model.free_at() + t * model.free() + k] = static_cast<double>(rest.left()(t, k));
  for (Index k = 0; k < rest.rank(); ++k)
    model.values.segment(model.free_map_at() + k * model.dims(), model.dims()) =
        rest.right().row(k).transpose().cast<double>();
  model.values.segment(model.bias_at(), model.dims()) += rest.mean().cast<double>();
}

}  // namespace

void ProductOptions::check() const {
  if (!(alternating.ridge > 0))
    throw std::invalid_argument("ridge is " + std::to_string(alternating.ridge) + "; above 0");
  if (!(alternating.least_progress >= 0) || !(alternating.least_progress < 1))
    throw std::invalid_argument("least_progress is " + std::to_string(alternating.least_progress) +
                                "; at least 0, below 1");
  if (most_tokens < 0)
    throw std::invalid_argument("most_tokens is " + std::to_string(most_tokens) + "; 0 or more");
  if (alternating.rounds < 0 || alternating.steps < 1)
    throw std::invalid_argument("rounds or steps is too small");
  adam.check();
}

ProductSlots product_slots(const Composition& composition, Index dims, const ProductForm& form) {
  ProductSlots result;
  const std::vector<std::int32_t> frequent =
      frequent_atoms(composition, form.atoms.min_tokens, form.atoms.most_atoms);
  if (frequent.empty()) return result;
  const auto slots = static_cast<Index>(composition.slots.size());
  for (Index j = 0; j < form.order; ++j) {
    const Index first = form.order == 1 ? 0 : j % slots;
    const Index last = form.order == 1 ? slots : first + 1;
    // Each slot keeps the atoms it uses itself.
    const AtomRows all = atom_rows(composition, frequent, first, last, form.atoms.max_atoms);
    std::vector<bool> used(frequent.size());
    for (const std::int32_t column : all.column) used[static_cast<std::size_t>(column)] = true;
    std::vector<std::int32_t> own;
    for (std::size_t a = 0; a < frequent.size(); ++a)
      if (used[a]) own.push_back(frequent[a]);
    result.rows.push_back(
        with_blank(atom_rows(composition, own, first, last, form.atoms.max_atoms)));
    result.kept.push_back(std::move(own));
  }
  result.leaf = form.leaf;
  if (result.leaf.empty())
    result.leaf = form.order == 1 ? std::vector<Index>{24} : leaf_sizes(dims, form.order);
  return result;
}

ProductFit fit_product(const Composition& composition, const Target& target,
                       const ProductForm& form, const ProductOptions& options) {
  form.check();
  options.check();
  if (composition.tokens() != target.tokens())
    throw std::invalid_argument("the composition has " + std::to_string(composition.tokens()) +
                                " tokens, the table " + std::to_string(target.tokens()));
  auto [rows, kept, leaf] = product_slots(composition, target.dims(), form);
  if (rows.empty()) return {};
  EntangledModel model(std::move(rows), std::move(leaf), form.order == 1 ? 1 : form.rank,
                       target.dims(), form.free);

  ProductFit fit;
  model.values.segment(model.bias_at(), model.dims()) = target.mean();
  if (form.order == 1) {
    const AdditiveForm closed{model.leaf()[0], {form.atoms.min_tokens, form.atoms.most_atoms}};
    const AdditiveOptions how{.seed = options.adam.seed, .progress = options.adam.progress};
    copy_additive(model, kept[0], *fit_additive(composition, target, closed, how).prior);
  } else {
    draw_leaves(model, target.variance(), options.adam.seed);
    const Index every =
        options.most_tokens > 0
            ? std::max<Index>(1, (model.tokens() + options.most_tokens / 2) / options.most_tokens)
            : 1;
    fit.alternating = every > 1
                          ? alternate_some(model, target, every, options)
                          : alternate(model, target, options.alternating, options.adam.progress);
  }
  solve_free(model, target);
  fit.adam = train(model, target, options.adam);
  fit.prior = std::make_shared<const ProductPrior>(parts_of(
      model, std::move(kept), static_cast<Index>(composition.atoms.size()), options.precision));
  return fit;
}

}  // namespace sememe
