#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sememe {

/// Scales before rounding, in quarter octaves: levels of coefficient k in rows of class c have the
/// mean size 2^((coefficient[k] + row_class[c]) / 4).
struct Scales {
  std::vector<double> coefficient;
  std::vector<double> row_class;

  /// (classes, coefficients): the bucket b of each, from both scales rounded.
  std::vector<std::uint8_t> buckets() const;
};

/// Sets row and column sums of the model to those of the data by turns, from the scales there are:
/// 8 turns of iterative proportional fitting over the cells that are coded. Each sum counts half a
/// size more than was met. What has no such cell keeps its scale: a coefficient may come back.
/// @param sums  (classes, coefficients): of |v|   @param rows  (classes)
/// @param extent  (classes): the leading coefficients that are coded
/// Source: Deming & Stephan 1940, "On a least squares adjustment", Ann. Math. Stat. 11(4).
void fit_scales(Scales& scales, std::span<const double> sums, std::span<const std::int64_t> rows,
                std::span<const std::int32_t> extent);

}  // namespace sememe
