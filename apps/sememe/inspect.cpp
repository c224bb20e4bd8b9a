#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/formats/gguf.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/safetensors_index.hpp"
#include "lib/formats/table_file.hpp"
#include "lib/formats/word_vectors.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path file;
  bool json = false;
};

Json tensor_json(std::string_view name, std::string_view dtype,
                 const std::vector<std::int64_t>& shape) {
  return {{"name", name}, {"dtype", dtype}, {"shape", shape}};
}

/// What a safetensors file is to us, by the format it says it has.
std::string_view kind_of(const TensorBundleView& bundle) {
  const auto format = bundle.metadata.find("format");
  if (format == bundle.metadata.end()) return "safetensors";
  if (format->second.starts_with("sememe.table.")) return "table";
  if (format->second.starts_with("sememe.composition.")) return "composition";
  if (format->second.starts_with("sememe.fit.")) return "fit";
  return "safetensors";
}

Json inspect_safetensors(const std::filesystem::path& path) {
  const formats::SafetensorsFile file(path);
  const TensorBundleView& bundle = file.bundle();
  Json out;
  out["kind"] = kind_of(bundle);
  out["metadata"] = Json::object();
  for (const auto& entry : bundle.metadata) out["metadata"][entry.first] = entry.second;
  out["data_offset"] = file.data_offset();
  out["tensors"] = Json::array();
  for (const TensorView& tensor : bundle.tensors)
    out["tensors"].push_back(tensor_json(tensor.name, dtype_name(tensor.dtype), tensor.shape));
  for (const auto& tensor : file.foreign())
    out["tensors"].push_back(tensor_json(tensor.name, tensor.dtype, tensor.shape));
  return out;
}

Json inspect_npy(const std::filesystem::path& path) {
  const formats::NpyFile file(path);
  Json out;
  out["kind"] = "npy";
  out["fortran_order"] = file.fortran_order();
  out["tensors"] = Json::array();
  out["tensors"].push_back(tensor_json("", dtype_name(file.array().dtype), file.array().shape));
  return out;
}

Json inspect_gguf(const std::filesystem::path& path) {
  const formats::GgufFile file(path);
  Json out;
  out["kind"] = "gguf";
  out["metadata"] = Json::object();
  for (const auto& entry : file.metadata()) out["metadata"][entry.first] = entry.second;
  out["tensors"] = Json::array();
  for (const formats::GgufTensor& tensor : file.tensors())
    out["tensors"].push_back(tensor_json(tensor.name, tensor.type->name, tensor.shape));
  return out;
}

/// A file without a header of its own: what open_dense makes of it.
Json inspect_rows(const std::filesystem::path& path, std::string_view kind) {
  const auto rows = formats::open_dense({path, ""});
  Json out;
  out["kind"] = kind;
  out["tensors"] = Json::array();
  out["tensors"].push_back(tensor_json("", "F32", {rows->tokens(), rows->dims()}));
  return out;
}

Json inspect_index(const std::filesystem::path& path) {
  Json out;
  out["kind"] = "safetensors index";
  out["metadata"] = Json::object();
  for (const auto& entry : formats::read_safetensors_index(path))
    out["metadata"][entry.first] = entry.second;
  return out;
}

Json inspect_kb(const std::filesystem::path& path) {
  const kb::Database database(path);
  Json out;
  out["kind"] = "kb";
  out["schema_version"] = kb::kSchemaVersion;
  for (const char* const table :
       {"sources", "lemmas", "senses", "synsets", "sememes", "definitions"})
    out["rows"][table] = database.scalar(fmt::format("SELECT count(*) FROM {}", table));
  return out;
}

Json inspect_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string_view start = as_text(file.bytes());
  Json out;
  if (start.starts_with(std::string_view("SQLite format 3\0", 16))) {
    out = inspect_kb(path);
  } else if (start.starts_with("\x93NUMPY")) {
    out = inspect_npy(path);
  } else if (start.starts_with("GGUF")) {
    out = inspect_gguf(path);
  } else if (!formats::is_safetensors(path) && start.starts_with('{')) {
    out = inspect_index(path);
  } else if (!formats::is_safetensors(path) && formats::looks_like_word_vectors(start)) {
    out = inspect_rows(path, "word vectors");
  } else {
    out = inspect_safetensors(path);
  }
  out["file_bytes"] = static_cast<std::int64_t>(start.size());
  return out;
}

std::string shape_text(const Json& shape) {
  std::string text;
  for (const Json& extent : shape) {
    if (!text.empty()) text += ", ";
    text += std::to_string(extent.get<std::int64_t>());
  }
  return '(' + text + ')';
}

void print_text(const Json& found, const std::filesystem::path& path, const Context& context) {
  constexpr std::size_t kShown = 100;
  context.print(fmt::format("{}: {}, {}\n", path.string(), found["kind"].get<std::string>(),
                            human_bytes(found["file_bytes"].get<std::int64_t>())));
  for (const char* const group : {"metadata", "rows"}) {
    if (!found.contains(group)) continue;
    for (const auto& entry : found[group].items()) {
      const Json& value = entry.value();
      std::string text =
          value.is_string() ? value.get<std::string>() : grouped(value.get<std::int64_t>());
      if (text.size() > kShown) text = text.substr(0, kShown) + "...";
      for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
      context.print(fmt::format("  {:<24} {}\n", entry.key(), text));
    }
  }
  if (!found.contains("tensors")) return;
  for (const Json& tensor : found["tensors"])
    context.print(fmt::format("  {:<40} {:<5} {}\n", tensor["name"].get<std::string>(),
                              tensor["dtype"].get<std::string>(), shape_text(tensor["shape"])));
}

void inspect(const Options& options, const Context& context) {
  const Json found = inspect_file(options.file);
  if (options.json) {
    context.print(found.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    print_text(found, options.file, context);
  }
}

}  // namespace

void add_inspect(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "inspect", "Say what a file is and what its header declares, without reading its data");
  verb->add_option("file", options->file,
                   "A knowledge base, composition, table, or any file of tensors")
      ->required();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe inspect table.safetensors\n"
      "  sememe inspect model.safetensors --json");
  verb->callback([options, &context] { inspect(*options, context); });
}

}  // namespace sememe::apps
