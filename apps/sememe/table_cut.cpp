#include "apps/sememe/table_cut.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "apps/sememe/context.hpp"
#include "lib/codec/encode.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

Budget budget_of(const TableCut& cut) {
  if (cut.bytes) return {Budget::Kind::bytes, *cut.bytes};
  if (cut.max_error) return {Budget::Kind::max_error, *cut.max_error};
  if (cut.bits_per_token) return {Budget::Kind::bits_per_token, *cut.bits_per_token};
  return {Budget::Kind::ratio, *cut.ratio};
}

/// What the file says beside what the encoder puts in: that numbers of the source were not finite.
std::map<std::string, std::string> remarks(const Fit& fit) {
  constexpr std::string_view kNonfinite = "nonfinite=";
  for (const std::string& line : fit.provenance)
    if (line.starts_with(kNonfinite)) return {{"nonfinite", line.substr(kNonfinite.size())}};
  return {};
}

void print_report(const TableCut& cut, const Fit& fit, const EncodeReport& report,
                  const Context& context) {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - cut.started;
  const std::int64_t tokens = fit.target->tokens();
  const std::int64_t dense_bytes = tokens * fit.target->dims() * 4;
  const double bits_per_token =
      8 * static_cast<double>(report.file_bytes) / static_cast<double>(tokens);
  if (cut.json) {
    const Json out = {{"file_bytes", report.file_bytes},
                      {"ratio", report.ratio},
                      {"relative_error", report.relative_error},
                      {"mean_cosine", report.mean_cosine},
                      {"parameters", report.parameters},
                      {"seconds", seconds.count()},
                      {"prior", report.prior},
                      {"bits_per_token", bits_per_token},
                      {"dense_bytes", dense_bytes},
                      {"tokens", tokens},
                      {"dims", fit.target->dims()},
                      {"out", cut.out.string()}};
    context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  context.print(fmt::format(
      "table           {} x {}, {} bytes as fp32\n"
      "file            {} bytes, {}\n"
      "ratio           {:.2f} of fp32, {:.2f} of fp16; {:.1f} bits per token\n"
      "relative error  {:.6f}\n"
      "mean cosine     {:.6f}\n"
      "prior           {}, {} parameters\n"
      "seconds         {:.1f}\n",
      grouped(tokens), fit.target->dims(), grouped(dense_bytes), grouped(report.file_bytes),
      cut.out.string(), report.ratio, report.ratio / 2, bits_per_token, report.relative_error,
      report.mean_cosine, report.prior, grouped(report.parameters), seconds.count()));
}

}  // namespace

void add_table_cut(CLI::App& verb, TableCut& cut) {
  verb.add_option("--out", cut.out, "File to write")->required();
  CLI::Option_group* const size = verb.add_option_group("Size, one of");
  size->add_option("--ratio", cut.ratio, "Bytes of the fp32 table / bytes of the file")
      ->check(CLI::PositiveNumber);
  size->add_option("--bytes", cut.bytes, "Most bytes of the file")->check(CLI::PositiveNumber);
  size->add_option("--max-error", cut.max_error, "Largest relative squared error")
      ->check(CLI::PositiveNumber);
  size->add_option("--bits-per-token", cut.bits_per_token, "8 x bytes / tokens")
      ->check(CLI::PositiveNumber);
  size->require_option(1);
  verb.add_flag("--json", cut.json, "One JSON document on stdout");
}

void write_table(const Fit& fit, const TableCut& cut, int threads, const Context& context) {
  EncodeOptions options;
  options.threads = threads;
  options.progress = context.progress();
  const std::map<std::string, std::string> more = remarks(fit);
  options.file_bytes = [&](const TensorBundle& bundle) {
    return formats::safetensors_bytes_with(bundle, more);
  };
  Encoded encoded = encode(fit, budget_of(cut), options);
  encoded.bundle.metadata.insert(more.begin(), more.end());
  formats::write_safetensors(cut.out, encoded.bundle);
  print_report(cut, fit, encoded.report, context);
}

}  // namespace sememe::apps
