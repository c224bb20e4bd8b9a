#include "apps/sememe/table_report.hpp"

#include <fmt/format.h>

#include <cmath>
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

Json attempt_json(const Attempt& attempt) {
  Json json = {{"prior", attempt.prior}};
  if (!attempt.form.empty()) json["form"] = attempt.form;
  if (attempt.prior_bytes > 0) json["prior_bytes"] = attempt.prior_bytes;
  if (attempt.is_cut) {
    json["file_bytes"] = attempt.file_bytes;
    json["relative_error"] = attempt.relative_error;
    json["weighted_error"] = attempt.weighted_error;
  }
  if (!attempt.why_not.empty()) json[attempt.is_cut ? "missed" : "not_cut"] = attempt.why_not;
  return json;
}

Json trial_json(const Trial& trial) {
  Json json = attempt_json(trial.attempt);
  json["kept"] = trial.attempt.is_kept;
  if (trial.shuffled) json["shuffled"] = attempt_json(*trial.shuffled);
  return json;
}

/// The best trial with a prior, null if none was cut.
const Attempt* best_known(const TableReport& report) {
  const Attempt* best = nullptr;
  for (const Trial& trial : report.tried)
    if (trial.attempt.prior != "none" && trial.attempt.is_cut &&
        (best == nullptr || is_better(trial.attempt, *best, report.is_for_error)))
      best = &trial.attempt;
  return best;
}

/// What the best prior did for the table, in the measure that was made small: above 0 a gain.
/// Nothing if there is no prior, or none is to be compared with.
struct Paid {
  const Attempt* with = nullptr;
  const Attempt* without = nullptr;
  double share = 0;  ///< of the error (or bytes) without a prior
};
std::optional<Paid> what_paid(const TableReport& report) {
  const Attempt* with = best_known(report);
  if (with == nullptr || !with->why_not.empty()) return std::nullopt;
  const Attempt& without = report.tried.front().attempt;
  if (without.prior != "none" || !without.why_not.empty()) return std::nullopt;
  const auto measure = [&](const Attempt& attempt) {
    return report.is_for_error ? static_cast<double>(attempt.file_bytes) : attempt.weighted_error;
  };
  if (!(measure(without) > 0)) return std::nullopt;
  return Paid{with, &without, 1 - measure(*with) / measure(without)};
}

void print_json(const TableReport& report, const Context& context) {
  const double dense_bytes = 4 * dense_parameters(report);
  Json out = {
      {"file_bytes", report.made.file_bytes},
      {"ratio", ratio_to(dense_bytes, report.made.file_bytes)},
      {"relative_error", report.made.relative_error},
      {"mean_cosine", report.mean_cosine},
      {"parameters", report.parameters},
      {"parameter_ratio", ratio_to(dense_parameters(report), report.parameters)},
      {"seconds", report.seconds},
      {"prior", report.made.prior},
      {"residual", report.residual},
      {"bits_per_token", ratio_to(8 * static_cast<double>(report.made.file_bytes), report.tokens)},
      {"composition_bytes", report.composition_bytes},
      {"dense_bytes", static_cast<std::int64_t>(dense_bytes)},
      {"tokens", report.tokens},
      {"dims", report.dims},
      {"out", report.out}};
  if (!report.made.form.empty()) out["form"] = report.made.form;
  if (!report.formula.empty()) out["formula"] = report.formula;
  out["tried"] = Json::array();
  for (const Trial& trial : report.tried) out["tried"].push_back(trial_json(trial));
  if (const std::optional<Paid> paid = what_paid(report))
    out["knowledge"] = {{"prior", paid->with->prior},
                        {"form", paid->with->form},
                        {report.is_for_error ? "bytes_saved" : "error_saved", paid->share}};
  if (report.control) {
    out["control"] = report.control->best ? attempt_json(*report.control->best) : Json();
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
      grouped(report.made.file_bytes), report.out, ratio_to(dense_bytes, report.made.file_bytes),
      ratio_to(dense_bytes / 2, report.made.file_bytes),
      ratio_to(8 * static_cast<double>(report.made.file_bytes), report.tokens));
  if (report.composition_bytes > 0)
    text += fmt::format("composition     {} bytes of the file; {} without it\n",
                        grouped(report.composition_bytes),
                        grouped(report.made.file_bytes - report.composition_bytes));
  text += fmt::format("parameters      {}{}, a ratio of {:.2f}\n", grouped(report.parameters),
                      report.formula.empty() ? "" : " = " + report.formula,
                      ratio_to(dense_parameters(report), report.parameters));
  return text;
}

