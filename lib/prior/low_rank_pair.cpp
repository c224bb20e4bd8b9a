#include "lib/prior/low_rank_pair.hpp"

#include <cassert>
#include <stdexcept>
#include <string>

#include "lib/base/error.hpp"

namespace sememe {

namespace {

std::string misfit(const LowRankPair::Parts& parts) {
  const Index reach = parts.more.rows();
  if (parts.more.size() != reach || reach > parts.left.rows())
    return "more is (" + std::to_string(reach) + ", " + std::to_string(parts.more.cols()) +
           ") for " + std::to_string(parts.left.rows()) + " tokens";
  if (parts.right.rows() != parts.left.cols() + (reach > 0 ? 1 : 0))
    return "right has " + std::to_string(parts.right.rows()) + " rows for a rank of " +
           std::to_string(parts.left.cols());
  if (parts.right.cols() != parts.mean.size())
    return "right has " + std::to_string(parts.right.cols()) + " columns, the mean " +
           std::to_string(parts.mean.size());
  return {};
}

}  // namespace

LowRankPair::LowRankPair(Parts parts) : parts_(std::move(parts)) {
  const std::string fault = misfit(parts_);
  if (!fault.empty()) throw std::invalid_argument("low-rank pair: " + fault);
  if (!parts_.mean.allFinite()) throw NumericError("low-rank pair: the mean is not finite");
  parts_.left = rounded_matrix(parts_.left, parts_.precision);
  parts_.more = rounded_matrix(parts_.more, parts_.precision);
  // A scale per direction, not per dim.
  parts_.right = rounded_matrix(parts_.right.transpose(), parts_.precision).transpose();
}

std::string LowRankPair::formula() const {
  const std::string width = std::to_string(dims());
  std::string text = width;
  if (rank() > 0)
    text =
        std::to_string(rank()) + " * (" + std::to_string(tokens()) + " + " + width + ") + " + text;
  if (reach() > 0) text += " + " + std::to_string(reach()) + " + " + width;
  return text;
}

void LowRankPair::add_rows(Index first, Index count, std::span<float> out) const {
  assert(first >= 0 && first + count <= tokens());
  assert(static_cast<Index>(out.size()) == count * dims());
  // Row by row, so that a row is the same whichever rows are asked for with it.
  for (Index i = 0; i < count; ++i) {
    Eigen::Map<Eigen::RowVectorXf> row(out.data() + i * dims(), dims());
    row += parts_.mean.transpose();
    for (Index k = 0; k < rank(); ++k) row += parts_.left(first + i, k) * parts_.right.row(k);
    if (first + i < reach()) row += parts_.more(first + i, 0) * parts_.right.row(rank());
  }
}

void LowRankPair::store(TensorBundle& bundle) const {
  store_matrix(bundle, "residual.left", parts_.left, parts_.precision);
  if (reach() > 0) store_matrix(bundle, "residual.more", parts_.more, parts_.precision);
  store_matrix(bundle, "residual.right", parts_.right.transpose(), parts_.precision);
  bundle.tensors.push_back(
      make_tensor<float>("residual.mean", Dtype::f32, {dims()},
                         {parts_.mean.data(), static_cast<std::size_t>(dims())}));
}

LowRankPair LowRankPair::load(const TensorBundleView& bundle) {
  Parts parts;
  parts.left = load_matrix(bundle, "residual.left", -1, -1);
  parts.right = load_matrix(bundle, "residual.right", -1, -1).transpose();
  if (bundle.find("residual.more") != nullptr)
    parts.more = load_matrix(bundle, "residual.more", -1, 1);
  const std::vector<float> mean = values_of<float>(stored(bundle, "residual.mean", Dtype::f32, 1));
  parts.mean = Eigen::Map<const Vector>(mean.data(), static_cast<Index>(mean.size()));
  if (!parts.mean.allFinite()) throw FormatError(bundle.path, 0, "residual.mean is not finite");
  // A pair of rank 0 has no bytes that would vouch for its tokens.
  constexpr Index kMostTokens = Index{1} << 31;
  if (parts.left.rows() > kMostTokens)
    throw FormatError(bundle.path, 0,
                      "residual.left has " + std::to_string(parts.left.rows()) + " rows");
  const std::string fault = misfit(parts);
  if (!fault.empty()) throw FormatError(bundle.path, 0, "the low-rank pair does not fit: " + fault);
  return LowRankPair(std::move(parts));
}

}  // namespace sememe
