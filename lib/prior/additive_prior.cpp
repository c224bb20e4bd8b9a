#include "lib/prior/additive_prior.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/prior/atom_code.hpp"
#include "lib/prior/stored.hpp"

namespace sememe {

namespace {

Matrix as_float(const std::vector<std::int8_t>& values, Index rows, Index cols) {
  using Bytes = Eigen::Matrix<std::int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const Bytes>(values.data(), rows, cols).cast<float>();
}

}  // namespace

AdditivePrior::AdditivePrior(Parts parts) : parts_(std::move(parts)) {
  const Index atoms = parts_.rows.atoms;
  const Index leaf = parts_.scale.size();
  const Index dims = parts_.bias.size();
  if (static_cast<Index>(parts_.kept.size()) != atoms)
    throw std::invalid_argument("kept names " + std::to_string(parts_.kept.size()) +
                                " atoms, rows have " + std::to_string(atoms));
  if (static_cast<Index>(parts_.leaves.size()) != atoms * leaf)
    throw std::invalid_argument("leaves hold " + std::to_string(parts_.leaves.size()) +
                                " values, not " + std::to_string(atoms) + " x " +
                                std::to_string(leaf));
  if (static_cast<Index>(parts_.map.size()) != leaf * dims)
    throw std::invalid_argument("map holds " + std::to_string(parts_.map.size()) + " values, not " +
                                std::to_string(leaf) + " x " + std::to_string(dims));
  leaves_ = as_float(parts_.leaves, atoms, leaf);
  map_ = parts_.scale.asDiagonal() * as_float(parts_.map, leaf, dims);
}

std::string AdditivePrior::form() const {
  return "leaf " + std::to_string(leaf()) + ", " + std::to_string(parts_.rows.atoms) + " leaves";
}

Index AdditivePrior::parameters() const { return leaves_.size() + map_.size() + dims(); }

std::string AdditivePrior::formula() const {
  const std::string floats = std::to_string(leaf()), width = std::to_string(dims());
  return std::to_string(parts_.rows.atoms) + " * " + floats + " + " + floats + " * " + width +
         " + " + width;
}

std::int64_t AdditivePrior::resident_bytes() const {
  return (leaves_.size() + map_.size() + parts_.bias.size() + parts_.scale.size()) * 4 +
         leaves_.size() + map_.size() + parts_.rows.entries() * 5 + (tokens() + 1) * 8 +
         static_cast<std::int64_t>(parts_.kept.size()) * 4;
}

void AdditivePrior::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  assert(static_cast<Index>(out.size()) == count * dims());
  // Row by row, so that a row is the same whichever rows are asked for with it.
  Eigen::RowVectorXf sum(leaf());
  for (Index i = 0; i < count; ++i) {
    Eigen::Map<Eigen::RowVectorXf> row(out.data() + i * dims(), dims());
    row = parts_.bias.transpose();
    const auto t = static_cast<std::size_t>(first + i);
    const std::int64_t begin = parts_.rows.row_start[t];
    const std::int64_t end = parts_.rows.row_start[t + 1];
    if (begin == end) continue;
    sum.setZero();
    for (std::int64_t e = begin; e < end; ++e) {
      const auto entry = static_cast<std::size_t>(e);
      sum += (static_cast<float>(parts_.rows.weight[entry]) * AtomRows::kWeightStep) *
             leaves_.row(parts_.rows.column[entry]);
    }
    for (Index l = 0; l < leaf(); ++l) row += sum[l] * map_.row(l);
  }
}

void AdditivePrior::compose(std::span<const AtomWeights> slots, std::span<float> out) const {
  assert(static_cast<Index>(out.size()) == dims());
  Eigen::RowVectorXf sum = Eigen::RowVectorXf::Zero(leaf());
  for (const AtomWeights& slot : slots)
    for (std::size_t e = 0; e < slot.columns.size(); ++e) {
      const auto at = std::lower_bound(parts_.kept.begin(), parts_.kept.end(), slot.columns[e]);
      if (at != parts_.kept.end() && *at == slot.columns[e])
        sum += slot.weights[e] * leaves_.row(at - parts_.kept.begin());
    }
  Eigen::Map<Eigen::RowVectorXf> row(out.data(), dims());
  row = parts_.bias.transpose();
  for (Index l = 0; l < leaf(); ++l) row += sum[l] * map_.row(l);
}

void AdditivePrior::store(TensorBundle& bundle) const {
  const Index atoms = parts_.rows.atoms;
  bundle.tensors.push_back(
      make_tensor<std::int8_t>("prior.leaves", Dtype::i8, {atoms, leaf()}, parts_.leaves));
  bundle.tensors.push_back(
      make_tensor<std::int8_t>("prior.map", Dtype::i8, {leaf(), dims()}, parts_.map));
  bundle.tensors.push_back(
      make_tensor<float>("prior.scale", Dtype::f32, {leaf()},
                         {parts_.scale.data(), static_cast<std::size_t>(leaf())}));
  bundle.tensors.push_back(brief_tensor("prior.bias", parts_.bias));
  bundle.tensors.push_back(bytes_tensor("prior.rows", pack_atom_rows(parts_.rows)));
  bundle.tensors.push_back(
      bytes_tensor("prior.kept", pack_kept(parts_.kept, parts_.composition_atoms)));
  bundle.metadata["prior"] = "additive";
  bundle.metadata["prior.tokens"] = std::to_string(tokens());
  bundle.metadata["prior.atoms"] = std::to_string(parts_.composition_atoms);
}

std::unique_ptr<AdditivePrior> AdditivePrior::load(const TensorBundleView& bundle) {
  Parts parts;
  parts.composition_atoms = stored_number(bundle, "prior.atoms");
  const Index tokens = stored_number(bundle, "prior.tokens");
  const TensorView& leaves = stored(bundle, "prior.leaves", Dtype::i8, 2);
  const TensorView& map = stored(bundle, "prior.map", Dtype::i8, 2);
  const TensorView& scale = stored(bundle, "prior.scale", Dtype::f32, 1);
  const TensorView& bias = stored(bundle, "prior.bias", Dtype::bf16, 1);
  if (map.shape[0] != leaves.shape[1] || scale.shape[0] != leaves.shape[1] ||
      bias.shape[0] != map.shape[1])
    throw FormatError(bundle.path, 0,
                      "prior.leaves, prior.map, prior.scale and prior.bias do not fit");
  parts.leaves = values_of<std::int8_t>(leaves);
  parts.map = values_of<std::int8_t>(map);
  const std::vector<float> scales = values_of<float>(scale);
  parts.scale = Eigen::Map<const Vector>(scales.data(), static_cast<Index>(scales.size()));
  parts.bias = brief_values(bias);
  if (!parts.scale.allFinite() || !parts.bias.allFinite())
    throw FormatError(bundle.path, 0, "prior.scale or prior.bias is not finite");
  parts.kept =
      unpack_kept(stored(bundle, "prior.kept", Dtype::u8, 1), parts.composition_atoms, bundle.path);
  if (static_cast<std::int64_t>(parts.kept.size()) != leaves.shape[0])
    throw FormatError(bundle.path, 0,
                      "prior.kept names " + std::to_string(parts.kept.size()) +
                          " atoms; prior.leaves has " + std::to_string(leaves.shape[0]));
  parts.rows = unpack_atom_rows(stored(bundle, "prior.rows", Dtype::u8, 1).bytes, tokens,
                                leaves.shape[0], bundle.path);
  return std::make_unique<AdditivePrior>(std::move(parts));
}

}  // namespace sememe
