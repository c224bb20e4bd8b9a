#include "lib/prior/product_prior.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

#include "lib/base/error.hpp"
#include "lib/prior/atom_code.hpp"

namespace sememe {

namespace {

std::string slot_name(std::size_t slot, std::string_view what) {
  return "prior.slot." + std::to_string(slot) + "." + std::string(what);
}

/// The first slot with the same rows as slot j: a slot used twice is stored once.
std::size_t first_alike(const ProductPrior::Parts& parts, std::size_t j) {
  std::size_t i = 0;
  while (i < j && !(parts.slots[i] == parts.slots[j] && parts.kept[i] == parts.kept[j])) ++i;
  return i;
}

/// Names the first relation between the parts that does not hold; empty if all do.
std::string misfit(const ProductPrior::Parts& parts) {
  const std::size_t order = parts.slots.size();
  if (order < 1 || order > static_cast<std::size_t>(kMaxOrder))
    return "order is " + std::to_string(order);
  if (parts.leaf.size() != order || parts.leaves.size() != order || parts.kept.size() != order)
    return "there are not as many leaves as slots";
  const Index tokens = parts.slots[0].tokens();
  const Index dims = parts.bias.size();
  if (parts.rank < 1 || dims < 1) return "rank or dims is below 1";
  Index covered = 1;
  for (std::size_t j = 0; j < order; ++j) {
    const AtomRows& rows = parts.slots[j];
    if (parts.leaf[j] < 1 || parts.leaf[j] > dims * parts.rank + 4096)
      return "leaf " + std::to_string(j) + " is out of range";
    covered = std::min<Index>(covered * parts.leaf[j], std::int64_t{1} << 40);
    if (rows.tokens() != tokens)
      return "slot " + std::to_string(j) + " has other tokens than slot 0";
    if (parts.leaves[j].rows() != rows.atoms ||
        parts.leaves[j].cols() != parts.rank * parts.leaf[j])
      return "leaves " + std::to_string(j) + " do not fit their slot";
    if (static_cast<Index>(parts.kept[j].size()) + 1 != rows.atoms)
      return "slot " + std::to_string(j) + " has " + std::to_string(rows.atoms) + " atoms for " +
             std::to_string(parts.kept[j].size()) + " names and a blank";
    for (Index t = 0; t < tokens; ++t)
      if (rows.row_start[static_cast<std::size_t>(t)] ==
          rows.row_start[static_cast<std::size_t>(t) + 1])
        return "token " + std::to_string(t) + " has no atom in slot " + std::to_string(j);
  }
  if (order > 1 && (covered < dims || covered > 64 * dims + 4096))
    return "leaves make " + std::to_string(covered) + " dims for " + std::to_string(dims);
  if (order == 1 && (parts.map.rows() != parts.rank * parts.leaf[0] || parts.map.cols() != dims))
    return "the map does not fit";
  if (parts.free.cols() != parts.free_map.rows() ||
      (parts.free.cols() > 0 && (parts.free.rows() != tokens || parts.free_map.cols() != dims)))
    return "the free values do not fit";
  return {};
}

}  // namespace

ProductPrior::ProductPrior(Parts parts) : parts_(std::move(parts)) {
  const std::string fault = misfit(parts_);
  if (!fault.empty()) throw std::invalid_argument("product prior: " + fault);
  for (Matrix& leaves : parts_.leaves) leaves = rounded_matrix(leaves, parts_.precision);
  parts_.map = rounded_matrix(parts_.map, parts_.precision);
  parts_.free = rounded_matrix(parts_.free, parts_.precision);
  parts_.free_map = rounded_matrix(parts_.free_map, parts_.precision);
  if (!parts_.bias.allFinite()) throw NumericError("product prior: the bias is not finite");
}

std::string ProductPrior::form() const {
  std::string leaf;
  Index atoms = 0;
  for (std::size_t j = 0; j < parts_.leaf.size(); ++j) {
    leaf += (j == 0 ? "" : " x ") + std::to_string(parts_.leaf[j]);
    atoms += parts_.slots[j].atoms;
  }
  std::string text = "order " + std::to_string(order()) + ", rank " + std::to_string(parts_.rank) +
                     ", leaf " + leaf + ", " + std::to_string(atoms) + " leaves";
  if (parts_.free.cols() > 0)
    text += ", " + std::to_string(parts_.free.cols()) + " free floats a token";
  return text;
}

Index ProductPrior::parameters() const {
  Index sum = parts_.map.size() + parts_.bias.size() + parts_.free.size() + parts_.free_map.size();
  for (const Matrix& leaves : parts_.leaves) sum += leaves.size();
  return sum;
}

std::string ProductPrior::formula() const {
  const auto number = [](Index value) { return std::to_string(value); };
  std::string text = number(parts_.rank) + " * (";
  for (std::size_t j = 0; j < parts_.leaf.size(); ++j)
    text += (j == 0 ? "" : " + ") + number(parts_.slots[j].atoms) + " * " + number(parts_.leaf[j]);
  text += ")";
  if (order() == 1) text += " + " + number(parts_.map.rows()) + " * " + number(dims());
  text += " + " + number(dims());
  if (free() > 0)
    text += " + " + number(free()) + " * (" + number(tokens()) + " + " + number(dims()) + ")";
  return text;
}

std::int64_t ProductPrior::resident_bytes() const {
  std::int64_t sum = 4 * parameters();
  for (const AtomRows& rows : parts_.slots)
    sum += 5 * rows.entries() + 8 * (rows.tokens() + 1) + 4 * rows.atoms;
  return sum;
}

void ProductPrior::finish_row(const Slots& g, std::span<float> out) const {
  Eigen::Map<Eigen::RowVectorXf> row(out.data(), dims());
  row = parts_.bias.transpose();
  if (order() == 1) {
    for (Index i = 0; i < parts_.map.rows(); ++i)
      row += g[0][static_cast<std::size_t>(i)] * parts_.map.row(i);
    return;
  }
  std::array<std::vector<float>, kMaxOrder> scratch;
  for (Index r = 0; r < parts_.rank; ++r) {
    std::array<const float*, kMaxOrder> term{};
    for (std::size_t j = 0; j < parts_.leaf.size(); ++j) term[j] = g[j].data() + r * parts_.leaf[j];
    add_product(term, parts_.leaf, out, scratch);
  }
}

void ProductPrior::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  assert(static_cast<Index>(out.size()) == count * dims());
  Slots g;
  for (Index i = 0; i < count; ++i) {
    const Index token = first + i;
    const std::span<float> to =
        out.subspan(static_cast<std::size_t>(i * dims()), static_cast<std::size_t>(dims()));
    for (std::size_t j = 0; j < parts_.slots.size(); ++j) {
      const AtomRows& rows = parts_.slots[j];
      g[j].assign(static_cast<std::size_t>(parts_.leaves[j].cols()), 0.0F);
      Eigen::Map<Eigen::RowVectorXf> sum(g[j].data(), parts_.leaves[j].cols());
      for (std::int64_t e = rows.row_start[static_cast<std::size_t>(token)];
           e < rows.row_start[static_cast<std::size_t>(token) + 1]; ++e) {
        const auto entry = static_cast<std::size_t>(e);
        sum += (static_cast<float>(rows.weight[entry]) * AtomRows::kWeightStep) *
               parts_.leaves[j].row(rows.column[entry]);
      }
    }
    finish_row(g, to);
    Eigen::Map<Eigen::RowVectorXf> row(to.data(), dims());
    for (Index k = 0; k < parts_.free.cols(); ++k)
      row += parts_.free(token, k) * parts_.free_map.row(k);
  }
}

