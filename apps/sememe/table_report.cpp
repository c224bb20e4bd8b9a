#include "apps/sememe/table_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "apps/sememe/context.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

double ratio_to(double numerator, std::int64_t denominator) {
  return denominator > 0 ? numerator / static_cast<double>(denominator) : 0;
}

double dense_parameters(const TableReport& report) {
  return static_cast<double>(report.tokens) * static_cast<double>(report.dims);
}

Json outcome_json(const Outcome& outcome) {
  return {{"prior", outcome.prior},
          {"file_bytes", outcome.file_bytes},
          {"relative_error", outcome.relative_error},
          {"weighted_error", outcome.weighted_error}};
}

void print_json(const TableReport& report, const Context& context) {
  const double dense_bytes = 4 * dense_parameters(report);
  Json out = {
      {"file_bytes", report.file_bytes},
      {"ratio", ratio_to(dense_bytes, report.file_bytes)},
      {"relative_error", report.relative_error},
      {"mean_cosine", report.mean_cosine},
      {"parameters", report.parameters},
      {"parameter_ratio", ratio_to(dense_parameters(report), report.parameters)},
      {"seconds", report.seconds},
      {"prior", report.prior},
      {"residual", report.residual},
      {"bits_per_token", ratio_to(8 * static_cast<double>(report.file_bytes), report.tokens)},
      {"composition_bytes", report.composition_bytes},
      {"dense_bytes", static_cast<std::int64_t>(dense_bytes)},
      {"tokens", report.tokens},
      {"dims", report.dims},
      {"out", report.out}};
  if (!report.form.empty()) out["form"] = report.form;
  if (!report.formula.empty()) out["formula"] = report.formula;
  out["tried"] = Json::array();
  for (const Outcome& outcome : report.tried) out["tried"].push_back(outcome_json(outcome));
  if (report.control) {
    out["control"] = outcome_json(report.control->outcome);
    out["held_out"] = {{"explained", report.control->explained},
                       {"shuffled", report.control->shuffled_explained}};
  }
  context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string size_lines(const TableReport& report) {
  const double dense_bytes = 4 * dense_parameters(report);
  std::string text = fmt::format(
      "table           {} x {}, {} bytes as fp32\n"
      "file            {} bytes, {}\n"
      "ratio           {:.2f} of fp32, {:.2f} of fp16; {:.1f} bits per token\n",
      grouped(report.tokens), report.dims, grouped(static_cast<std::int64_t>(dense_bytes)),
      grouped(report.file_bytes), report.out, ratio_to(dense_bytes, report.file_bytes),
      ratio_to(dense_bytes / 2, report.file_bytes),
      ratio_to(8 * static_cast<double>(report.file_bytes), report.tokens));
  if (report.composition_bytes > 0)
    text += fmt::format("composition     {} bytes of the file; {} without it\n",
                        grouped(report.composition_bytes),
                        grouped(report.file_bytes - report.composition_bytes));
  text += fmt::format("parameters      {}{}, a ratio of {:.2f}\n", grouped(report.parameters),
                      report.formula.empty() ? "" : " = " + report.formula,
                      ratio_to(dense_parameters(report), report.parameters));
  return text;
}

}  // namespace

void print_report(const TableReport& report, bool json, const Context& context) {
  if (json) {
    print_json(report, context);
    return;
  }
  std::string text = size_lines(report);
  text += fmt::format(
      "relative error  {:.6f}\n"
      "mean cosine     {:.6f}\n"
      "prior           {}{}\n"
      "residual        {}\n",
      report.relative_error, report.mean_cosine, report.prior,
      report.form.empty() ? "" : ", " + report.form, report.residual);
  for (const Outcome& outcome : report.tried)
    text += fmt::format("  with prior {:<9} relative error {:.6f} in {} bytes\n", outcome.prior,
                        outcome.relative_error, grouped(outcome.file_bytes));
  if (report.control)
    text += fmt::format(
        "  with its rows shuffled {:.6f} in {} bytes; held-out variance explained {:.1f} %, "
        "shuffled {:.1f} %\n",
        report.control->outcome.relative_error, grouped(report.control->outcome.file_bytes),
        100 * report.control->explained, 100 * report.control->shuffled_explained);
  text += fmt::format("seconds         {:.1f}\n", report.seconds);
  context.print(text);
}

}  // namespace sememe::apps
