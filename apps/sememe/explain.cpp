#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "apps/sememe/compose_inputs.hpp"
#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/lemmatizer.hpp"
#include "lib/text/normalize.hpp"
#include "lib/vocabulary/surface.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  ComposeInputs inputs;
  std::vector<std::string> tokens;
  bool list = false;
  bool json = false;
};

std::string_view kind_name(TokenKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"normal", "control", "unknown",
                                                      "byte",   "user",    "unused"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// Ids of the tokens meant: those spelled so; else those whose surface is so; else those of the
/// same lemma key.
std::vector<TokenId> tokens_meant(const std::string& asked, const Vocabulary& vocabulary) {
  const std::string key = text::lemma_key(asked);
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::vector<TokenId> found;
    for (TokenId t = 0; t < vocabulary.size(); ++t) {
      const Token& token = vocabulary.tokens[static_cast<std::size_t>(t)];
      if (attempt == 0   ? token.text == asked
          : attempt == 1 ? token.surface == asked
                         : !key.empty() && text::lemma_key(token.surface) == key)
        found.push_back(t);
    }
    if (!found.empty()) return found;
  }
  return {};
}

/// The words asked for as a vocabulary of their own.
Vocabulary words_alone(const std::vector<std::string>& words) {
  Vocabulary vocabulary;
  for (const std::string& word : words) {
    Token token;
    token.text = word;
    set_surface(token, SurfaceRule::none);
    vocabulary.tokens.push_back(std::move(token));
  }
  return vocabulary;
}

/// All there is to say of one token.
struct Explained {
  TokenId id = -1;  ///< below 0: a word without a vocabulary
  Token token;
  Finding finding;
  std::vector<BaseForm> bases;
  const Composition* composition = nullptr;
  TokenId row = 0;  ///< of the composition
  Route route() const { return composition->route[static_cast<std::size_t>(row)]; }
};

std::string atom_name(const AtomShare& share, const Lexicon& lexicon) {
  return share.kind == AtomKind::sememe ? lexicon.sememe_name(share.sememe) : share.name;
}