void ProductPrior::compose(std::span<const AtomWeights> slots, std::span<float> out) const {
  assert(static_cast<Index>(out.size()) == dims() && !slots.empty());
  Slots g;
  for (std::size_t j = 0; j < parts_.slots.size(); ++j) {
    const Matrix& leaves = parts_.leaves[j];
    g[j].assign(static_cast<std::size_t>(leaves.cols()), 0.0F);
    Eigen::Map<Eigen::RowVectorXf> sum(g[j].data(), leaves.cols());
    bool known = false;
    // Order 1 adds all slots; a product takes its own, slots being reused in turn if there are
    // fewer.
    const std::size_t first = order() == 1 ? 0 : j % slots.size();
    const std::size_t last = order() == 1 ? slots.size() : first + 1;
    for (std::size_t s = first; s < last; ++s)
      for (std::size_t e = 0; e < slots[s].columns.size(); ++e) {
        const std::vector<std::int32_t>& kept = parts_.kept[j];
        const auto at = std::lower_bound(kept.begin(), kept.end(), slots[s].columns[e]);
        if (at == kept.end() || *at != slots[s].columns[e]) continue;
        sum += slots[s].weights[e] * leaves.row(at - kept.begin());
        known = true;
      }
    if (!known) sum = leaves.row(leaves.rows() - 1);
  }
  finish_row(g, out);
}

