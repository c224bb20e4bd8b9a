#include "lib/codec/packed_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/codec/combine.hpp"
#include "lib/codec/packed_code.hpp"
#include "lib/codec/row_coder.hpp"
#include "lib/entangle/prior.hpp"

namespace sememe {

// Rows are read in groups. A group's blocks are shared out among a few readers that advance in
// step, one row each: the decoder of one block waits for itself most of the time, and another
// block's can use the time. Then the terms of all its rows are added up together.

namespace {

constexpr std::size_t kRowsTogether = 128;
constexpr std::size_t kRowsForStrips = 24;

/// A row that is wanted, and which row of the result it is.
struct Wanted {
  std::int64_t token;
  std::size_t place;
};

std::vector<float> widths(const PackedCode& code) {
  std::vector<float> width;
  for (Index r = 1; r < code.basis.rows(); ++r)
    width.push_back(static_cast<float>(code.basis.width(r, code.unit)));
  return width;
}

/// One row's terms, in room for all coefficients and one more.
class TermRoom {
 public:
  TermRoom(std::size_t rows, std::size_t coefficients)
      : stride_(coefficients + 1), factor_(rows * stride_), index_(rows * stride_), terms_(rows) {}
  void lend(RowReader& reader, std::size_t row) {
    reader.factor = factor_.data() + row * stride_;
    reader.index = index_.data() + row * stride_;
  }
  void keep(const RowReader& reader, std::size_t row) {
    terms_[row] = {{reader.factor, reader.terms}, {reader.index, reader.terms}};
  }
  std::span<const Terms> terms(std::size_t rows) const { return std::span(terms_).first(rows); }

 private:
  std::size_t stride_;
  std::vector<float> factor_;
  std::vector<std::int32_t> index_;
  std::vector<Terms> terms_;
};

}  // namespace

struct PackedTable::Impl {
  explicit Impl(PackedCode read)
      : code(std::move(read)), coder(code.models, code.step, widths(code)) {
    mean = code.basis.row(0, code.unit).cast<float>();
  }

  PackedCode code;
  RowCoder coder;
  Vector mean;  ///< (dims)
  std::unique_ptr<const Prior> prior;
  std::int64_t stored_bytes = 0;
  std::string path;

