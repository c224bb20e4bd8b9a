#include "lib/formats/table_file.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/formats/half.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::formats {
namespace {

constexpr std::array<std::string_view, 8> kUsualNames = {
    "embed_tokens",   "wte",        "word_embeddings", "shared",
    "tok_embeddings", "token_embd", "embedding",       "embeddings"};

/// Rows of a (tokens, dims) tensor inside a mapped file that this object owns.
template <class File>
class MappedRows final : public RowSource {
 public:
  MappedRows(File file, TensorView table, bool by_column)
      : file_(std::move(file)), table_(std::move(table)), by_column_(by_column) {}

  std::int64_t tokens() const override { return table_.shape[0]; }
  std::int64_t dims() const override { return table_.shape[1]; }

  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    assert(first >= 0 && count >= 0 && first + count <= tokens());
    if (!by_column_) {
      widen(table_.dtype, elements(first * dims(), count * dims()), out);
      return;
    }
    std::vector<float> column(static_cast<std::size_t>(count));
    for (std::int64_t j = 0; j < dims(); ++j) {
      widen(table_.dtype, elements(j * tokens() + first, count), column);
      for (std::int64_t i = 0; i < count; ++i)
        out[static_cast<std::size_t>(i * dims() + j)] = column[static_cast<std::size_t>(i)];
    }
  }

 private:
  std::span<const std::byte> elements(std::int64_t first, std::int64_t count) const {
    const std::int64_t width = dtype_bytes(table_.dtype);
    return table_.bytes.subspan(static_cast<std::size_t>(first * width),
                                static_cast<std::size_t>(count * width));
  }

  File file_;
  TensorView table_;
  bool by_column_;
};

bool is_table(const TensorView& tensor) {
  return tensor.shape.size() == 2 && is_floating(tensor.dtype);
}

std::string_view without_weight(std::string_view name) {
  constexpr std::string_view kWeight = ".weight";
  return name.ends_with(kWeight) ? name.substr(0, name.size() - kWeight.size()) : name;
}

bool has_usual_name(const TensorView& tensor) {
  const std::string_view name = without_weight(tensor.name);
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return std::find(kUsualNames.begin(), kUsualNames.end(), last) != kUsualNames.end();
}

/// `asked` is `name` without its leading components, its ".weight", or both.
bool answers_to(std::string_view name, std::string_view asked) {
  for (const std::string_view full : {name, without_weight(name)})
    if (full == asked || (full.ends_with(asked) && full[full.size() - asked.size() - 1] == '.'))
      return true;
  return false;
}

std::string listed(const std::vector<const TensorView*>& tensors) {
  constexpr std::size_t kShown = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(tensors.size(), kShown); ++i) {
    const TensorView& tensor = *tensors[i];
    text += (i == 0 ? "" : ", ");
    text += tensor.name + " (" + std::to_string(tensor.shape[0]) + ", " +
            std::to_string(tensor.shape[1]) + ") " + std::string(dtype_name(tensor.dtype));
  }
  if (tensors.size() > kShown) text += ", and " + std::to_string(tensors.size() - kShown) + " more";
  return tensors.empty() ? "none" : text;
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
  const MappedFile file(path);
  const std::string_view start = as_text(file.bytes());
  return start.size() > 8 && start[8] == '{' &&
         start.substr(4, 4) == std::string_view("\0\0\0\0", 4);
}

const TensorView& find_table(const TensorBundleView& bundle, std::string_view tensor) {
  std::vector<const TensorView*> tables;
  for (const TensorView& one : bundle.tensors)
    if (is_table(one)) tables.push_back(&one);
  std::vector<const TensorView*> fitting;
  for (const TensorView* table : tables) {
    if (table->name == tensor) return *table;
    if (tensor.empty() ? has_usual_name(*table) : answers_to(table->name, tensor))
      fitting.push_back(table);
  }
  if (fitting.empty() && tensor.empty() && tables.size() == 1) return *tables.front();
  if (fitting.size() == 1) return *fitting.front();
  const std::string asked =
      tensor.empty() ? "a table by its usual name" : "a table named '" + std::string(tensor) + "'";
  if (fitting.empty())
    throw std::invalid_argument(bundle.path + ": found no tensor that is " + asked +
                                "; the file's 2-D floating tensors: " + listed(tables) +
                                "; name one as FILE:TENSOR");
  throw std::invalid_argument(bundle.path + ": more than one tensor could be " + asked + ": " +
                              listed(fitting) + "; name one as FILE:TENSOR");
}

std::unique_ptr<RowSource> open_table(const TableName& name) {
  const std::string_view magic = "\x93NUMPY";
  if (as_text(MappedFile(name.file).bytes()).starts_with(magic)) {
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
  SafetensorsFile file(name.file);
  TensorView table = find_table(file.bundle(), name.tensor);
  return std::make_unique<MappedRows<SafetensorsFile>>(std::move(file), std::move(table), false);
}

std::unique_ptr<RowSource> open_table(std::string_view file_and_tensor) {
  return open_table(split_table_name(file_and_tensor));
}

}  // namespace sememe::formats
