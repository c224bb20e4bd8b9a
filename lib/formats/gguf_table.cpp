#include "lib/formats/gguf_table.hpp"

#include <cassert>
#include <utility>
#include <vector>

#include "lib/base/spill.hpp"
#include "lib/formats/gguf.hpp"
#include "lib/formats/gguf_blocks.hpp"
#include "lib/formats/table_search.hpp"

namespace sememe::formats {
namespace {

class GgufRows final : public Table {
 public:
  GgufRows(GgufFile file, GgufTensor table) : file_(std::move(file)), table_(std::move(table)) {}

  std::int64_t tokens() const override { return table_.shape[0]; }
  std::int64_t dims() const override { return table_.shape[1]; }

  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    assert(first >= 0 && count >= 0 && first + count <= tokens());
    const std::int64_t row_bytes = dims() / table_.type->elements * table_.type->bytes;
    const std::span<const std::byte> run = table_.bytes.subspan(
        static_cast<std::size_t>(first * row_bytes), static_cast<std::size_t>(count * row_bytes));
    decode_blocks(*table_.type, run, out);
    // As in MappedRows: a run of rows of a file as large as memory is not read again soon.
    if (static_cast<std::int64_t>(table_.bytes.size()) > kStayResidentBytes && count > 16)
      release_pages(run);
  }

 private:
  GgufFile file_;
  GgufTensor table_;
};

}  // namespace

std::unique_ptr<Table> open_gguf_table(const std::filesystem::path& path, std::string_view tensor) {
  GgufFile file(path);
  std::vector<TableCandidate> candidates;
  std::vector<const GgufTensor*> tables;
  for (const GgufTensor& one : file.tensors()) {
    if (one.shape.size() != 2 || !can_decode(*one.type)) continue;
    tables.push_back(&one);
    candidates.push_back({one.name, one.type->name, one.shape});
  }
  GgufTensor table = *tables[choose_table(candidates, tensor, path.string())];
  return std::make_unique<GgufRows>(std::move(file), std::move(table));
}

}  // namespace sememe::formats