std::string name_of(const Attempt& attempt) {
  return attempt.form.empty() ? attempt.prior : attempt.prior + ", " + attempt.form;
}

std::string knowledge_line(const TableReport& report) {
  const Attempt* with = best_known(report);
  if (with == nullptr || !with->why_not.empty())
    return "knowledge       paid nothing: no prior leaves enough of the bytes\n";
  const std::optional<Paid> paid = what_paid(report);
  if (!paid)
    return fmt::format("knowledge       {}: met what was asked for, which none did not\n",
                       name_of(*with));
  const double percent = 100 * paid->share;
  return fmt::format(
      "knowledge       {}: {}, {:.1f} % {} {} than with none\n",
      percent > 0 ? "paid" : "did not pay", name_of(*with), std::abs(percent),
      report.is_for_error ? (percent > 0 ? "fewer" : "more") : (percent > 0 ? "less" : "more"),
      report.is_for_error ? "bytes for that error" : "(weighted) error");
}

/// Every prior tried, one a line: the one kept is marked, and one that was not cut says why; with
/// the control's error (under a budget of error: bytes) beside. Then what knowledge paid.
std::string trial_lines(const TableReport& report) {
  if (report.tried.size() < 2) return {};
  std::string text =
      fmt::format("tried       {:>14}{:>14}{:>16}", "file bytes", "the prior's", "relative error");
  if (report.control) text += fmt::format("{:>12}", "shuffled");
  text += '\n';
  for (const Trial& trial : report.tried) {
    const Attempt& attempt = trial.attempt;
    const auto error = [](const Attempt& of) {
      return of.is_cut ? fmt::format("{:.6f}", of.relative_error) : std::string("not cut");
    };
    const auto bytes = [](const Attempt& of) {
      return of.is_cut ? grouped(of.file_bytes) : std::string();
    };
    const auto shuffled = [&] {
      if (!trial.shuffled) return std::string();
      return report.is_for_error ? bytes(*trial.shuffled) : error(*trial.shuffled);
    };
    text += fmt::format("  {:<10}{:>14}{:>14}{:>16}", trial.attempt.is_kept ? "kept" : "",
                        bytes(attempt), grouped(attempt.prior_bytes), error(attempt));
    if (report.control) text += fmt::format("{:>12}", shuffled());
    text += "  " + name_of(attempt);
    if (!attempt.why_not.empty()) text += ": " + attempt.why_not;
    text += '\n';
  }
  return text + knowledge_line(report);
}

std::string control_line(const Control& control, bool with_best) {
  std::string text = "shuffled        ";
  if (with_best && control.best)
    text += fmt::format("relative error {:.6f} in {} bytes; ", control.best->relative_error,
                        grouped(control.best->file_bytes));
  return text + fmt::format("held-out variance explained {:.1f} %, shuffled {:.1f} %\n",
                            100 * control.explained, 100 * control.shuffled_explained);
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
      report.made.relative_error, report.mean_cosine, report.made.prior,
      report.made.form.empty() ? "" : ", " + report.made.form, report.residual);
  text += trial_lines(report);
  if (report.control) text += control_line(*report.control, report.tried.empty());
  text += fmt::format("seconds         {:.1f}\n", report.seconds);
  context.print(text);
}

}  // namespace sememe::apps
