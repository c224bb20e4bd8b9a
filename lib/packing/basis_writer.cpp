#include "lib/packing/basis_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "lib/packed/orthonormal_frame.hpp"
#include "lib/packing/value_counts.hpp"

namespace sememe {

namespace {

int scale_of(std::span<const std::int16_t> entry) {
  double sum = 0;
  for (const std::int16_t e : entry) sum += std::abs(static_cast<double>(e));
  const double mean = sum / static_cast<double>(entry.size());
  return static_cast<int>(std::lround(4 * std::log2(std::max(mean, 1e-3))));
}

/// The fineness of the coarser of two widths: the one asked for and the one at which `largest`
/// fits.
std::int16_t fineness_of(double wanted, double largest, double unit) {
  const double width = std::max(wanted, largest / Basis::kMaxEntry);
  return static_cast<std::int16_t>(std::clamp<double>(std::floor(-4 * std::log2(width / unit)),
                                                      -Basis::kMaxFineness, Basis::kMaxFineness));
}

/// Calls visit(row, its numbers) for each row.
template <typename Visit>
void for_each_row(const BasisCode& basis, Index first, Index last, const Visit& visit) {
  std::int64_t at = 0;
  for (Index r = 0; r < last; ++r) {
    const auto numbers =
        std::span(basis.entry)
            .subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(basis.length(r)));
    at += basis.length(r);
    if (r >= first) visit(r, numbers);
  }
}

}  // namespace

BasisCode quantise_basis(const MatrixD& vectors, const VectorD& steps, double unit) {
  BasisCode basis;
  basis.dims = vectors.cols();
  for (Index r = 0; r < vectors.rows(); ++r) {
    basis.fineness.push_back(fineness_of(steps[r], vectors.row(r).cwiseAbs().maxCoeff(), unit));
    const double width = basis_width(basis.fineness.back(), unit);
    for (Index j = 0; j < basis.dims; ++j) basis.entry.push_back(basis_entry(vectors(r, j), width));
  }
  return basis;
}

BasisCode orthonormal_basis(const VectorD& mean, double mean_step,
                            std::span<const std::int16_t> coordinates, Index rows, double width,
                            double unit) {
  BasisCode basis = quantise_basis(mean.transpose(), VectorD::Constant(1, mean_step), unit);
  assert(static_cast<std::int64_t>(coordinates.size()) == coordinate_count(rows, basis.dims));
  basis.orthonormal = true;
  basis.fineness.resize(static_cast<std::size_t>(rows + 1), fineness_of(width, 1, unit));
  basis.entry.insert(basis.entry.end(), coordinates.begin(), coordinates.end());
  return basis;
}

std::vector<std::byte> store_basis(const BasisCode& basis, BitWriter& parameters) {
  parameters.bits(basis.orthonormal ? 1 : 0, 1);
  std::int64_t before = 0;
  for (Index r = 0; r < (basis.orthonormal ? std::min<Index>(basis.rows(), 2) : basis.rows());
       ++r) {
    parameters.signed_number(basis.fineness[static_cast<std::size_t>(r)] - before, 1);
    before = basis.fineness[static_cast<std::size_t>(r)];
  }
  ValueCounts counts;
  std::vector<int> scales;
  for_each_row(basis, 0, basis.rows(), [&](Index, std::span<const std::int16_t> numbers) {
    scales.push_back(scale_of(numbers));
    const int bucket = bucket_of(scales.back());
    for (const std::int16_t e : numbers)
      ++counts.symbol[static_cast<std::size_t>(bucket)]
                     [static_cast<std::size_t>(size_symbol(bucket, std::abs(e)))];
  });
  before = 0;
  for (const int scale : scales) {
    parameters.signed_number(scale - before, 1);
    before = scale;
  }
  const ValueModels models = models_of(counts);
  models.store(parameters);
  std::vector<std::byte> bytes;
  RansEncoder out;
  for (Index first = 0; first < basis.rows(); first += kBasisBlock) {
    const std::size_t begin = bytes.size();
    for_each_row(basis, first, std::min(first + kBasisBlock, basis.rows()),
                 [&](Index r, std::span<const std::int16_t> numbers) {
                   for (const std::int16_t e : numbers)
                     models.encode(out, bucket_of(scales[static_cast<std::size_t>(r)]), e);
                 });
    out.finish(bytes);
    parameters.number(bytes.size() - begin, 10);
  }
  return bytes;
}

}  // namespace sememe
