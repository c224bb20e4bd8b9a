#include "lib/entangle/cut_trained.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lib/base/bundle_checksum.hpp"
#include "lib/entangle/candidate_forms.hpp"
#include "lib/entangle/nearest_pair.hpp"

namespace sememe {

namespace {

class Chooser {
 public:
  Chooser(const Fit& fit, const TrainedOptions& options)
      : fit_(fit),
        target_(fit.target.with_threads(options.training.threads)),
        composition_(fit.composition.get()),
        options_(options) {}

  TrainedCut run() {
    const std::vector<TableForm> candidates =
        candidate_forms(composition_, target_.tokens(), target_.dims(), options_);
    std::optional<TableForm> best;
    std::shared_ptr<const TrainedTable> trained;
    double least = 0;
    for (std::size_t i = 0; i < candidates.size() && candidates.size() > 1; ++i) {
      tell("choosing the form", static_cast<std::int64_t>(i),
           static_cast<std::int64_t>(candidates.size()));
      auto table = train(candidates[i], true);
      const double error = measure(target_, *table).weighted_error;
      if (best && !(error < least)) continue;
      least = error;
      best = candidates[i];
      trained = std::move(table);
    }
    if (!best) best = candidates.front();
    // Only a product gains from a longer training; the others are closed forms.
    if (!trained || std::holds_alternative<ProductForm>(best->prior)) trained = train(*best, false);
    return finish(*best, *trained);
  }

 private:
  const PriorOptions& training() const { return options_.training; }

  void tell(std::string_view stage, std::int64_t done, std::int64_t all) const {
    if (training().progress) training().progress(stage, done, all);
  }

  std::shared_ptr<const Prior> train_additive(const AdditiveForm& form) {
    AdditiveOptions how = training().additive();
    // The ridge that suits the first candidate suits the others.
    if (how.ridge == 0) how.ridge = ridge_;
    how.progress = {};
    const AdditiveFit trained = fit_additive(*composition_, target_, form, how);
    ridge_ = trained.ridge;
    return trained.prior;
  }

  std::shared_ptr<const Prior> train_product(const TableForm& form, bool shortly) const {
    ProductOptions how = training().product();
    how.precision = form.precision;
    if (shortly) {
      how.alternating.rounds = 1;
      how.alternating.steps = 4;
      how.adam.epochs = 0;
      how.adam.checkpoint.clear();
      how.adam.progress = {};
    }
    return fit_product(*composition_, target_, std::get<ProductForm>(form.prior), how).prior;
  }

  std::shared_ptr<const TrainedTable> train(const TableForm& form, bool shortly) {
    std::shared_ptr<const Prior> prior;
    if (const auto* additive = std::get_if<AdditiveForm>(&form.prior))
      prior = train_additive(*additive);
    if (std::holds_alternative<ProductForm>(form.prior)) prior = train_product(form, shortly);
    std::optional<LowRankPair> pair;
    if (form.pair)
      pair = nearest_pair(prior ? target_.less(*prior) : target_, form.pair->rank, form.pair->reach,
                          form.precision);
    return std::make_shared<const TrainedTable>(prior, std::move(pair));
  }

  TrainedCut finish(const TableForm& form, const TrainedTable& table) const {
    TrainedCut cut;
    cut.bundle = table.bundle();
    if (!fit_.vocabulary_checksum.empty())
      cut.bundle.metadata["vocabulary"] = fit_.vocabulary_checksum;
    seal(cut.bundle);
    const TensorBundleView stored = view(cut.bundle);
    const TrainedTable read(stored);
    TrainedReport& report = cut.report;
    report.form = form;
    report.residual = read.residual();
    report.prior = read.prior() ? std::string(read.prior()->kind()) : "none";
    report.file_bytes = options_.file_bytes(cut.bundle);
    for (const TensorView& tensor : stored.tensors) {
      if (tensor.name.starts_with("prior.") &&
          (tensor.name.ends_with(".rows") || tensor.name.ends_with(".kept")))
        report.composition_bytes += static_cast<std::int64_t>(tensor.bytes.size());
      if (tensor.name.starts_with("prior.") && tensor.name.ends_with("leaves"))
        report.atoms += tensor.shape[0];
    }
    report.parameters = read.parameters();
    report.formula = read.formula();
    report.errors = measure(target_, read);
    return cut;
  }

  const Fit& fit_;
  Target target_;
  const Composition* composition_;
  const TrainedOptions& options_;
  double ridge_ = 0;  ///< of the last additive prior; 0: none yet
};

}  // namespace

TrainedCut cut_trained(const Fit& fit, const TrainedOptions& options) {
  options.training.check();
  if (!options.file_bytes) throw std::invalid_argument("file_bytes is empty");
  if (options.limit.bytes <= 0 && options.limit.parameters <= 0)
    throw std::invalid_argument("a table of floats needs a size in bytes or in parameters");
  if (options.training.prior == PriorChoice::none && !options.low_rank)
    throw std::invalid_argument(
        "a table without a prior and without a residual is nothing; give it one of them");
  if (options.training.prior != PriorChoice::none &&
      (!fit.composition || fit.composition->tokens() != fit.target.tokens()))
    throw std::invalid_argument("a prior needs the composition of the table's tokens");
  TrainedOptions sized = options;
  if (!fit.vocabulary_checksum.empty())
    sized.file_bytes = [&](const TensorBundle& bundle) {
      TensorBundle named = bundle;
      named.metadata["vocabulary"] = fit.vocabulary_checksum;
      return options.file_bytes(named);
    };
  return Chooser(fit, sized).run();
}

}  // namespace sememe
