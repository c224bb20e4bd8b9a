#include "lib/entangle/cut_trained.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lib/base/bundle_checksum.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/entangle/fit_product.hpp"
#include "lib/entangle/nearest_pair.hpp"
#include "lib/prior/remainder.hpp"

namespace sememe {

namespace {

struct Candidate {
  TableForm form;
  double used = 0;  ///< share of the limit
};

class Chooser {
 public:
  Chooser(const Fit& fit, const TrainedOptions& options)
      : fit_(fit), composition_(fit.composition.get()), options_(options) {}

  TrainedCut run() {
    const std::vector<Candidate> candidates = all_candidates();
    std::optional<TableForm> best;
    std::shared_ptr<const TrainedTable> trained;
    double least = 0;
    for (std::size_t i = 0; i < candidates.size() && candidates.size() > 1; ++i) {
      tell("choosing the form", static_cast<std::int64_t>(i),
           static_cast<std::int64_t>(candidates.size()));
      auto table = train(candidates[i].form, true);
      const double error = errors_of(*table).weighted_error;
      if (best && !(error < least)) continue;
      least = error;
      best = candidates[i].form;
      trained = std::move(table);
    }
    if (!best) best = candidates.front().form;
    // Only a product gains from a longer training; the others are closed forms.
    if (!trained || best->kind == TableForm::Kind::product) trained = train(*best, false);
    return finish(*best, *trained);
  }

 private:
  const FitOptions& training() const { return options_.training; }
  Index tokens() const { return fit_.target->tokens(); }
  Index dims() const { return fit_.target->dims(); }

  void tell(std::string_view stage, std::int64_t done, std::int64_t all) const {
    if (training().progress) training().progress(stage, done, all);
  }

  double fill_form(TableForm& form) const {
    return fill(form, composition_, tokens(), dims(), options_.limit, options_.file_bytes);
  }

  /// Adds a form if it fits; several that fit badly are sorted out later.
  void add(TableForm form, std::vector<Candidate>& list) const {
    form.min_tokens = training().min_tokens;
    form.precision = training().precision;
    const double used = fill_form(form);
    if (used > 0) list.push_back({std::move(form), used});
  }

  void add_pairs(std::vector<Candidate>& list) const {
    TableForm form;
    form.kind = TableForm::Kind::pair;
    add(form, list);
  }

  /// The rank of a pair that takes about `share` of the limit.
  Index pair_rank_for(double share) const {
    const auto bytes = static_cast<std::int64_t>(training().precision == Precision::i8    ? 1
                                                 : training().precision == Precision::f16 ? 2
                                                                                          : 4);
    double rank = static_cast<double>(dims());
    const auto per = static_cast<double>(tokens() + dims());
    if (options_.limit.bytes > 0)
      rank = std::min(rank, share * static_cast<double>(options_.limit.bytes) /
                                (per * static_cast<double>(bytes)));
    if (options_.limit.parameters > 0)
      rank = std::min(rank, share * static_cast<double>(options_.limit.parameters) / per);
    return static_cast<Index>(rank);
  }

  void add_additives(std::vector<Candidate>& list) const {
    std::vector<Index> leaves = {8, 24, 48};
    if (options_.low_rank) leaves = {8, 24};
    if (training().leaf > 0) leaves = {training().leaf};
    std::vector<Index> most = {0, 4};
    if (training().max_atoms > 0) most = {training().max_atoms};
    std::vector<Index> ranks = {0};
    if (options_.low_rank) {
      ranks.clear();
      most.resize(1);
      for (const double share : {0.3, 0.6, 0.85})
        if (const Index rank = pair_rank_for(share);
            rank > 0 && (ranks.empty() || ranks.back() != rank))
          ranks.push_back(rank);
      if (training().free > 0) ranks = {training().free};
    }
    for (const Index leaf : leaves)
      for (const Index max_atoms : most)
        for (const Index rank : ranks) {
          TableForm form;
          form.kind = TableForm::Kind::additive;
          form.leaf = {leaf};
          form.max_atoms = max_atoms;
          form.has_pair = options_.low_rank;
          form.pair_rank = rank;
          add(form, list);
        }
  }

  void add_products(Index order, std::vector<Candidate>& list) const {
    std::vector<Index> ranks = {1, 2, 4, 8, 16};
    if (training().rank > 0 || order == 1) ranks = {std::max<Index>(1, training().rank)};
    std::vector<Index> most = {0, 3, 1};
    if (training().max_atoms > 0 || order == 1) most = {training().max_atoms};
    std::vector<Index> frees = {training().free};
    if (options_.low_rank && training().free == 0) {
      frees.clear();
      for (const double share : {0.3, 0.6})
        frees.push_back(std::max<Index>(1, pair_rank_for(share)));
      if (frees[0] == frees[1]) frees.pop_back();
    }
    for (const Index rank : ranks)
      for (const Index max_atoms : most)
        for (const Index free : frees) {
          TableForm form;
          form.order = order;
          form.rank = rank;
          form.max_atoms = max_atoms;
          form.free = free;
          if (training().leaf > 0)
            form.leaf.assign(static_cast<std::size_t>(order), training().leaf);
          add(form, list);
          if (options_.low_rank && training().free == 0 && free == frees.back())
            add_widest(form, list);
        }
  }

  /// The same with so many free floats that not every atom has room any more.
  void add_widest(TableForm form, std::vector<Candidate>& list) const {
    form.min_tokens = training().min_tokens;
    form.precision = training().precision;
    Index low = 0;
    Index high = dims();
    while (low < high) {
      const Index middle = low + (high - low + 1) / 2;
      form.free = middle;
      form.most_atoms = 0;
      const auto table = empty_table(form, composition_, tokens(), dims());
      const bool fits =
          table &&
          (options_.limit.bytes == 0 ||
           options_.file_bytes(table->bundle()) <= options_.limit.bytes) &&
          (options_.limit.parameters == 0 || table->parameters() <= options_.limit.parameters);
      (fits ? low : high) = fits ? middle : middle - 1;
    }
    if (low == 0 || low >= dims()) return;
    form.free = low + 1;
    add(form, list);
  }

