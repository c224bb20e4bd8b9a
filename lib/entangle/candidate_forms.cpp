#include "lib/entangle/candidate_forms.hpp"

#include <algorithm>
#include <optional>
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
      : composition_(composition),
        tokens_(tokens),
        dims_(dims),
        wanted_(options.training),
        options_(options) {}

  std::vector<TableForm> all() {
    const PriorChoice prior = wanted_.prior;
    if (prior == PriorChoice::none || (prior == PriorChoice::automatic && options_.low_rank))
      add({}, PairForm{});
    if (prior == PriorChoice::additive || prior == PriorChoice::automatic) add_additives();
    if (prior == PriorChoice::product || prior == PriorChoice::automatic) {
      if (wanted_.order > 0) {
        add_products(wanted_.order);
      } else {
        add_products(2);
        add_products(3);
      }
    }
    if (list_.empty()) refuse();
    // A form that leaves much of the budget unused is only kept if all do.
    const double most =
        std::max_element(list_.begin(), list_.end(), [](const auto& a, const auto& b) {
          return a.used < b.used;
        })->used;
    std::vector<TableForm> forms;
    for (Candidate& candidate : list_)
      if (!(candidate.used < std::min(most, 0.985))) forms.push_back(std::move(candidate.form));
    return forms;
  }

 private:
  AtomLimits atoms(Index max_atoms) const {
    return {.min_tokens = wanted_.atoms.min_tokens, .max_atoms = max_atoms};
  }

  /// Adds a form if it fits; several that fit badly are sorted out later.
  void add(PriorForm prior, std::optional<PairForm> pair) {
    TableForm form{std::move(prior), pair, wanted_.precision};
    const double used =
        fill(form, composition_, tokens_, dims_, options_.limit, options_.file_bytes);
    if (used > 0) list_.push_back({std::move(form), used});
  }

  /// The rank of a pair that takes about `share` of the limit.
  Index pair_rank_for(double share) const {
    const auto bytes = static_cast<std::int64_t>(wanted_.precision == Precision::i8    ? 1
                                                 : wanted_.precision == Precision::f16 ? 2
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

  void add_additives() {
    std::vector<Index> leaves = {8, 24, 48};
    if (options_.low_rank) leaves = {8, 24};
    if (wanted_.leaf > 0) leaves = {wanted_.leaf};
    std::vector<Index> most = {0, 4};
    if (wanted_.atoms.max_atoms > 0) most = {wanted_.atoms.max_atoms};
    std::vector<std::optional<PairForm>> pairs = {std::nullopt};
    if (options_.low_rank) {
      pairs.clear();
      most.resize(1);
      for (const double share : {0.3, 0.6, 0.85})
        if (const Index rank = pair_rank_for(share);
            rank > 0 && (pairs.empty() || pairs.back()->rank != rank))
          pairs.push_back(PairForm{rank});
      if (wanted_.free > 0) pairs = {PairForm{wanted_.free}};
    }
    for (const Index leaf : leaves)
      for (const Index max_atoms : most)
        for (const std::optional<PairForm>& pair : pairs)
          add(AdditiveForm{leaf, atoms(max_atoms)}, pair);
  }

  void add_products(Index order) {
    std::vector<Index> ranks = {1, 2, 4, 8, 16};
    if (wanted_.rank > 0 || order == 1) ranks = {std::max<Index>(1, wanted_.rank)};
    std::vector<Index> most = {0, 3, 1};
    if (wanted_.atoms.max_atoms > 0 || order == 1) most = {wanted_.atoms.max_atoms};
    const bool is_open = options_.low_rank && wanted_.free == 0;
    std::vector<Index> frees = {wanted_.free};
    if (is_open) {
      frees.clear();
      for (const double share : {0.3, 0.6})
        frees.push_back(std::max<Index>(1, pair_rank_for(share)));
      if (frees[0] == frees[1]) frees.pop_back();
    }
    for (const Index rank : ranks)
      for (const Index max_atoms : most)
        for (const Index free : frees) {
          const ProductForm form{order, rank, wanted_.leaves(order), free, atoms(max_atoms)};
          add(form, std::nullopt);
          if (is_open && free == frees.back()) add_widest(form);
        }
  }

  /// The same with so many free floats that not every atom has room any more.
  void add_widest(ProductForm form) {
    Index low = 0;
    Index high = dims_;
    while (low < high) {
      const Index middle = low + (high - low + 1) / 2;
      form.free = middle;
      const auto table =
          empty_table({form, std::nullopt, wanted_.precision}, composition_, tokens_, dims_);
      const bool fits =
          table &&
          (options_.limit.bytes == 0 ||
           options_.file_bytes(table->bundle()) <= options_.limit.bytes) &&
          (options_.limit.parameters == 0 || table->parameters() <= options_.limit.parameters);
      (fits ? low : high) = fits ? middle : middle - 1;
    }
    if (low == 0 || low >= dims_) return;
    form.free = low + 1;
    add(std::move(form), std::nullopt);
  }

  /// As little as there can be of what is asked for.
  TableForm smallest_form() const {
    if (wanted_.prior == PriorChoice::none) return {{}, PairForm{}, wanted_.precision};
    AtomLimits one = atoms(wanted_.atoms.max_atoms > 0 ? wanted_.atoms.max_atoms : 1);
    one.most_atoms = 1;
    if (wanted_.prior == PriorChoice::additive)
      return {AdditiveForm{wanted_.leaf > 0 ? wanted_.leaf : 4, one}, std::nullopt,
              wanted_.precision};
    const Index order = wanted_.order > 0 ? wanted_.order : 2;
    return {ProductForm{order, std::max<Index>(1, wanted_.rank), wanted_.leaves(order),
                        wanted_.free, one},
            std::nullopt, wanted_.precision};
  }

  [[noreturn]] void refuse() const {
    const auto smallest = empty_table(smallest_form(), composition_, tokens_, dims_);
    if (!smallest)
      throw std::invalid_argument("no atom of the composition is met in " +
                                  std::to_string(wanted_.atoms.min_tokens) +
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
  const PriorOptions& wanted_;
  const TrainedOptions& options_;
  std::vector<Candidate> list_;
};

}  // namespace

std::vector<TableForm> candidate_forms(const Composition* composition, Index tokens, Index dims,
                                       const TrainedOptions& options) {
  return Candidates(composition, tokens, dims, options).all();
}

}  // namespace sememe
