#include "lib/codec/packed_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/codec/combine.hpp"
#include "lib/codec/packed_code.hpp"
#include "lib/entangle/prior.hpp"

namespace sememe {

struct PackedTable::Impl {
  explicit Impl(PackedCode read) : code(std::move(read)), coder(code.models) {
    const RowModels& models = coder.models();
    for (int g = 0; g < models.gains; ++g) {
      const int half_octaves = models.gain_low + g;
      const double root = half_octaves % 2 == 0 ? 1.0 : 1.4142135623730951;
      const int floor_half = half_octaves >= 0 ? half_octaves / 2 : -((1 - half_octaves) / 2);
      row_step.push_back(static_cast<float>(std::ldexp(code.step / root, -floor_half)));
    }
    for (Index r = 1; r < code.basis.rows(); ++r)
      width.push_back(static_cast<float>(code.basis.width(r, code.unit)));
    mean = code.basis.row(0, code.unit).cast<float>();
  }

  PackedCode code;
  RowCoder coder;
  std::vector<float> row_step;  ///< by gain
  std::vector<float> width;     ///< by coefficient
  Vector mean;                  ///< (dims)
  std::unique_ptr<const Prior> prior;
  std::int64_t stored_bytes = 0;
  std::string path;

  std::span<const std::byte> block(std::int64_t b) const {
    return code.blocks.subspan(static_cast<std::size_t>(code.index.begin(b)),
                               static_cast<std::size_t>(code.index.length(b)));
  }
  void rows_of_block(std::int64_t b, std::int64_t first, std::int64_t last,
                     std::span<float> out) const;
};

/// Rows [first, last) of block b, counted from its own first row.
void PackedTable::Impl::rows_of_block(std::int64_t b, std::int64_t first, std::int64_t last,
                                      std::span<float> out) const {
  const auto coefficients = static_cast<std::size_t>(coder.models().coefficients());
  const auto dims = static_cast<std::size_t>(code.dims);
  std::vector<float> value(coefficients), factor(coefficients);
  std::vector<std::int32_t> index(coefficients);
  const std::span<const std::byte> bytes = block(b);
  RansDecoder in(bytes);
  RowCoder::Cursor cursor = coder.start();
  for (std::int64_t i = 0; i < last; ++i) {
    const int coded = coder.decode(in, cursor, value);
    if (i < first) continue;
    const float step = row_step[static_cast<std::size_t>(cursor.gain)];
    std::size_t terms = 0;
    for (std::size_t k = 0; k < static_cast<std::size_t>(coded); ++k) {
      index[terms] = static_cast<std::int32_t>(k);
      factor[terms] = value[k] * step * width[k];
      terms += value[k] != 0.0F ? 1 : 0;
    }
    const std::span<float> row = out.subspan(static_cast<std::size_t>(i - first) * dims, dims);
    std::copy(mean.begin(), mean.end(), row.begin());
    combine({factor.data(), terms}, {index.data(), terms}, code.basis.entry.data() + dims, row);
  }
  const std::int64_t rows = std::min(code.block_tokens, code.tokens - b * code.block_tokens);
  if (last == rows && !in.finished())
    throw FormatError(path, static_cast<std::int64_t>(code.index.begin(b)),
                      "block " + std::to_string(b) + " of the packed table is damaged");
}

PackedTable::PackedTable(const TensorBundleView& bundle) {
  if (bundle.text("format") != "sememe.table.1")
    throw FormatError(bundle.path, 0,
                      "format is \"" + bundle.text("format") + "\", expected \"sememe.table.1\"");
  const TensorView& residual = bundle.at(kResidualTensor);
  if (residual.dtype != Dtype::u8)
    throw FormatError(bundle.path, 0, std::string(kResidualTensor) + " is not of type U8");
  auto impl = std::make_unique<Impl>(load_packed_code(residual.bytes, bundle.path));
  impl->prior = load_prior(bundle);
  if (impl->prior &&
      (impl->prior->tokens() != impl->code.tokens || impl->prior->dims() != impl->code.dims))
    throw FormatError(bundle.path, 0, "prior and residual are tables of different shapes");
  for (const TensorView& tensor : bundle.tensors)
    impl->stored_bytes += static_cast<std::int64_t>(tensor.bytes.size());
  impl->path = bundle.path;
  impl_ = std::move(impl);
}

PackedTable::~PackedTable() = default;
PackedTable::PackedTable(PackedTable&&) noexcept = default;
PackedTable& PackedTable::operator=(PackedTable&&) noexcept = default;

std::int64_t PackedTable::tokens() const { return impl_->code.tokens; }
std::int64_t PackedTable::dims() const { return impl_->code.dims; }
std::int64_t PackedTable::bytes() const { return impl_->stored_bytes; }
std::int64_t PackedTable::resident_bytes() const {
  const Impl& impl = *impl_;
  return static_cast<std::int64_t>(sizeof(Impl) + impl.code.basis.entry.size() * 2 +
                                   impl.width.size() * 8) +
         static_cast<std::int64_t>(impl.mean.size()) * 4 + impl.code.index.resident_bytes() +
         2 * impl.coder.resident_bytes() + (impl.prior ? impl.prior->resident_bytes() : 0);
}

void PackedTable::row(std::int64_t token, std::span<float> out) const { rows(token, 1, out); }

void PackedTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  const Impl& impl = *impl_;
  assert(first >= 0 && count >= 0 && first + count <= tokens());
  assert(static_cast<std::int64_t>(out.size()) == count * dims());
  std::size_t done = 0;
  for (std::int64_t at = first; at < first + count;) {
    const std::int64_t b = at / impl.code.block_tokens, begin = b * impl.code.block_tokens;
    const std::int64_t end = std::min(begin + impl.code.block_tokens, first + count);
    const auto length = static_cast<std::size_t>((end - at) * dims());
    impl.rows_of_block(b, at - begin, end - begin, out.subspan(done, length));
    done += length;
    at = end;
  }
  if (impl.prior == nullptr || count == 0) return;
  std::vector<float> predicted(out.size());
  impl.prior->rows(static_cast<Index>(first), static_cast<Index>(count), predicted);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += predicted[i];
}

}  // namespace sememe