void ProductPrior::store(TensorBundle& bundle) const {
  for (std::size_t j = 0; j < parts_.slots.size(); ++j) {
    store_matrix(bundle, slot_name(j, "leaves"), parts_.leaves[j], parts_.precision);
    const std::size_t same = first_alike(parts_, j);
    if (same < j) {
      bundle.metadata[slot_name(j, "rows")] = std::to_string(same);
    } else {
      bundle.tensors.push_back(bytes_tensor(slot_name(j, "rows"), pack_atom_rows(parts_.slots[j])));
      bundle.tensors.push_back(
          bytes_tensor(slot_name(j, "kept"), pack_kept(parts_.kept[j], parts_.composition_atoms)));
    }
    bundle.metadata[slot_name(j, "leaf")] = std::to_string(parts_.leaf[j]);
  }
  if (parts_.map.size() > 0) store_matrix(bundle, "prior.map", parts_.map, parts_.precision);
  bundle.tensors.push_back(make_tensor<float>(
      "prior.bias", Dtype::f32, {dims()}, {parts_.bias.data(), static_cast<std::size_t>(dims())}));
  if (parts_.free.cols() > 0) {
    store_matrix(bundle, "prior.free", parts_.free, parts_.precision);
    store_matrix(bundle, "prior.free_map", parts_.free_map, parts_.precision);
  }
  bundle.metadata["prior"] = "product";
  bundle.metadata["prior.tokens"] = std::to_string(tokens());
  bundle.metadata["prior.atoms"] = std::to_string(parts_.composition_atoms);
  bundle.metadata["prior.order"] = std::to_string(order());
  bundle.metadata["prior.rank"] = std::to_string(parts_.rank);
}

std::unique_ptr<ProductPrior> ProductPrior::load(const TensorBundleView& bundle) {
  Parts parts;
  const Index tokens = stored_number(bundle, "prior.tokens");
  const std::int64_t order = stored_number(bundle, "prior.order");
  if (order < 1 || order > kMaxOrder)
    throw FormatError(bundle.path, 0,
                      "prior.order is " + std::to_string(order) + "; expected 1 to 4");
  parts.composition_atoms = stored_number(bundle, "prior.atoms");
  parts.rank = stored_number(bundle, "prior.rank");
  for (std::size_t j = 0; j < static_cast<std::size_t>(order); ++j) {
    parts.leaf.push_back(stored_number(bundle, slot_name(j, "leaf")));
    parts.leaves.push_back(load_matrix(bundle, slot_name(j, "leaves"), -1, -1));
    if (bundle.metadata.contains(slot_name(j, "rows"))) {
      const auto same = static_cast<std::size_t>(stored_number(bundle, slot_name(j, "rows")));
      if (same >= j)
        throw FormatError(bundle.path, 0,
                          "slot " + std::to_string(j) + " has the rows of slot " +
                              std::to_string(same) + ", which comes later");
      parts.kept.push_back(std::vector<std::int32_t>(parts.kept[same]));
      parts.slots.push_back(AtomRows(parts.slots[same]));
    } else {
      parts.kept.push_back(unpack_kept(stored(bundle, slot_name(j, "kept"), Dtype::u8, 1),
                                       parts.composition_atoms, bundle.path));
      parts.slots.push_back(
          unpack_atom_rows(stored(bundle, slot_name(j, "rows"), Dtype::u8, 1).bytes, tokens,
                           parts.leaves.back().rows(), bundle.path));
    }
    const Dtype dtype = bundle.at(slot_name(j, "leaves")).dtype;
    if (dtype == Dtype::i8) parts.precision = Precision::i8;
    if (dtype == Dtype::f16) parts.precision = Precision::f16;
  }
  const std::vector<float> bias = values_of<float>(stored(bundle, "prior.bias", Dtype::f32, 1));
  parts.bias = Eigen::Map<const Vector>(bias.data(), static_cast<Index>(bias.size()));
  if (order == 1) parts.map = load_matrix(bundle, "prior.map", -1, parts.bias.size());
  if (bundle.find("prior.free") != nullptr) {
    parts.free = load_matrix(bundle, "prior.free", tokens, -1);
    parts.free_map = load_matrix(bundle, "prior.free_map", parts.free.cols(), parts.bias.size());
  }
  const std::string fault = misfit(parts);
  if (!fault.empty())
    throw FormatError(bundle.path, 0, "the product prior does not fit itself: " + fault);
  return std::make_unique<ProductPrior>(std::move(parts));
}

}  // namespace sememe