/// Sememes of a meaning, heaviest first, as (name, weight).
std::vector<std::pair<std::string, double>> named_sememes(const Meaning& meaning,
                                                          const Lexicon& lexicon) {
  std::map<SememeId, double> sums;
  for (const SememeShare& share : meaning.sememes) sums[share.sememe] += share.weight;
  std::vector<std::pair<std::string, double>> named;
  for (const auto& sum : sums) named.emplace_back(lexicon.sememe_name(sum.first), sum.second);
  std::stable_sort(named.begin(), named.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return named;
}

Json slots_json(const Explained& explained) {
  constexpr std::array<const char*, 4> kKinds = {"sememe", "morpheme", "type", "hashed"};
  Json slots = Json::array();
  for (const SparseRows& slot : explained.composition->slots) {
    Json row = Json::array();
    const auto columns = slot.columns_of(explained.row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Atom& atom = explained.composition->atoms[static_cast<std::size_t>(columns[i])];
      row.push_back({{"name", atom.name},
                     {"kind", kKinds[static_cast<std::size_t>(atom.kind)]},
                     {"weight", slot.weights_of(explained.row)[i]}});
    }
    slots.push_back(std::move(row));
  }
  return slots;
}

Json explain_json(const Explained& explained, const Lexicon& lexicon) {
  Json evidence = Json::array();
  for (const Evidence& e : explained.finding.evidence) {
    Json senses = Json::array();
    for (const SenseShare& sense : e.meaning->senses)
      senses.push_back({{"sense", static_cast<std::int64_t>(sense.sense)},
                        {"part_of_speech", std::string(1, sense.part_of_speech)},
                        {"weight", sense.weight},
                        {"inherited_steps", sense.inherited_steps}});
    Json sememes = Json::array();
    for (const auto& sememe : named_sememes(*e.meaning, lexicon))
      sememes.push_back({{"name", sememe.first}, {"weight", sememe.second}});
    evidence.push_back({{"key", e.key},
                        {"how", e.how},
                        {"weight", e.weight},
                        {"senses", senses},
                        {"sememes", sememes}});
  }
  Json atoms = Json::array();
  for (const AtomShare& share : explained.finding.shares)
    atoms.push_back({{"part", part_name(share.part)},
                     {"name", atom_name(share, lexicon)},
                     {"weight", share.weight}});
  Json bases = Json::array();
  for (const BaseForm& base : explained.bases)
    bases.push_back({{"key", base.key},
                     {"part_of_speech", std::string(1, base.part_of_speech)},
                     {"inflection", base.inflection}});
  return {{"id", explained.id < 0 ? Json() : Json(explained.id)},
          {"token", explained.token.text},
          {"surface", explained.token.surface},
          {"kind", kind_name(explained.token.kind)},
          {"begins_word", explained.token.begins_word},
          {"route", route_name(explained.route())},
          {"bases", bases},
          {"evidence", evidence},
          {"atoms", atoms},
          {"slots", slots_json(explained)}};
}

std::string evidence_text(const Finding& finding, const Lexicon& lexicon) {
  std::string out;
  for (const Evidence& e : finding.evidence) {
    out += fmt::format("  from \"{}\" ({}) {:.0f} %:", e.key, e.how, 100 * e.weight);
    for (std::size_t i = 0; i < std::min<std::size_t>(e.meaning->senses.size(), 6); ++i) {
      const SenseShare& sense = e.meaning->senses[i];
      out += fmt::format(" {}#{} {:.0f} %{}", sense.part_of_speech,
                         static_cast<std::int64_t>(sense.sense), 100 * sense.weight,
                         sense.inherited_steps > 0
                             ? fmt::format(" (inherited, {} links)", sense.inherited_steps)
                             : "");
    }
    out += e.meaning->senses.size() > 6 ? " ...\n" : "\n";
    if (finding.evidence.size() == 1) continue;
    const auto sememes = named_sememes(*e.meaning, lexicon);
    out += "      ";
    for (std::size_t i = 0; i < std::min<std::size_t>(sememes.size(), 5); ++i)
      out += fmt::format(" {} {:.3f}", sememes[i].first, sememes[i].second);
    out += sememes.size() > 5 ? " ...\n" : "\n";
  }
  return out;
}

std::string parts_text(const Finding& finding, const Lexicon& lexicon) {
  constexpr std::size_t kShown = 10;
  std::string out;
  for (int part = 0; part < kParts; ++part) {
    std::vector<const AtomShare*> shares;
    for (const AtomShare& share : finding.shares)
      if (share.part == static_cast<Part>(part)) shares.push_back(&share);
    std::stable_sort(shares.begin(), shares.end(),
                     [](const AtomShare* a, const AtomShare* b) { return a->weight > b->weight; });
    if (shares.empty()) continue;
    out += fmt::format("  {:<9}", part_name(static_cast<Part>(part)));
    for (std::size_t i = 0; i < std::min(shares.size(), kShown); ++i)
      out += fmt::format(" {} {:.3f}", atom_name(*shares[i], lexicon), shares[i]->weight);
    out += shares.size() > kShown ? " ...\n" : "\n";
  }
  return out;
}

/// The rows of the composition: what a table is made from.
std::string slots_text(const Explained& explained) {
  std::string out;
  for (std::size_t j = 0; j < explained.composition->slots.size(); ++j) {
    const SparseRows& slot = explained.composition->slots[j];
    const auto columns = slot.columns_of(explained.row);
    const auto weights = slot.weights_of(explained.row);
    std::vector<std::size_t> order(columns.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [weights](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
    out += fmt::format("  {:<9}", fmt::format("slot {}", j));
    if (order.empty()) out += " empty";
    for (const std::size_t i : order)
      out += fmt::format(" {} {:.3f}",
                         explained.composition->atoms[static_cast<std::size_t>(columns[i])].name,
                         weights[i]);
    out += '\n';
  }
  return out;
}

std::string explain_text(const Explained& explained, const Lexicon& lexicon) {
  std::string out = fmt::format(
      "{}{}  surface \"{}\"{}  route {}\n", explained.token.text,
      explained.id < 0 ? "" : fmt::format("  id {}", explained.id), explained.token.surface,
      explained.token.begins_word ? "" : " (inside a word)", route_name(explained.route()));
  if (!explained.bases.empty()) {
    out += "  base form";
    for (const BaseForm& base : explained.bases)
      out += fmt::format(" {} ({}, {})", base.key, base.part_of_speech, base.inflection);
    out += '\n';
  }
  return out + evidence_text(explained.finding, lexicon) + parts_text(explained.finding, lexicon) +
         slots_text(explained);
}

/// Every token as one JSON object per line; surfaces in hexadecimal, as they may be any bytes.
void list_tokens(const Options& options, const Context& context) {
  if (options.inputs.vocab.empty()) throw std::invalid_argument("--list needs --vocab");
  const Vocabulary vocabulary = read_vocabulary(options.inputs.vocab);
  for (TokenId t = 0; t < vocabulary.size(); ++t) {
    const Token& token = vocabulary.tokens[static_cast<std::size_t>(t)];
    std::string hex;
    for (const char c : token.surface)
      hex += fmt::format("{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    const Json line = {{"id", t},
                       {"token", token.text},
                       {"kind", kind_name(token.kind)},
                       {"begins_word", token.begins_word},
                       {"surface", hex}};
    context.print(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }
}

void run(Options& options, Context& context) {
  if (options.list) {
    list_tokens(options, context);
    return;
  }
  if (options.tokens.empty()) throw std::invalid_argument("give a token, or --list");
  const bool alone = options.inputs.vocab.empty();
  if (alone && !options.inputs.predict.empty())
    throw std::invalid_argument("--predict needs --vocab, the tokenizer of the table");
  options.inputs.compose.frequency = !alone;
  const Vocabulary vocabulary =
      alone ? words_alone(options.tokens) : read_vocabulary(options.inputs.vocab);
  std::vector<TokenId> meant;
  for (std::size_t i = 0; i < options.tokens.size(); ++i) {
    const std::vector<TokenId> found = alone ? std::vector<TokenId>{static_cast<TokenId>(i)}
                                             : tokens_meant(options.tokens[i], vocabulary);
    meant.insert(meant.end(), found.begin(), found.end());
    if (!found.empty()) continue;
    context.exit_code = kNoMatch;
    context.say(
        fmt::format("no token of {} is \"{}\"", options.inputs.vocab.string(), options.tokens[i]));
  }
  const ReadyComposer ready(options.inputs, vocabulary, context);
  const Composition composition = ready.composer().compose(vocabulary, meant);
  const Lemmatizer lemmatizer(ready.lexicon(), ready.index());
  Json list = Json::array();
  for (std::size_t i = 0; i < meant.size(); ++i) {
    const Token& token = vocabulary.tokens[static_cast<std::size_t>(meant[i])];
    Explained explained{alone ? -1 : meant[i],
                        token,
                        ready.composer().find(vocabulary, meant[i]),
                        {},
                        &composition,
                        static_cast<TokenId>(i)};
    if (ready.index().has_language("en") && token.begins_word)
      explained.bases = lemmatizer.bases(text::lemma_key(token.surface));
    if (options.json) {
      list.push_back(explain_json(explained, ready.lexicon()));
    } else {
      context.print(explain_text(explained, ready.lexicon()));
    }
  }
  if (options.json) context.print(list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("explain", "Show how tokens were understood: route, senses, atoms");
  verb->add_option("tokens", options->tokens,
                   "Tokens as their file spells them, their surfaces, or words");
  verb->add_option("--vocab", options->inputs.vocab, "Tokenizer the tokens are looked up in");
  verb->add_flag("--list", options->list, "Print all tokens of --vocab as JSON lines instead");
  add_compose_inputs(*verb, options->inputs);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe explain unhappiness --kb kb.db\n"
      "  sememe explain '##ness' --vocab vocab.txt --json\n"
      "  sememe explain xbox --vocab tokenizer.model --predict model.safetensors");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