  std::size_t coefficients() const { return static_cast<std::size_t>(code.basis.rows() - 1); }
  /// @throws FormatError if the bytes are not those written
  std::span<const std::byte> block(std::int64_t b) const {
    const std::int64_t begin = code.index.begin(b), length = code.index.length(b);
    if (const std::int64_t damaged = code.checks.damage_in(begin, length); damaged >= 0)
      throw FormatError(path, code.blocks_offset + damaged,
                        "the packed table is damaged within " +
                            std::to_string(SectionChecks::kBytes) +
                            " bytes from here: their checksum is another than that written; copy "
                            "the file again");
    return code.blocks.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
  }
  void read_terms(std::span<const Wanted> wanted, TermRoom& room) const;
  void read_group(std::span<const Wanted> wanted, TermRoom& room, std::vector<float>& sums,
                  std::span<float> out) const;
  void read(std::span<const Wanted> wanted, std::span<float> out) const;
};

namespace {

/// A reader at work on one block: rows up to the last that is wanted of it.
struct Work {
  std::int64_t block = 0;
  std::int64_t row = 0;  ///< of the block, that is read next
  std::size_t next = 0;  ///< of the wanted rows: the first not read yet
  std::size_t end = 0;   ///< of the wanted rows: the first of another block
};

}  // namespace

/// The terms of each wanted row, in the order of `wanted`, which ascends.
void PackedTable::Impl::read_terms(std::span<const Wanted> wanted, TermRoom& room) const {
  const std::size_t spare = wanted.size();  // rows of the room: for rows on the way to a wanted one
  std::vector<RowReader> readers;
  std::vector<Work> works;
  readers.reserve(RowCoder::kReaders);
  std::size_t taken = 0;
  const auto take = [&](Work& work) {
    work.block = wanted[taken].token / code.block_tokens;
    work.row = 0;
    work.next = taken;
    while (taken < wanted.size() && wanted[taken].token / code.block_tokens == work.block) ++taken;
    work.end = taken;
    return RowReader(block(work.block), coder.first_gain());
  };
  while (readers.size() < RowCoder::kReaders && taken < wanted.size()) {
    works.emplace_back();
    readers.push_back(take(works.back()));
  }
  while (!readers.empty()) {
    for (std::size_t i = 0; i < readers.size(); ++i) {
      const bool kept = wanted[works[i].next].token % code.block_tokens == works[i].row;
      room.lend(readers[i], kept ? works[i].next : spare + i);
    }
    coder.read(readers);
    for (std::size_t i = 0; i < readers.size();) {
      Work& work = works[i];
      while (work.next < work.end && wanted[work.next].token % code.block_tokens == work.row) {
        room.keep(readers[i], work.next);
        ++work.next;
      }
      ++work.row;
      if (work.next < work.end) {
        ++i;
        continue;
      }
      const std::int64_t rows =
          std::min(code.block_tokens, code.tokens - work.block * code.block_tokens);
      if (work.row == rows && !readers[i].in.finished())
        throw FormatError(
            path, code.blocks_offset + code.index.begin(work.block),
            "block " + std::to_string(work.block) + " of the packed table is damaged");
      if (taken < wanted.size()) {
        readers[i] = take(work);
        ++i;
      } else {
        readers.erase(readers.begin() + static_cast<std::ptrdiff_t>(i));
        works.erase(works.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }
}

void PackedTable::Impl::read_group(std::span<const Wanted> wanted, TermRoom& room,
                                   std::vector<float>& sums, std::span<float> out) const {
  const auto dims = static_cast<std::size_t>(code.dims);
  const std::int16_t* entry = code.basis.entry.data() + dims;
  read_terms(wanted, room);
  const std::span<const Terms> terms = room.terms(wanted.size());
  // Rows that follow each other are added up where they belong.
  const bool adjacent = wanted.back().place - wanted.front().place + 1 == wanted.size() &&
                        std::is_sorted(wanted.begin(), wanted.end(),
                                       [](auto a, auto b) { return a.place < b.place; });
  if (!adjacent) sums.resize(wanted.size() * dims);
  const std::span<float> to = adjacent
                                  ? out.subspan(wanted.front().place * dims, wanted.size() * dims)
                                  : std::span(sums).first(wanted.size() * dims);
  for (std::size_t r = 0; r < wanted.size(); ++r)
    std::copy(mean.begin(), mean.end(), to.begin() + static_cast<std::ptrdiff_t>(r * dims));
  if (wanted.size() >= kRowsForStrips)
    combine_rows(terms, entry, coefficients(), dims, to);
  else
    for (std::size_t r = 0; r < wanted.size(); ++r)
      combine(terms[r].factor, terms[r].index, entry, to.subspan(r * dims, dims));
  if (adjacent) return;
  for (std::size_t r = 0; r < wanted.size(); ++r)
    std::copy_n(to.begin() + static_cast<std::ptrdiff_t>(r * dims), dims,
                out.begin() + static_cast<std::ptrdiff_t>(wanted[r].place * dims));
}

void PackedTable::Impl::read(std::span<const Wanted> wanted, std::span<float> out) const {
  TermRoom room(std::min(wanted.size(), kRowsTogether) + RowCoder::kReaders, coefficients());
  std::vector<float> sums;
  for (std::size_t at = 0; at < wanted.size(); at += kRowsTogether)
    read_group(wanted.subspan(at, std::min(kRowsTogether, wanted.size() - at)), room, sums, out);
}

PackedTable::PackedTable(const TensorBundleView& bundle) {
  if (bundle.text("format") != "sememe.table.1")
    throw FormatError(bundle.path, 0,
                      "format is \"" + bundle.text("format") + "\", expected \"sememe.table.1\"");
  const TensorView& residual = bundle.at(kResidualTensor);
  if (residual.dtype != Dtype::u8)
    throw FormatError(bundle.path, 0, std::string(kResidualTensor) + " is not of type U8");
  auto impl = std::make_unique<Impl>(load_packed_code(residual.bytes, bundle.path));
  if (bundle.text(kChecksumKey) != rest_checksum(bundle))
    throw FormatError(bundle.path, 0,
                      "the table's metadata or prior are damaged: their checksum is another than "
                      "that written; copy the file again");
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
                                   impl.coefficients() * 4) +
         static_cast<std::int64_t>(impl.mean.size()) * 4 + impl.code.index.resident_bytes() +
         impl.coder.resident_bytes() + (impl.prior ? impl.prior->resident_bytes() : 0);
}

void PackedTable::row(std::int64_t token, std::span<float> out) const { rows(token, 1, out); }

void PackedTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  assert(first >= 0 && count >= 0 && first + count <= tokens());
  assert(static_cast<std::int64_t>(out.size()) == count * dims());
  if (count == 0) return;
  std::vector<Wanted> wanted(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] = {first + static_cast<std::int64_t>(i), i};
  impl_->read(wanted, out);
  if (impl_->prior == nullptr) return;
  std::vector<float> predicted(out.size());
  impl_->prior->rows(static_cast<Index>(first), static_cast<Index>(count), predicted);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += predicted[i];
}

void PackedTable::gather(std::span<const std::int64_t> asked, std::span<float> out) const {
  const auto row_length = static_cast<std::size_t>(dims());
  assert(out.size() == asked.size() * row_length);
  std::vector<Wanted> wanted(asked.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    assert(asked[i] >= 0 && asked[i] < tokens());
    wanted[i] = {asked[i], i};
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.token < b.token; });
  impl_->read(wanted, out);
  if (impl_->prior == nullptr) return;
  std::vector<float> predicted(row_length);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    impl_->prior->rows(static_cast<Index>(asked[i]), 1, predicted);
    for (std::size_t j = 0; j < row_length; ++j) out[i * row_length + j] += predicted[j];
  }
}

}  // namespace sememe
