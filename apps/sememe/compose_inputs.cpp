#include "apps/sememe/compose_inputs.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "apps/sememe/target.hpp"
#include "apps/sememe/token_counts.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"
#include "lib/compose/corpus.hpp"
#include "lib/compose/routes.hpp"
#include "lib/table/open.hpp"

namespace sememe::apps {
namespace {

/// The names of all routes in the order they are tried.
std::string route_names() {
  std::string names;
  for (const Route route : routes_in_order())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", route_name(route));
  return names;
}

/// "exact,lemma" as a set; special and hashed are always in it.
RouteSet routes_named(std::string_view names) {
  if (names.empty()) return kAllRoutes;
  RouteSet routes = route_bit(Route::special) | route_bit(Route::hashed);
  const std::array<Route, kRoutes> all = routes_in_order();
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, end);
    const auto* const found = std::find_if(
        all.begin(), all.end(), [name](Route route) { return route_name(route) == name; });
    if (found == all.end())
      throw std::invalid_argument(
          fmt::format("--routes: no route is named '{}'; there are {}", name, route_names()));
    routes |= route_bit(*found);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return routes;
}

}  // namespace

void add_compose_inputs(CLI::App& verb, ComposeInputs& inputs) {
  verb.add_option("--kb", inputs.kb, "Knowledge base")->capture_default_str();
  verb.add_option("--slots", inputs.slots, "Which parts of a token's atoms fill which slot");
  verb.add_option("--routes", inputs.routes,
                  "Only these routes, parted by commas, and special and hashed (default: all): " +
                      route_names());
  verb.add_option("--predict", inputs.predict,
                  "Table whose neighbours lend their sememes to tokens nothing is known of");
  verb.add_option("--corpus", inputs.corpus,
                  "Raw text (may be given again): its words count for senses and words, and, "
                  "without --counts, for tokens")
      ->allow_extra_args(false);
  verb.add_option("--counts", inputs.counts,
                  "How often each token occurs, one line per token ending in a count");
  verb.add_flag("--learn-morphemes", inputs.learn_morphemes,
                "Learn morphemes from the vocabulary for words no other route explains");
  MeaningWeights& weights = inputs.compose.weights;
  verb.add_option("--derived-share", weights.derived_share,
                  "Share of derived units in a sense that has annotated sememes")
      ->capture_default_str();
  verb.add_option("--main-share", weights.main_share,
                  "Share of the main sememe in a sense; 0: as the lexicon weighs it")
      ->capture_default_str();
  verb.add_option("--rank-power", weights.rank_power, "How fast later senses lose weight")
      ->capture_default_str();
  verb.add_option("--count-smoothing", weights.count_smoothing,
                  "Added to the corpus count of each sense")
      ->capture_default_str();
  verb.add_option("--other-smoothing", weights.other_smoothing,
                  "Factor of it for senses that are no nouns")
      ->capture_default_str();
  verb.add_option("--inherited-discount", weights.inherited_discount,
                  "Factor for each link a sense's sememes were taken from away")
      ->capture_default_str();
  verb.add_option("--emphasis-power", weights.emphasis_power,
                  "How much senses gain from what --corpus speaks of; 0: nothing")
      ->capture_default_str();
  verb.add_option("--max-atoms", inputs.compose.max_atoms, "Heaviest atoms kept in a slot's row")
      ->capture_default_str();
  verb.add_option("--threads", inputs.compose.threads, "Threads, 0 for all")->capture_default_str();
}

ReadyComposer::ReadyComposer(const ComposeInputs& inputs, const Vocabulary& vocabulary,
                             const Context& context)
    : options_(inputs.compose),
      lexicon_(inputs.kb, context.progress()),
      index_(lexicon_, context.progress()) {
  options_.progress = context.progress();
  options_.routes = routes_named(inputs.routes);
  if (!inputs.slots.empty())
    options_.slots = parse_slot_rules(read_file(inputs.slots), inputs.slots);
  if (!inputs.predict.empty()) {
    neighbours_ = open_table(inputs.predict);
    require_finite(*neighbours_, inputs.predict, vocabulary, options_.threads);
    options_.predict_from = neighbours_.get();
  }
  if (!inputs.corpus.empty()) read_corpus(inputs, vocabulary, context);
  if (!inputs.counts.empty())
    counts_ = read_counts(inputs.counts, std::max(options_.rows, vocabulary.size()));
  options_.counts = counts_;
  if (inputs.learn_morphemes) {
    morphs_.emplace(words_to_learn_from(vocabulary));
    options_.morphs = &*morphs_;
  }
  composer_.emplace(lexicon_, index_, options_);
}

void ReadyComposer::read_corpus(const ComposeInputs& inputs, const Vocabulary& vocabulary,
                                const Context& context) {
  const Corpus corpus = count_words(inputs.corpus, context);
  const auto by_key = corpus.by_key();
  emphasis_.emplace(lexicon_, index_, options_.weights, by_key);
  options_.weights.emphasis = &*emphasis_;
  index_.add_counts(lexicon_, by_key);
  counts_ = corpus.by_token(vocabulary);
}

}  // namespace sememe::apps
