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

namespace {

constexpr std::int64_t kRowsTogether = 128;
constexpr std::int64_t kRowsForStrips = 24;

}  // namespace

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
  void terms_of_block(std::int64_t b, std::int64_t first, std::int64_t last, Terms& terms) const;
};

/// Appends the terms of rows [first, last) of block b, counted from its own first row.
void PackedTable::Impl::terms_of_block(std::int64_t b, std::int64_t first, std::int64_t last,
                                       Terms& terms) const {
  std::vector<float> value(static_cast<std::size_t>(coder.models().coefficients()));
  const std::span<const std::byte> bytes = block(b);
  RansDecoder in(bytes);
  RowCoder::Cursor cursor = coder.start();
  for (std::int64_t i = 0; i < last; ++i) {
    const auto coded = static_cast<std::size_t>(coder.decode(in, cursor, value));
    if (i < first) continue;
    const float step = row_step[static_cast<std::size_t>(cursor.gain)];
    std::size_t at = terms.index.size();
    terms.index.resize(at + coded);
    terms.factor.resize(at + coded);
    for (std::size_t k = 0; k < coded; ++k) {
      terms.index[at] = static_cast<std::int32_t>(k);
      terms.factor[at] = value[k] * step * width[k];
      at += value[k] != 0.0F ? 1 : 0;
    }
    terms.index.resize(at);
    terms.factor.resize(at);
    terms.end.push_back(at);
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
  const std::int64_t block = impl.code.block_tokens;
  const auto row_length = static_cast<std::size_t>(dims());
  const std::int16_t* entry = impl.code.basis.entry.data() + row_length;
  for (std::int64_t at = first; at < first + count;) {
    // Blocks are gathered until there are rows enough to pay for combine_rows' strips.
    const std::int64_t begin = at;
    Terms terms;
    while (at < first + count && at - begin < kRowsTogether) {
      const std::int64_t b = at / block;
      const std::int64_t end = std::min((b + 1) * block, first + count);
      impl.terms_of_block(b, at - b * block, end - b * block, terms);
      at = end;
    }
    const std::span<float> rows_out =
        out.subspan(static_cast<std::size_t>(begin - first) * row_length,
                    static_cast<std::size_t>(at - begin) * row_length);
    for (std::size_t r = 0; r < terms.end.size(); ++r)
      std::copy(impl.mean.begin(), impl.mean.end(),
                rows_out.begin() + static_cast<std::ptrdiff_t>(r * row_length));
    if (at - begin >= kRowsForStrips) {
      combine_rows(terms, entry, impl.width.size(), row_length, rows_out);
      continue;
    }
    std::size_t from = 0;
    for (std::size_t r = 0; r < terms.end.size(); ++r) {
      const std::size_t length = terms.end[r] - from;
      combine(std::span<const float>(terms.factor).subspan(from, length),
              std::span<const std::int32_t>(terms.index).subspan(from, length), entry,
              rows_out.subspan(r * row_length, row_length));
      from = terms.end[r];
    }
  }
  if (impl.prior == nullptr || count == 0) return;
  std::vector<float> predicted(out.size());
  impl.prior->rows(static_cast<Index>(first), static_cast<Index>(count), predicted);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += predicted[i];
}

}  // namespace sememe
