#include "lib/formats/table_writers.hpp"

#include <array>

#include "lib/base/file.hpp"
#include "lib/formats/dense_rows.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/vec_writer.hpp"

namespace sememe::formats {
namespace {

std::int64_t write_after(const std::string& header, const std::filesystem::path& path,
                         const TableToWrite& what) {
  OutputFile file(path);
  file.write(header);
  write_dense_rows(file, what);
  const std::int64_t bytes = file.written_bytes();
  file.commit();
  return bytes;
}

std::int64_t write_npy_table(const std::filesystem::path& path, const TableToWrite& what) {
  const std::array<std::int64_t, 2> shape = {what.table.tokens(), what.table.dims()};
  return write_after(npy_header(what.dtype, shape), path, what);
}

std::int64_t write_safetensors_table(const std::filesystem::path& path, const TableToWrite& what) {
  const TensorShape tensor{what.tensor, what.dtype, {what.table.tokens(), what.table.dims()}};
  return write_after(safetensors_header({&tensor, 1}, what.metadata, what.alignment), path, what);
}

constexpr TableWriter kWriters[] = {
    {"npy", "one NumPy array", false, write_npy_table},
    {"safetensors", "one tensor in a safetensors file", false, write_safetensors_table},
    {"vec", "word2vec's text: a word and its numbers a line", true, write_vec_table},
};

}  // namespace

std::span<const TableWriter> table_writers() { return kWriters; }

const TableWriter* find_table_writer(std::string_view name) {
  for (const TableWriter& writer : kWriters)
    if (writer.name == name) return &writer;
  return nullptr;
}

}  // namespace sememe::formats
