#include "lib/packed/packed_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/worker_pool.hpp"
#include "lib/packed/combine.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packed/read_plan.hpp"
#include "lib/packed/row_reader.hpp"
#include "lib/prior/prior.hpp"

namespace sememe {

// Many blocks are read at once, a row of each at a time: the decoder of one block waits for itself
// most of the time, and others can use the time. Numbers of rows that are wanted gather in a panel;
// when it is full their rows are added up together. What a row gives depends on no other row, so
// blocks can be dealt out to threads in any way.

namespace {

constexpr std::size_t kPanelRows = 64;  // added up together, or a few more

/// A cursor at work on one block: rows up to the last that is wanted of it.
struct Work {
  BlockJob job;          ///< begin: of the wanted rows, the first not read yet
  std::int64_t row = 0;  ///< of the block, that is read next
};

/// A column of the panel: which of the wanted rows it is for.
struct Column {
  std::size_t first = 0, end = 0;
  std::int32_t used = 0;
  float step = 0;
};

}  // namespace

struct PackedTable::Impl {
  explicit Impl(PackedCode read)
      : code(std::move(read)),
        combiner(code.basis, code.unit),
        reader(std::move(code.models), code.step, combiner.pairs()) {
    code.basis.entry = {};
  }

  PackedCode code;
  Combiner combiner;
  RowReader reader;
  std::unique_ptr<const Prior> prior;
  std::int64_t stored_bytes = 0;
  std::string path;
  std::map<std::string, std::string> metadata;
  std::shared_ptr<const void> owner;  ///< of the bytes

