#include "lib/entangle/candidate_forms.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace sememe {

namespace {

struct Candidate {
  TableForm form;
  double used = 0;  ///< share of the limit
};

class Candidates {
 public:
  Candidates(const Composition* composition, Index tokens, Index dims,
             const TrainedOptions& options)
      : composition_(composition), tokens_(tokens), dims_(dims), options_(options) {}

  std::vector<TableForm> all() const {
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
    std::vector<TableForm> forms;
    for (Candidate& candidate : list) forms.push_back(std::move(candidate.form));
    return forms;
  }

 private:
  const FitOptions& training() const { return options_.training; }

  double fill_form(TableForm& form) const {
    return fill(form, composition_, tokens_, dims_, options_.limit, options_.file_bytes);
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
    double rank = static_cast<double>(dims_);
    const auto per = static_cast<double>(tokens_ + dims_);
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
    Index high = dims_;
    while (low < high) {
      const Index middle = low + (high - low + 1) / 2;
      form.free = middle;
      form.most_atoms = 0;
      const auto table = empty_table(form, composition_, tokens_, dims_);
      const bool fits =
          table &&
          (options_.limit.bytes == 0 ||
           options_.file_bytes(table->bundle()) <= options_.limit.bytes) &&
          (options_.limit.parameters == 0 || table->parameters() <= options_.limit.parameters);
      (fits ? low : high) = fits ? middle : middle - 1;
    }
    if (low == 0 || low >= dims_) return;
    form.free = low + 1;
    add(form, list);
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
    const auto smallest = empty_table(form, composition_, tokens_, dims_);
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

  const Composition* composition_;
  Index tokens_;
  Index dims_;
  const TrainedOptions& options_;
};

}  // namespace

std::vector<TableForm> candidate_forms(const Composition* composition, Index tokens, Index dims,
                                       const TrainedOptions& options) {
  return Candidates(composition, tokens, dims, options).all();
}

}  // namespace sememe
