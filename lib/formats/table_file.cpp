#include "lib/formats/table_file.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/half.hpp"
#include "lib/base/tensor_bundle.hpp"
#include "lib/formats/gguf_table.hpp"
#include "lib/formats/mapped_rows.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/safetensors_index.hpp"
#include "lib/formats/table_search.hpp"
#include "lib/formats/word_vectors.hpp"

namespace sememe::formats {
namespace {

constexpr std::string_view kIndexName = "model.safetensors.index.json";
constexpr std::string_view kSingleName = "model.safetensors";

bool is_table(const TensorView& tensor) {
  return tensor.shape.size() == 2 && is_floating(tensor.dtype);
}

/// Adds the tables of a safetensors file.
void collect(const SafetensorsFile& file, std::vector<TableCandidate>& candidates) {
  for (const TensorView& tensor : file.bundle().tensors)
    if (is_table(tensor))
      candidates.push_back({tensor.name, std::string(dtype_name(tensor.dtype)), tensor.shape});
}

std::unique_ptr<Table> open_safetensors(const TableName& name) {
  SafetensorsFile file(name.file);
  std::vector<TableCandidate> candidates;
  collect(file, candidates);
  const std::size_t chosen = choose_table(candidates, name.tensor, name.file.string());
  TensorView table = file.bundle().at(candidates[chosen].name);
  return std::make_unique<MappedRows<SafetensorsFile>>(std::move(file), std::move(table), false);
}

/// The tensor of a sharded model that is meant: by the names of the index if they settle it, so
/// that only the shard that matters has to be there, else by opening every shard.
std::unique_ptr<Table> open_sharded(const TableName& name) {
  const std::map<std::string, std::string> shard_of = read_safetensors_index(name.file);
  const std::filesystem::path folder = name.file.parent_path();
  std::vector<std::string> named;
  for (const auto& entry : shard_of)
    if (name.tensor.empty() ? has_usual_name(entry.first) : answers_to(entry.first, name.tensor))
      named.push_back(entry.first);
  if (shard_of.contains(name.tensor)) named = {name.tensor};
  if (named.size() != 1) {
    std::vector<TableCandidate> candidates;
    std::set<std::string> shards;
    for (const auto& entry : shard_of) shards.insert(entry.second);
    for (const std::string& shard : shards) collect(SafetensorsFile(folder / shard), candidates);
    named = {candidates[choose_table(candidates, name.tensor, name.file.string())].name};
    if (!shard_of.contains(named.front()))
      throw FormatError(name.file, 0, "the index does not list tensor '" + named.front() + "'");
  }
  return open_safetensors({folder / shard_of.at(named.front()), named.front()});
}

std::unique_ptr<Table> open_npy(const TableName& name) {
  NpyFile file(name.file);
  TensorView table = file.array();
  if (!name.tensor.empty())
    throw std::invalid_argument(name.file.string() + ": an npy file holds one array without a " +
                                "name; leave out ':" + name.tensor + "'");
  if (!is_table(table))
    throw std::invalid_argument(name.file.string() + ": expected a 2-D array of floats; got " +
                                std::to_string(table.shape.size()) + " axes of " +
                                std::string(dtype_name(table.dtype)));
  const bool by_column = file.fortran_order();
  return std::make_unique<MappedRows<NpyFile>>(std::move(file), std::move(table), by_column);
}

/// A folder stands for the model in it.
TableName inside_folder(const TableName& name) {
  for (const std::string_view file : {kIndexName, kSingleName})
    if (std::filesystem::exists(name.file / file)) return {name.file / file, name.tensor};
  throw IoError("read table (no model.safetensors and no index of shards in it)", name.file,
                EISDIR);
}

}  // namespace

TableName split_table_name(std::string_view text) {
  std::error_code ignored;
  const auto exists = [&](std::string_view path) {
    return std::filesystem::exists(std::filesystem::path(path), ignored);
  };
  if (exists(text)) return {std::filesystem::path(text), ""};
  for (std::size_t colon = text.rfind(':'); colon != std::string_view::npos && colon > 0;
       colon = text.rfind(':', colon - 1))
    if (exists(text.substr(0, colon)))
      return {std::filesystem::path(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  throw MissingInputError("open table", std::filesystem::path(text), ENOENT);
}

bool is_safetensors(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return false;
  const MappedFile file(path);
  const std::string_view start = as_text(file.bytes());
  return start.size() > 8 && start[8] == '{' &&
         start.substr(4, 4) == std::string_view("\0\0\0\0", 4);
}

std::unique_ptr<Table> open_dense(const TableName& name) {
  if (std::filesystem::is_directory(name.file)) return open_dense(inside_folder(name));
  const MappedFile file(name.file);
  const std::string_view start = as_text(file.bytes());
  if (start.starts_with("\x93NUMPY")) return open_npy(name);
  if (start.starts_with("GGUF")) return open_gguf_table(name.file, name.tensor);
  if (is_safetensors(name.file)) return open_safetensors(name);
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && start[first] == '{') return open_sharded(name);
  if (looks_like_word_vectors(start)) {
    if (!name.tensor.empty())
      throw std::invalid_argument(name.file.string() +
                                  ": a file of word vectors holds one table; " +
                                  "leave out ':" + name.tensor + "'");
    return std::make_unique<WordVectors>(name.file);
  }
  return open_safetensors(name);
}

std::unique_ptr<Table> open_dense(std::string_view file_and_tensor) {
  return open_dense(split_table_name(file_and_tensor));
}

}  // namespace sememe::formats
