#include "lib/codec/basis.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>

#include "lib/codec/orthonormal_rows.hpp"

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

/// The fineness of the coarser of two widths: the one asked for and the one at which `largest`
/// fits.
std::int16_t fineness_of(double wanted, double largest, double unit) {
  const double width = std::max(wanted, largest / Basis::kMaxEntry);
  return static_cast<std::int16_t>(std::clamp<double>(std::floor(-4 * std::log2(width / unit)),
                                                      -Basis::kMaxFineness, Basis::kMaxFineness));
}

double width_of(int fineness, double unit) {
  const int f = fineness + 4 * 512;  // positive, so that / and % floor
  return std::ldexp(unit * kQuarterDown[static_cast<std::size_t>(f % 4)], 512 - f / 4);
}

std::int16_t entry_of(double value, double width) {
  return static_cast<std::int16_t>(
      std::clamp<double>(std::round(value / width), -Basis::kMaxEntry, Basis::kMaxEntry));
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

double Basis::width(Index r, double unit) const {
  return width_of(fineness[static_cast<std::size_t>(r)], unit);
}

VectorD Basis::row(Index r, double unit) const {
  VectorD values(dims);
  const double scale = width(r, unit);
  for (Index j = 0; j < dims; ++j)
    values[j] = scale * entry[static_cast<std::size_t>(r * dims + j)];
  return values;
}

void BasisCode::keep(Index count) {
  fineness.resize(static_cast<std::size_t>(count));
  std::int64_t numbers = 0;
  for (Index r = 0; r < count; ++r) numbers += length(r);
  entry.resize(static_cast<std::size_t>(numbers));
}

Basis BasisCode::read(double unit) const {
  Basis basis{dims, fineness, entry};
  if (!orthonormal || rows() < 2) return basis;
  const Matrix vectors =
      orthonormal_rows(std::span(entry).subspan(static_cast<std::size_t>(dims)), rows() - 1, dims);
  basis.entry.resize(static_cast<std::size_t>(rows() * dims));
  const double width = basis.width(1, unit);
  for (Index i = 0; i < vectors.size(); ++i)
    basis.entry[static_cast<std::size_t>(dims + i)] =
        entry_of(static_cast<double>(vectors.data()[i]), width);
  return basis;
}

BasisCode quantise_basis(const MatrixD& vectors, const VectorD& steps, double unit) {
  BasisCode basis;
  basis.dims = vectors.cols();
  for (Index r = 0; r < vectors.rows(); ++r) {
    basis.fineness.push_back(fineness_of(steps[r], vectors.row(r).cwiseAbs().maxCoeff(), unit));
    const double width = width_of(basis.fineness.back(), unit);
    for (Index j = 0; j < basis.dims; ++j) basis.entry.push_back(entry_of(vectors(r, j), width));
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
  const ValueModels models(counts);
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

BasisCode load_basis(BitReader& parameters, std::span<const std::byte> bytes, Index rows,
                     Index dims) {
  BasisCode basis;
  basis.dims = dims;
  basis.orthonormal = parameters.bits(1) != 0;
  if (basis.orthonormal && (rows - 1 > dims || dims > kMostOrthonormalDims))
    parameters.fail(std::to_string(rows - 1) + " orthonormal vectors of " + std::to_string(dims) +
                    " dims");
  std::int64_t before = 0;
  for (Index r = 0; r < rows; ++r) {
    if (basis.orthonormal && r > 1) {
      basis.fineness.push_back(basis.fineness.back());
      continue;
    }
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
  basis.keep(rows);
  std::size_t at = 0;
  for (Index first = 0; first < rows; first += kBasisBlock) {
    const auto length = static_cast<std::size_t>(parameters.number(10));
    if (length > bytes.size()) parameters.fail("the vectors end early");
    RansDecoder in(bytes.first(length));
    bytes = bytes.subspan(length);
    for (Index r = first; r < std::min(first + kBasisBlock, rows); ++r)
      for (Index j = 0; j < basis.length(r); ++j) {
        const float value = models.decode(in, buckets[static_cast<std::size_t>(r)]);
        if (!(std::abs(value) <= Basis::kMaxEntry))
          parameters.fail("a vector's entry is too large");
        basis.entry[at++] = static_cast<std::int16_t>(value);
      }
    if (!in.finished()) parameters.fail("the vectors are damaged");
  }
  if (!bytes.empty()) parameters.fail("bytes are left after the vectors");
  return basis;
}

}  // namespace sememe
