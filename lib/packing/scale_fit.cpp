#include "lib/packing/scale_fit.hpp"

#include <algorithm>
#include <cmath>

#include "lib/packed/row_models.hpp"

namespace sememe {

namespace {

/// The scale at which `expected` at scale 0 becomes `sum`.
double scale_of(double sum, double expected) {
  constexpr double kLimit = RowModels::kMaxScale;
  return std::clamp(4 * std::log2((sum + 0.5) / (expected + 1e-9)), -kLimit, kLimit);
}

}  // namespace

std::vector<std::uint8_t> Scales::buckets() const {
  std::vector<std::uint8_t> bucket;
  for (const double own : row_class)
    for (const double scale : coefficient)
      bucket.push_back(static_cast<std::uint8_t>(
          bucket_of(static_cast<int>(std::lround(scale)) + static_cast<int>(std::lround(own)))));
  return bucket;
}

void fit_scales(Scales& scales, std::span<const double> sums, std::span<const std::int64_t> rows,
                std::span<const std::int32_t> extent) {
  const std::size_t stride = scales.coefficient.size();
  for (int turn = 0; turn < 8; ++turn) {
    std::vector<double> column(stride, 0), expected(stride, 0);
    for (std::size_t c = 0; c < scales.row_class.size(); ++c) {
      const auto coded = static_cast<std::size_t>(extent[c]);
      if (rows[c] == 0 || coded == 0) continue;
      const auto count = static_cast<double>(rows[c]);
      double sum = 0, total = 0;
      for (std::size_t k = 0; k < coded; ++k) {
        sum += sums[c * stride + k];
        total += std::exp2(scales.coefficient[k] / 4);
      }
      scales.row_class[c] = scale_of(sum, total * count);
      for (std::size_t k = 0; k < coded; ++k) {
        column[k] += sums[c * stride + k];
        expected[k] += std::exp2(scales.row_class[c] / 4) * count;
      }
    }
    for (std::size_t k = 0; k < stride; ++k)
      if (expected[k] > 0) scales.coefficient[k] = scale_of(column[k], expected[k]);
  }
}

}  // namespace sememe
