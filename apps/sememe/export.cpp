#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/formats/table_file.hpp"
#include "lib/formats/table_writers.hpp"
#include "lib/table/open.hpp"

namespace sememe::apps {
namespace {

struct Options {
  std::string table;
  std::string to;
  std::string out;
  std::string tensor = "embed_tokens.weight";
  Dtype dtype = Dtype::f32;
  int threads = 0;
  bool json = false;
};

/// Names of the formats that need nothing but a table.
std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const formats::TableWriter& writer : formats::table_writers())
    if (!writer.names_rows) names.emplace_back(writer.name);
  return names;
}

void export_table(const Options& options, Context& context) {
  require_different(formats::split_table_name(options.table).file, options.out);
  const std::unique_ptr<Table> rows = open_table(options.table);
  formats::TableToWrite what{*rows, options.table, options.tensor, options.dtype};
  what.metadata = {{"format", "pt"}};
  what.threads = options.threads;
  what.progress = context.progress();
  const std::int64_t file_bytes = formats::find_table_writer(options.to)->write(options.out, what);

  if (options.json) {
    const nlohmann::ordered_json out = {{"out", options.out},
                                        {"file_bytes", file_bytes},
                                        {"tokens", rows->tokens()},
                                        {"dims", rows->dims()},
                                        {"dtype", dtype_name(options.dtype)}};
    context.print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  } else {
    context.say(fmt::format("{}: {} rows of {} dims as {}, {}", options.out,
                            grouped(rows->tokens()), rows->dims(), dtype_name(options.dtype),
                            human_bytes(file_bytes)));
  }
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("export", "Write a table as the dense table it stands for");
  verb->add_option("table", options->table, "Table of ours, or any FILE[:TENSOR]")->required();
  verb->add_option("--to", options->to, "Format")->required()->check(CLI::IsMember(format_names()));
  verb->add_option("--out", options->out, "File to write")->required();
  verb->add_option("--tensor", options->tensor, "Name of the tensor in a safetensors file")
      ->capture_default_str();
  const std::map<std::string, Dtype> dtypes = {
      {"f32", Dtype::f32}, {"f16", Dtype::f16}, {"bf16", Dtype::bf16}};
  verb->add_option("--dtype", options->dtype, "Element type: f32, f16 or bf16")
      ->transform(CLI::CheckedTransformer(dtypes, CLI::ignore_case).description(""));
  verb->add_option("--threads", options->threads, "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe export table.safetensors --to npy --out dense.npy\n"
      "  sememe export table.safetensors --to safetensors --dtype f16 --out dense.safetensors");
  verb->callback([options, &context] { export_table(*options, context); });
}

}  // namespace sememe::apps
