#include "lib/packed/basis.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>

#include "lib/packed/orthonormal_frame.hpp"

namespace sememe {

namespace {

/// 2^(-i / 4), i = 0 .. 3: written out, so that a reader needs no library function.
constexpr std::array<double, 4> kQuarterDown = {1.0, 0.8408964152537145, 0.7071067811865476,
                                                0.5946035575013605};

}  // namespace

double basis_width(int fineness, double unit) {
  const int f = fineness + 4 * 512;  // positive, so that / and % floor
  return std::ldexp(unit * kQuarterDown[static_cast<std::size_t>(f % 4)], 512 - f / 4);
}

std::int16_t basis_entry(double value, double width) {
  return static_cast<std::int16_t>(
      std::clamp<double>(std::round(value / width), -Basis::kMaxEntry, Basis::kMaxEntry));
}

double Basis::width(Index r, double unit) const {
  return basis_width(fineness[static_cast<std::size_t>(r)], unit);
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
      frame_vectors(std::span(entry).subspan(static_cast<std::size_t>(dims)), rows() - 1, dims);
  basis.entry.resize(static_cast<std::size_t>(rows() * dims));
  const double width = basis.width(1, unit);
  for (Index i = 0; i < vectors.size(); ++i)
    basis.entry[static_cast<std::size_t>(dims + i)] =
        basis_entry(static_cast<double>(vectors.data()[i]), width);
  return basis;
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