  /// @throws FormatError if the bytes are not those written
  std::span<const std::byte> block(std::int64_t b) const {
    const std::int64_t begin = code.index.begin(b), length = code.index.length(b);
    if (const std::int64_t damaged = code.checks.damage_in(begin, length); damaged >= 0)
      throw FormatError(path, code.blocks_offset + damaged,
                        "the packed table is damaged within " +
                            std::to_string(SectionChecks::kBytes) +
                            " bytes from here: their checksum is another than "
                            "that written; copy "
                            "the file again");
    return code.blocks.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
  }
  void read(std::span<const Wanted> wanted, std::span<float> out, int threads) const;
  void read_share(std::span<const Wanted> wanted, std::span<const BlockJob> jobs,
                  std::span<float> out) const;
  void add_up(std::span<const Wanted> wanted, std::span<const Column> columns, NumberPanel& panel,
              std::span<float> out) const;
  void finish(const Work& work, const BlockCursor& cursor) const;
};

/// @throws FormatError if a whole block was read and did not end where it should
void PackedTable::Impl::finish(const Work& work, const BlockCursor& cursor) const {
  const std::int64_t rows =
      std::min(code.block_tokens, code.tokens - work.job.block * code.block_tokens);
  if (work.row == rows && !cursor.in.finished())
    throw FormatError(
        path, code.blocks_offset + code.index.begin(work.job.block),
        "block " + std::to_string(work.job.block) + " of the packed table is damaged");
}

/// Rows of `wanted`, which ascends.
void PackedTable::Impl::read(std::span<const Wanted> wanted, std::span<float> out,
                             int threads) const {
  if (wanted.empty()) return;
  std::vector<BlockJob> jobs = jobs_of(wanted, code.block_tokens);
  const std::vector<std::size_t> bounds = shares_of(jobs, reader.models().coefficients(), code.dims,
                                                    threads > 0 ? threads : hardware_threads());
  parallel_tiles(static_cast<std::int64_t>(bounds.size()) - 1, 1, threads,
                 [&](std::int64_t share, std::int64_t, std::int64_t) {
                   const std::size_t begin = bounds[static_cast<std::size_t>(share)];
                   const std::size_t end = bounds[static_cast<std::size_t>(share) + 1];
                   const std::span own = std::span(jobs).subspan(begin, end - begin);
                   // Blocks of most rows first: cursors then end together.
                   if (own.size() > RowReader::kCursors)
                     std::stable_sort(
                         own.begin(), own.end(),
                         [](const BlockJob& a, const BlockJob& b) { return a.rows > b.rows; });
                   read_share(wanted, own, out);
                 });
}

void PackedTable::Impl::read_share(std::span<const Wanted> wanted, std::span<const BlockJob> jobs,
                                   std::span<float> out) const {
  std::size_t added = 0;
  for (const BlockJob& job : jobs) added += static_cast<std::size_t>(job.added);
  NumberPanel panel(combiner.pairs().size(), std::min(added, kPanelRows + RowReader::kCursors));
  std::vector<Column> columns;
  std::vector<BlockCursor> cursors;
  std::vector<Work> works;
  cursors.reserve(RowReader::kCursors);
  std::size_t taken = 0;
  const auto take = [&](Work& work) {
    work = {jobs[taken++]};
    return BlockCursor(block(work.job.block), first_state(reader.models()));
  };
  while (cursors.size() < RowReader::kCursors && taken < jobs.size()) {
    works.emplace_back();
    cursors.push_back(take(works.back()));
  }
  while (!cursors.empty()) {
    const std::size_t before = columns.size();
    for (std::size_t i = 0; i < cursors.size(); ++i) {
      Work& work = works[i];
      cursors[i].column = -1;
      const std::size_t first = work.job.begin;
      while (work.job.begin < work.job.end &&
             wanted[work.job.begin].token % code.block_tokens == work.row)
        ++work.job.begin;
      if (work.job.begin == first) continue;
      cursors[i].column = static_cast<std::int32_t>(columns.size());
      columns.push_back({first, work.job.begin});
    }
    reader.read(cursors, panel);
    std::size_t column = before;
    for (const BlockCursor& cursor : cursors) {
      if (cursor.column < 0) continue;
      columns[column].used = cursor.used;
      columns[column++].step = cursor.step;
    }
    for (std::size_t i = 0; i < cursors.size();) {
      Work& work = works[i];
      ++work.row;
      if (work.job.begin < work.job.end) {
        ++i;
        continue;
      }
      finish(work, cursors[i]);
      if (taken < jobs.size()) {
        cursors[i] = take(work);
        ++i;
      } else {
        cursors.erase(cursors.begin() + static_cast<std::ptrdiff_t>(i));
        works.erase(works.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    if (cursors.empty() || columns.size() >= kPanelRows) {
      add_up(wanted, columns, panel, out);
      columns.clear();
    }
  }
}

void PackedTable::Impl::add_up(std::span<const Wanted> wanted, std::span<const Column> columns,
                               NumberPanel& panel, std::span<float> out) const {
  const auto dims = static_cast<std::size_t>(code.dims);
  const auto row = [&](std::size_t w) { return out.data() + wanted[w].place * dims; };
  std::int32_t used = 0;
  for (const Column& column : columns) used = std::max(used, column.used);
  std::vector<RowNumbers> rows;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::int32_t* pairs = panel.pairs() + c;
    for (std::int32_t p = columns[c].used; p < used; ++p) {
      const NumberPair& pair = combiner.pairs()[static_cast<std::size_t>(p)];
      pairs[static_cast<std::size_t>(pair.place) * panel.stride()] = 0;
    }
    rows.push_back({pairs, used, columns[c].step, panel.large(c), row(columns[c].first)});
  }
  combiner.combine(rows, panel.stride());
  std::vector<float> predicted(prior ? dims : 0);
  for (const Column& column : columns) {
    float* const to = row(column.first);
    if (prior) prior->rows(static_cast<Index>(wanted[column.first].token), 1, predicted);
    for (std::size_t j = 0; j < predicted.size(); ++j) to[j] += predicted[j];
    for (std::size_t w = column.first + 1; w < column.end; ++w) std::copy_n(to, dims, row(w));
  }
}

PackedTable::PackedTable(const TensorBundleView& bundle, std::shared_ptr<const void> owner) {
  if (bundle.text("format") != "sememe.table.1")
    throw FormatError(bundle.path, 0,
                      "format is \"" + bundle.text("format") + "\", expected \"sememe.table.1\"");
  const TensorView& residual = bundle.at(kResidualTensor);
  if (residual.dtype != Dtype::u8)
    throw FormatError(bundle.path, 0, std::string(kResidualTensor) + " is not of type U8");
  auto impl = std::make_shared<Impl>(load_packed_code(residual.bytes, bundle.path));
  if (bundle.text(kChecksumKey) != rest_checksum(bundle))
    throw FormatError(bundle.path, 0,
                      "the table's metadata or prior are damaged: their "
                      "checksum is another than "
                      "that written; copy the file again");
  impl->prior = load_prior(bundle);
  if (impl->prior &&
      (impl->prior->tokens() != impl->code.tokens || impl->prior->dims() != impl->code.dims))
    throw FormatError(bundle.path, 0, "prior and residual are tables of different shapes");
  impl->stored_bytes = bundle.tensor_bytes();
  impl->path = bundle.path;
  impl->metadata = bundle.metadata;
  impl->owner = std::move(owner);
  impl_ = std::move(impl);
}

std::int64_t PackedTable::tokens() const { return impl_->code.tokens; }
std::int64_t PackedTable::dims() const { return impl_->code.dims; }
std::int64_t PackedTable::bytes() const { return impl_->stored_bytes; }
const std::map<std::string, std::string>& PackedTable::metadata() const { return impl_->metadata; }
std::int64_t PackedTable::resident_bytes() const {
  const Impl& impl = *impl_;
  return static_cast<std::int64_t>(sizeof(Impl)) + impl.combiner.resident_bytes() +
         impl.code.index.resident_bytes() + impl.reader.resident_bytes() +
         (impl.prior ? impl.prior->resident_bytes() : 0);
}

void PackedTable::rows(std::int64_t first, std::int64_t count, std::span<float> out,
                       int threads) const {
  assert(first >= 0 && count >= 0 && first + count <= tokens());
  assert(static_cast<std::int64_t>(out.size()) == count * dims());
  std::vector<Wanted> wanted(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] = {first + static_cast<std::int64_t>(i), i};
  impl_->read(wanted, out, threads);
}

void PackedTable::gather(std::span<const std::int64_t> asked, std::span<float> out,
                         int threads) const {
  assert(out.size() == asked.size() * static_cast<std::size_t>(dims()));
  std::vector<Wanted> wanted(asked.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    assert(asked[i] >= 0 && asked[i] < tokens());
    wanted[i] = {asked[i], i};
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.token < b.token; });
  impl_->read(wanted, out, threads);
}

}  // namespace sememe
