#include "lib/codec/basis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace sememe {

namespace {

/// 2^(-i / 4), i = 0 .. 3: written out, so that a reader needs no library function.
constexpr std::array<double, 4> kQuarterDown = {1.0, 0.8408964152537145, 0.7071067811865476,
                                                0.5946035575013605};

int scale_of(std::span<const std::int16_t> entry) {
  double sum = 0;
  for (const std::int16_t e : entry) sum += std::abs(static_cast<double>(e));
  const double mean = sum / static_cast<double>(entry.size());
  return static_cast<int>(std::lround(4 * std::log2(std::max(mean, 1e-3))));
}

std::span<const std::int16_t> row_of(const Basis& basis, Index r) {
  return std::span<const std::int16_t>(basis.entry)
      .subspan(static_cast<std::size_t>(r * basis.dims), static_cast<std::size_t>(basis.dims));
}

}  // namespace

double Basis::width(Index r, double unit) const {
  const int f = fineness[static_cast<std::size_t>(r)] + 4 * 512;  // positive, so that / and % floor
  return std::ldexp(unit * kQuarterDown[static_cast<std::size_t>(f % 4)], 512 - f / 4);
}

VectorD Basis::row(Index r, double unit) const {
  VectorD values(dims);
  const double scale = width(r, unit);
  for (Index j = 0; j < dims; ++j)
    values[j] = scale * entry[static_cast<std::size_t>(r * dims + j)];
  return values;
}

Basis quantise_basis(const MatrixD& vectors, const VectorD& steps, double unit) {
  Basis basis;
  basis.dims = vectors.cols();
  for (Index r = 0; r < vectors.rows(); ++r) {
    const double largest = vectors.row(r).cwiseAbs().maxCoeff();
    // The coarser of the step asked for and the one whose largest entry still fits.
    const double wanted = std::max(steps[r], largest / Basis::kMaxEntry);
    const double fine = std::floor(-4 * std::log2(wanted / unit));
    basis.fineness.push_back(static_cast<std::int16_t>(
        std::clamp<double>(fine, -Basis::kMaxFineness, Basis::kMaxFineness)));
    const double width = basis.width(r, unit);
    for (Index j = 0; j < basis.dims; ++j)
      basis.entry.push_back(static_cast<std::int16_t>(std::clamp<double>(
          std::round(vectors(r, j) / width), -Basis::kMaxEntry, Basis::kMaxEntry)));
  }
  return basis;
}

std::vector<std::byte> store_basis(const Basis& basis, BitWriter& parameters) {
  ValueCounts counts;
  std::vector<int> scales;
  std::int64_t before = 0;
  for (Index r = 0; r < basis.rows(); ++r) {
    const std::int16_t fine = basis.fineness[static_cast<std::size_t>(r)];
    parameters.signed_number(fine - before, 1);
    before = fine;
    const auto entries = row_of(basis, r);
    scales.push_back(scale_of(entries));
    const int bucket = bucket_of(scales.back());
    for (const std::int16_t e : entries)
      ++counts.symbol[static_cast<std::size_t>(bucket)]
                     [static_cast<std::size_t>(size_symbol(bucket, std::abs(e)))];
  }
  before = 0;
  for (const int scale : scales) {
    parameters.signed_number(scale - before, 1);
    before = scale;
  }
  const ValueModels models(counts);
  models.store(parameters);
  std::vector<std::byte> bytes;
  RansEncoder out;
  for (Index first = 0; first < basis.rows(); first += kBasisBlock) {
    const std::size_t begin = bytes.size();
    for (Index r = first; r < std::min(first + kBasisBlock, basis.rows()); ++r)
      for (const std::int16_t e : row_of(basis, r))
        models.encode(out, bucket_of(scales[static_cast<std::size_t>(r)]), e);
    out.finish(bytes);
    parameters.number(bytes.size() - begin, 10);
  }
  return bytes;
}

Basis load_basis(BitReader& parameters, std::span<const std::byte> bytes, Index rows, Index dims) {
  Basis basis;
  basis.dims = dims;
  std::int64_t before = 0;
  for (Index r = 0; r < rows; ++r) {
    before += parameters.signed_number(1);
    if (before < -Basis::kMaxFineness || before > Basis::kMaxFineness)
      parameters.fail("fineness of a vector is " + std::to_string(before));
    basis.fineness.push_back(static_cast<std::int16_t>(before));
  }
  std::vector<int> buckets;
  before = 0;
  for (Index r = 0; r < rows; ++r) {
    before += parameters.signed_number(1);
    if (before < -1000 || before > 1000)
      parameters.fail("scale of a vector is " + std::to_string(before));
    buckets.push_back(bucket_of(static_cast<int>(before)));
  }
  const ValueModels models = ValueModels::load(parameters);
  for (const int bucket : buckets)
    if (!models.has(bucket)) parameters.fail("no value model for a vector's scale");
  basis.entry.resize(static_cast<std::size_t>(rows * dims));
  for (Index first = 0; first < rows; first += kBasisBlock) {
    const auto length = static_cast<std::size_t>(parameters.number(10));
    if (length > bytes.size()) parameters.fail("the vectors end early");
    RansDecoder in(bytes.first(length));
    bytes = bytes.subspan(length);
    for (Index r = first; r < std::min(first + kBasisBlock, rows); ++r)
      for (Index j = 0; j < dims; ++j) {
        unsigned odd = 0;
        const float value = models.decode(in, buckets[static_cast<std::size_t>(r)], odd);
        if (!(std::abs(value) <= Basis::kMaxEntry))
          parameters.fail("a vector's entry is too large");
        basis.entry[static_cast<std::size_t>(r * dims + j)] = static_cast<std::int16_t>(value);
      }
    if (!in.finished()) parameters.fail("the vectors are damaged");
  }
  if (!bytes.empty()) parameters.fail("bytes are left after the vectors");
  return basis;
}

}  // namespace sememe
