#include "apps/sememe/table_cut.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "apps/sememe/context.hpp"
#include "apps/sememe/table_report.hpp"
#include "lib/base/bundle_checksum.hpp"
#include "lib/entangle/cut_trained.hpp"
#include "lib/entangle/held_out.hpp"
#include "lib/entangle/train_priors.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/packing/encode.hpp"

namespace sememe::apps {
namespace {

/// Bytes of a bundle's file with the remarks added.
using Remarks = std::map<std::string, std::string>;

/// What the file says beside what the encoder puts in: that numbers of the source were not finite.
Remarks remarks(const Fit& fit) {
  constexpr std::string_view kNonfinite = "nonfinite=";
  for (const std::string& line : fit.provenance)
    if (line.starts_with(kNonfinite)) return {{"nonfinite", line.substr(kNonfinite.size())}};
  return {};
}

Budget budget_of(const TableCut& cut) {
  if (cut.parameters || cut.parameter_ratio)
    throw std::invalid_argument(
        "--parameters and --parameter-ratio count floats, which --residual packed does not have; "
        "say --residual none or low-rank, or give the size in bytes");
  if (cut.bytes) return {Budget::Kind::bytes, *cut.bytes};
  if (cut.max_error) return {Budget::Kind::max_error, *cut.max_error};
  if (cut.bits_per_token) return {Budget::Kind::bits_per_token, *cut.bits_per_token};
  return {Budget::Kind::ratio, *cut.ratio};
}

/// The most bytes or parameters a table of floats may have.
SizeLimit limit_of(const TableCut& cut, const Table& target) {
  if (cut.max_error)
    throw std::invalid_argument(
        "--max-error needs --residual packed: a table of floats is trained to a size");
  const auto tokens = static_cast<double>(target.tokens());
  const double dense = tokens * static_cast<double>(target.dims());
  const auto whole = [](double value) {
    if (!(value >= 1)) throw std::invalid_argument("the size asked for is below one byte");
    return static_cast<std::int64_t>(std::floor(std::min(value, 9e15)));
  };
  SizeLimit limit;
  if (cut.parameters) limit.parameters = whole(*cut.parameters);
  if (cut.parameter_ratio) limit.parameters = whole(dense / *cut.parameter_ratio);
  if (cut.bytes) limit.bytes = whole(*cut.bytes);
  if (cut.bits_per_token) limit.bytes = whole(*cut.bits_per_token * tokens / 8);
  if (cut.ratio) limit.bytes = whole(4 * dense / *cut.ratio);
  return limit;
}

/// The fit with the candidates asked for: those it holds, else newly trained ones.
void choose_priors(Fit& fit, const PriorOptions& training) {
  if (training.prior == PriorChoice::automatic) return;
  const std::string_view kind = training.prior == PriorChoice::additive  ? "additive"
                                : training.prior == PriorChoice::product ? "product"
                                                                         : "none";
  std::erase_if(fit.priors, [&](const auto& prior) { return prior->kind() != kind; });
  if (training.prior == PriorChoice::none || !fit.priors.empty()) return;
  if (!fit.composition)
    throw std::invalid_argument(
        "the fit has no composition to train a prior on; fit again with --composition");
  fit.priors = train_priors(fit, training);
}

std::string form_text(const TrainedReport& report) {
  const TableForm& form = report.form;
  std::string text;
  if (const auto* product = std::get_if<ProductForm>(&form.prior)) {
    text =
        fmt::format("order {}, rank {}", product->order, product->order == 1 ? 1 : product->rank);
    if (product->atoms.max_atoms > 0)
      text += fmt::format(", {} atoms a slot", product->atoms.max_atoms);
    if (product->free > 0) text += fmt::format(", {} free floats a token", product->free);
  }
  if (const auto* additive = std::get_if<AdditiveForm>(&form.prior)) {
    text = fmt::format("leaf {}", additive->leaf);
    if (additive->atoms.max_atoms > 0)
      text += fmt::format(", {} atoms a token", additive->atoms.max_atoms);
  }
  if (report.atoms > 0) text += fmt::format(", {} leaves", grouped(report.atoms));
  if (form.pair) {
    text += fmt::format("{}rank {}", text.empty() ? "" : ", and a pair of ", form.pair->rank);
    if (form.pair->reach > 0)
      text += fmt::format(" and one more for {} tokens", grouped(form.pair->reach));
  }
  return text + ", stored as " + std::string(precision_name(form.precision));
}

Attempt attempt_of(const TrainedReport& report) {
  Attempt attempt;
  attempt.prior = report.prior;
  attempt.form = form_text(report);
  attempt.file_bytes = report.file_bytes;
  attempt.relative_error = report.errors.relative_error;
  attempt.weighted_error = report.errors.weighted_error;
  return attempt;
}

/// Held-out variance explained by the fit's composition and by its control's.
Control held_out_of(const Fit& fit, const Fit& shuffled, const PriorOptions& training) {
  HeldOutOptions options;
  options.progress = training.progress;
  const Target target = fit.target.with_threads(training.threads);
  Control control;
  control.explained = held_out_variance(*fit.composition, target, options).explained;
  control.shuffled_explained = held_out_variance(*shuffled.composition, target, options).explained;
  return control;
}

TensorBundle cut_floats(const Fit& fit, const TableCut& cut, const PriorOptions& training,
                        const FileBytes& file_bytes, TableReport& report) {
  TrainedOptions options;
  options.training = training;
  options.low_rank = cut.residual == Residual::low_rank;
  options.limit = limit_of(cut, fit.target);
  options.file_bytes = file_bytes;
  TrainedCut made = cut_trained(fit, options);
  report.made = attempt_of(made.report);
  report.composition_bytes = made.report.composition_bytes;
  report.parameters = made.report.parameters;
  report.formula = made.report.formula;
  report.residual = made.report.residual;
  report.mean_cosine = made.report.errors.mean_cosine;
  if (cut.control) {
    const Fit shuffled = shuffled_fit(fit, training.seed);
    options.training.checkpoint.clear();
    Control control = held_out_of(fit, shuffled, training);
    control.best = attempt_of(cut_trained(shuffled, options).report);
    report.control = control;
  }
  return std::move(made.bundle);
}

/// The same priors trained on the shuffled composition, each beside its own.
void add_control(const Fit& fit, const Budget& budget, const EncodeOptions& options,
                 const PriorOptions& training, const Attempt& none, TableReport& report) {
  const Fit shuffled = shuffled_fit(fit, training.seed);
  Control control = held_out_of(fit, shuffled, training);
  PriorOptions again = training;
  again.checkpoint.clear();
  const std::vector<std::shared_ptr<const Prior>> priors = train_priors(shuffled, again);
  // A fit made with other options holds others: then only the best can be set beside.
  const bool alike = priors.size() + 1 == report.tried.size();
  for (std::size_t i = 0; i < priors.size(); ++i) {
    Trial* const own = alike ? &report.tried[i + 1] : nullptr;
    if (own != nullptr && !own->attempt.is_cut) continue;
    const Attempt made = attempt_with(shuffled, *priors[i], none, budget, options);
    if (made.is_cut && (!control.best || is_better(made, *control.best, report.is_for_error)))
      control.best = made;
    if (own != nullptr && own->attempt.prior == made.prior) own->shuffled = made;
  }
  report.control = control;
}

TensorBundle cut_packed(const Fit& fit, const TableCut& cut, const PriorOptions& training,
                        const FileBytes& file_bytes, TableReport& report) {
  EncodeOptions options;
  options.threads = training.threads;
  options.progress = training.progress;
  options.file_bytes = file_bytes;
  const Budget budget = budget_of(cut);
  Encoded encoded = encode(fit, budget, options);
  report.made = encoded.report;
  report.parameters = encoded.report.parameters;
  report.residual = "packed";
  report.mean_cosine = encoded.report.mean_cosine;
  for (const Tensor& tensor : encoded.bundle.tensors)
    if (tensor.name.starts_with("prior.") &&
        (tensor.name.ends_with("rows") || tensor.name.ends_with("kept")))
      report.composition_bytes += static_cast<std::int64_t>(tensor.bytes.size());
  report.is_for_error = budget.is_error();
  for (const Attempt& attempt : encoded.report.attempts)
    report.tried.push_back({attempt, std::nullopt});
  if (cut.control)
    add_control(fit, budget, options, training, encoded.report.attempts.front(), report);
  return std::move(encoded.bundle);
}

}  // namespace

void add_table_cut(CLI::App& verb, TableCut& cut) {
  verb.add_option("--out", cut.out, "File to write")->required();
  CLI::Option_group* const size = verb.add_option_group("Size, one of");
  size->add_option("--ratio", cut.ratio, "Bytes of the fp32 table / bytes of the file, at least")
      ->check(CLI::PositiveNumber);
  size->add_option("--bytes", cut.bytes, "Bytes of the file, at most")->check(CLI::PositiveNumber);
  size->add_option("--max-error", cut.max_error, "Largest relative squared error")
      ->check(CLI::PositiveNumber);
  size->add_option("--bits-per-token", cut.bits_per_token, "8 x bytes / tokens")
      ->check(CLI::PositiveNumber);
  size->add_option("--parameters", cut.parameters, "Floats, at most (not --residual packed)")
      ->check(CLI::PositiveNumber);
  size->add_option("--parameter-ratio", cut.parameter_ratio,
                   "tokens x dims / floats, at least (not --residual packed)")
      ->check(CLI::PositiveNumber);
  size->require_option(1);
  const std::map<std::string, Residual> residuals = {
      {"none", Residual::none}, {"low-rank", Residual::low_rank}, {"packed", Residual::packed}};
  verb.add_option("--residual", cut.residual,
                  "What is kept beside what knowledge predicts: none (SEE as published), low-rank "
                  "(trainable floats), packed")
      ->transform(CLI::CheckedTransformer(residuals).description(""))
      ->default_str("packed");
  verb.add_flag("--control", cut.control,
                "Cut another with the composition's rows shuffled, and report it beside");
  verb.add_flag("--json", cut.json, "One JSON document on stdout");
}

void write_table(Fit fit, const TableCut& cut, const PriorOptions& training,
                 const Context& context) {
  if (cut.control && !fit.composition)
    throw std::invalid_argument("--control needs a composition to shuffle");
  const Remarks more = remarks(fit);
  const FileBytes file_bytes = [&](const TensorBundle& bundle) {
    return formats::safetensors_bytes_with(bundle, more);
  };
  TableReport report;
  TensorBundle bundle;
  if (cut.residual == Residual::packed) {
    choose_priors(fit, training);
    bundle = cut_packed(fit, cut, training, file_bytes, report);
  } else {
    bundle = cut_floats(fit, cut, training, file_bytes, report);
  }
  bundle.metadata.insert(more.begin(), more.end());
  if (cut.residual != Residual::packed) seal(bundle);
  formats::write_safetensors(cut.out, bundle);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - cut.started;
  report.out = cut.out.string();
  report.tokens = fit.target.tokens();
  report.dims = fit.target.dims();
  report.seconds = seconds.count();
  print_report(report, cut.json, context);
}

}  // namespace sememe::apps
