#include "lib/entangle/table_form.hpp"

#include <algorithm>
#include <limits>

#include "lib/entangle/atom_choice.hpp"
#include "lib/entangle/fit_product.hpp"
#include "lib/prior/additive_prior.hpp"
#include "lib/prior/product_prior.hpp"

namespace sememe {

namespace {

LowRankPair empty_pair(const PairForm& form, Precision precision, Index tokens, Index dims) {
  LowRankPair::Parts parts;
  parts.left = Matrix::Zero(tokens, form.rank);
  parts.right = Matrix::Zero(form.rank + (form.reach > 0 ? 1 : 0), dims);
  if (form.reach > 0) parts.more = Matrix::Zero(form.reach, 1);
  parts.mean = Vector::Zero(dims);
  parts.precision = precision;
  return LowRankPair(std::move(parts));
}

std::shared_ptr<const Prior> empty_additive(const AdditiveForm& form,
                                            const Composition& composition, Index dims) {
  AdditivePrior::Parts parts;
  parts.kept = frequent_atoms(composition, form.atoms.min_tokens, form.atoms.most_atoms);
  if (parts.kept.empty()) return nullptr;
  parts.composition_atoms = static_cast<Index>(composition.atoms.size());
  parts.rows = atom_rows(composition, parts.kept, 0, static_cast<Index>(composition.slots.size()),
                         form.atoms.max_atoms);
  // As fit_additive: no more leaves than atoms, dims or the directions it works in.
  const Index leaf = std::min({form.leaf, dims, Index{256}, parts.rows.atoms});
  parts.leaves.assign(static_cast<std::size_t>(parts.rows.atoms * leaf), 0);
  parts.map.assign(static_cast<std::size_t>(leaf * dims), 0);
  parts.scale = Vector::Zero(leaf);
  parts.bias = Vector::Zero(dims);
  return std::make_shared<const AdditivePrior>(std::move(parts));
}

std::shared_ptr<const Prior> empty_product(const ProductForm& form, Precision precision,
                                           const Composition& composition, Index dims) {
  ProductSlots slots = product_slots(composition, dims, form);
  if (slots.rows.empty()) return nullptr;
  ProductPrior::Parts parts;
  parts.rank = form.order == 1 ? 1 : form.rank;
  for (std::size_t j = 0; j < slots.rows.size(); ++j)
    parts.leaves.push_back(Matrix::Zero(slots.rows[j].atoms, parts.rank * slots.leaf[j]));
  if (form.order == 1) parts.map = Matrix::Zero(slots.leaf[0], dims);
  parts.slots = std::move(slots.rows);
  parts.kept = std::move(slots.kept);
  parts.leaf = std::move(slots.leaf);
  parts.composition_atoms = static_cast<Index>(composition.atoms.size());
  parts.bias = Vector::Zero(dims);
  parts.free = Matrix::Zero(composition.tokens(), form.free);
  parts.free_map = Matrix::Zero(form.free, dims);
  parts.precision = precision;
  return std::make_shared<const ProductPrior>(std::move(parts));
}

/// Share of the tighter limit a table uses; above 1 it is too large.
double use_of(const TrainedTable& table, const SizeLimit& limit, const FileBytes& file_bytes) {
  double use = 0;
  if (limit.bytes > 0)
    use = static_cast<double>(file_bytes(table.bundle())) / static_cast<double>(limit.bytes);
  if (limit.parameters > 0)
    use = std::max(use,
                   static_cast<double>(table.parameters()) / static_cast<double>(limit.parameters));
  return use;
}

/// The largest whole number in [low, high] whose use is at most 1, or low - 1; its use in `used`.
Index largest_that_fits(Index low, Index high, const std::function<double(Index)>& use,
                        double& used) {
  Index fits = low - 1;
  used = 0;
  while (low <= high) {
    const Index middle = low + (high - low) / 2;
    const double here = use(middle);
    if (here <= 1) {
      fits = middle;
      used = here;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return fits;
}

}  // namespace

std::unique_ptr<TrainedTable> empty_table(const TableForm& form, const Composition* composition,
                                          Index tokens, Index dims) {
  std::shared_ptr<const Prior> prior;
  if (const auto* additive = std::get_if<AdditiveForm>(&form.prior))
    prior = empty_additive(*additive, *composition, dims);
  if (const auto* product = std::get_if<ProductForm>(&form.prior))
    prior = empty_product(*product, form.precision, *composition, dims);
  if (!prior && !std::holds_alternative<std::monostate>(form.prior)) return nullptr;
  std::optional<LowRankPair> pair;
  if (form.pair) pair = empty_pair(*form.pair, form.precision, tokens, dims);
  return std::make_unique<TrainedTable>(prior, std::move(pair));
}

double fill(TableForm& form, const Composition* composition, Index tokens, Index dims,
            const SizeLimit& limit, const FileBytes& file_bytes) {
  const auto use = [&] {
    const auto table = empty_table(form, composition, tokens, dims);
    return table ? use_of(*table, limit, file_bytes) : 2.0;
  };
  double used = 0;
  if (AtomLimits* const atoms = atoms_of(form.prior)) {
    const auto all = static_cast<Index>(frequent_atoms(*composition, atoms->min_tokens).size());
    atoms->most_atoms = largest_that_fits(
        1, all,
        [&](Index most) {
          atoms->most_atoms = most;
          return use();
        },
        used);
    return used;
  }
  PairForm& pair = form.pair.emplace();
  pair.rank = largest_that_fits(
      0, dims,
      [&](Index rank) {
        pair.rank = rank;
        return use();
      },
      used);
  if (pair.rank < 0 || pair.rank == dims) return used;
  double more = 0;
  pair.reach = largest_that_fits(
      1, tokens - 1,
      [&](Index reach) {
        pair.reach = reach;
        return use();
      },
      more);
  return pair.reach > 0 ? more : used;
}

}  // namespace sememe