  std::vector<Candidate> all_candidates() const {
    const PriorChoice prior = training().prior;
    std::vector<Candidate> list;
    if (prior == PriorChoice::none || (prior == PriorChoice::automatic && options_.low_rank))
      add_pairs(list);
    if (prior == PriorChoice::additive || prior == PriorChoice::automatic) add_additives(list);
    if (prior == PriorChoice::product || prior == PriorChoice::automatic) {
      if (training().order > 0) {
        add_products(training().order, list);
      } else {
        add_products(2, list);
        add_products(3, list);
      }
    }
    if (list.empty()) refuse();
    // A form that leaves much of the budget unused is only kept if all do.
    const double most =
        std::max_element(list.begin(), list.end(), [](const auto& a, const auto& b) {
          return a.used < b.used;
        })->used;
    std::erase_if(list, [&](const Candidate& c) { return c.used < std::min(most, 0.985); });
    return list;
  }

  [[noreturn]] void refuse() const {
    TableForm form;
    form.kind = TableForm::Kind::pair;
    if (training().prior == PriorChoice::additive) form.kind = TableForm::Kind::additive;
    if (training().prior == PriorChoice::product || (training().prior == PriorChoice::automatic))
      form.kind = TableForm::Kind::product;
    form.leaf = {training().leaf > 0 ? training().leaf : 4};
    form.order = training().order > 0 ? training().order : 2;
    if (form.kind == TableForm::Kind::product)
      form.leaf.assign(training().leaf > 0 ? static_cast<std::size_t>(form.order) : 0,
                       training().leaf);
    form.rank = std::max<Index>(1, training().rank);
    form.max_atoms = training().max_atoms > 0 ? training().max_atoms : 1;
    form.free = training().free;
    form.min_tokens = training().min_tokens;
    form.most_atoms = 1;
    form.precision = training().precision;
    const auto smallest = empty_table(form, composition_, tokens(), dims());
    if (!smallest)
      throw std::invalid_argument("no atom of the composition is met in " +
                                  std::to_string(training().min_tokens) +
                                  " tokens; there is nothing to train");
    std::string text = "no table of this form fits: the smallest has " +
                       std::to_string(options_.file_bytes(smallest->bundle())) + " bytes and " +
                       std::to_string(smallest->parameters()) + " parameters; asked for at most";
    if (options_.limit.bytes > 0) text += " " + std::to_string(options_.limit.bytes) + " bytes";
    if (options_.limit.parameters > 0)
      text += " " + std::to_string(options_.limit.parameters) + " parameters";
    throw std::invalid_argument(text);
  }

  std::shared_ptr<const Prior> train_additive(const TableForm& form) {
    AdditiveOptions options;
    options.leaf = form.leaf.at(0);
    // The ridge that suits the first candidate suits the others.
    options.ridge = training().ridge > 0 ? training().ridge : ridge_;
    options.min_tokens = form.min_tokens;
    options.most_atoms = form.most_atoms;
    options.max_atoms = form.max_atoms;
    options.seed = training().seed;
    options.threads = training().threads;
    const AdditiveFit trained =
        fit_additive(*composition_, *fit_.target, fit_.token_weight, fit_.metric, options);
    ridge_ = trained.ridge;
    return trained.prior;
  }

  std::shared_ptr<const Prior> train_product(const TableForm& form, bool shortly) const {
    ProductOptions options;
    options.order = form.order;
    options.rank = form.rank;
    options.leaf = form.leaf;
    options.free = form.free;
    options.min_tokens = form.min_tokens;
    options.most_atoms = form.most_atoms;
    options.max_atoms = form.max_atoms;
    options.precision = form.precision;
    if (training().ridge > 0) options.ridge = training().ridge;
    options.adam.objective = training().objective;
    options.adam.epochs = shortly ? 0 : training().epochs;
    if (!shortly) options.adam.checkpoint = training().checkpoint;
    options.adam.seed = training().seed;
    options.adam.threads = training().threads;
    if (!shortly) options.adam.progress = training().progress;
    if (shortly) {
      options.rounds = 1;
      options.steps = 4;
    }
    return fit_product(*composition_, *fit_.target, fit_.token_weight, fit_.metric, options).prior;
  }

  std::shared_ptr<const TrainedTable> train(const TableForm& form, bool shortly) {
    std::shared_ptr<const Prior> prior;
    if (form.kind == TableForm::Kind::additive) prior = train_additive(form);
    if (form.kind == TableForm::Kind::product) prior = train_product(form, shortly);
    std::optional<LowRankPair> pair;
    if (form.kind == TableForm::Kind::pair || form.has_pair) {
      const auto solve = [&](const Table& source) {
        pair = nearest_pair(source, fit_.token_weight, fit_.metric, form.pair_rank, form.reach,
                            form.precision, training().threads);
      };
      if (prior)
        solve(Remainder(*fit_.target, *prior));
      else
        solve(*fit_.target);
    }
    return std::make_shared<const TrainedTable>(prior, std::move(pair));
  }

  TableErrors errors_of(const TrainedTable& table) const {
    MeasureOptions options;
    options.threads = training().threads;
    return measure(*fit_.target, table, fit_.token_weight, fit_.metric, options);
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
    report.errors = errors_of(read);
    return cut;
  }

  const Fit& fit_;
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
      (!fit.composition || fit.composition->tokens() != fit.target->tokens()))
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
