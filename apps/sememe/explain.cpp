#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/sqlite_lexicon.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/surface.hpp"
#include "lib/compose/vocabulary.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> tokens;
  std::filesystem::path vocab;
  std::filesystem::path kb = default_kb();
  bool list = false;
  bool json = false;
};

struct Named {
  TokenId id;
  Token token;
};

/// The tokens meant: those spelled so; else those whose surface is so; else those of the same lemma
/// key. Without a vocabulary, the word itself.
std::vector<Named> tokens_meant(const std::string& asked, const Vocabulary* vocabulary) {
  if (vocabulary == nullptr) {
    Token word;
    word.text = asked;
    set_surface(word, SurfaceRule::none);
    return {{-1, word}};
  }
  const std::string key = text::lemma_key(asked);
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::vector<Named> found;
    for (TokenId t = 0; t < vocabulary->size(); ++t) {
      const Token& token = vocabulary->tokens[static_cast<std::size_t>(t)];
      if (attempt == 0   ? token.text == asked
          : attempt == 1 ? token.surface == asked
                         : !key.empty() && text::lemma_key(token.surface) == key)
        found.push_back({t, token});
    }
    if (!found.empty()) return found;
  }
  return {};
}

std::string atom_name(const AtomShare& share, const Lexicon& lexicon) {
  return share.kind == AtomKind::sememe ? lexicon.sememe_name(share.sememe) : share.name;
}

Json explain_json(const Named& named, const Finding& finding, const Lexicon& lexicon) {
  Json evidence = Json::array();
  for (const Evidence& e : finding.evidence) {
    Json senses = Json::array();
    for (const SenseShare& sense : e.meaning->senses)
      senses.push_back({{"sense", static_cast<std::int64_t>(sense.sense)},
                        {"part_of_speech", std::string(1, sense.part_of_speech)},
                        {"weight", sense.weight},
                        {"inherited_steps", sense.inherited_steps}});
    evidence.push_back({{"key", e.key}, {"how", e.how}, {"weight", e.weight}, {"senses", senses}});
  }
  Json atoms = Json::array();
  for (const AtomShare& share : finding.shares)
    atoms.push_back({{"part", part_name(share.part)},
                     {"name", atom_name(share, lexicon)},
                     {"weight", share.weight}});
  return {{"id", named.id < 0 ? Json() : Json(named.id)},
          {"token", named.token.text},
          {"surface", named.token.surface},
          {"begins_word", named.token.begins_word},
          {"route", route_name(finding.route)},
          {"evidence", evidence},
          {"atoms", atoms}};
}

std::string explain_text(const Named& named, const Finding& finding, const Lexicon& lexicon) {
  std::string out =
      fmt::format("{}{}  surface \"{}\"{}  route {}\n", named.token.text,
                  named.id < 0 ? "" : fmt::format("  id {}", named.id), named.token.surface,
                  named.token.begins_word ? "" : " (inside a word)", route_name(finding.route));
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
    out += "\n";
  }
  for (int part = 0; part < kParts; ++part) {
    std::vector<const AtomShare*> shares;
    for (const AtomShare& share : finding.shares)
      if (share.part == static_cast<Part>(part)) shares.push_back(&share);
    std::stable_sort(shares.begin(), shares.end(),
                     [](const AtomShare* a, const AtomShare* b) { return a->weight > b->weight; });
    if (shares.empty()) continue;
    out += fmt::format("  {:<9}", part_name(static_cast<Part>(part)));
    for (std::size_t i = 0; i < std::min<std::size_t>(shares.size(), 10); ++i)
      out += fmt::format(" {} {:.3f}", atom_name(*shares[i], lexicon), shares[i]->weight);
    out += shares.size() > 10 ? " ...\n" : "\n";
  }
  return out;
}

std::string_view kind_name(TokenKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"normal", "control", "unknown",
                                                      "byte",   "user",    "unused"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// Every token as one JSON object per line; surfaces in hexadecimal, as they may be any bytes.
void list_tokens(const Options& options, const Context& context) {
  if (options.vocab.empty()) throw std::invalid_argument("--list needs --vocab");
  const Vocabulary vocabulary = read_vocabulary(options.vocab);
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

void run(const Options& options, Context& context) {
  if (options.list) {
    list_tokens(options, context);
    return;
  }
  if (options.tokens.empty()) throw std::invalid_argument("give a token, or --list");
  std::optional<Vocabulary> vocabulary;
  if (!options.vocab.empty()) vocabulary = read_vocabulary(options.vocab);
  const kb::SqliteLexicon lexicon(options.kb);
  const LexiconIndex index(lexicon, context.progress());
  const Composer composer(lexicon, index, {});
  Json list = Json::array();
  for (const std::string& asked : options.tokens) {
    const std::vector<Named> meant = tokens_meant(asked, vocabulary ? &*vocabulary : nullptr);
    if (meant.empty()) {
      context.exit_code = kNoMatch;
      context.say(fmt::format("no token of {} is \"{}\"", options.vocab.string(), asked));
    }
    for (const Named& named : meant) {
      const Finding finding = composer.find(named.token);
      if (options.json) {
        list.push_back(explain_json(named, finding, lexicon));
      } else {
        context.print(explain_text(named, finding, lexicon));
      }
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
  verb->add_option("--vocab", options->vocab, "Tokenizer the token is looked up in");
  verb->add_flag("--list", options->list, "Print all tokens of --vocab as JSON lines instead");
  verb->add_option("--kb", options->kb, "Knowledge base")->capture_default_str();
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe explain unhappiness --kb kb.db\n"
      "  sememe explain '##ness' --vocab vocab.txt --json");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
