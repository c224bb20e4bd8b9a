#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/database.hpp"
#include "kb/definition_similarity.hpp"
#include "kb/similarity.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path kb;
  std::vector<std::string> pair;
  std::filesystem::path pairs;
  std::filesystem::path corpus;
  std::string measure = "wup";
  std::string source;
  bool json = false;
};

using Pair = std::pair<std::string, std::string>;

std::vector<Pair> read_pairs(const Options& options) {
  if (options.pairs.empty()) {
    if (options.pair.size() != 2)
      throw std::invalid_argument("two words are needed, or --pairs FILE");
    return {{options.pair[0], options.pair[1]}};
  }
  std::vector<Pair> pairs;
  std::istringstream lines(read_file(options.pairs));
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::size_t tab = line.find('\t');
    if (line.empty()) continue;
    if (tab == std::string::npos)
      throw InputError(options.pairs, number, 0, "expected WORD TAB WORD");
    pairs.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  return pairs;
}

/// A measure over words, whichever of the two kinds it is.
class Scorer {
 public:
  Scorer(const Options& options, const kb::Database& database)
      : measure_(kb::measure_of(options.measure)) {
    if (!measure_) {
      definitions_.emplace(database);
      return;
    }
    similarity_.emplace(database, options.source);
    if (options.corpus.empty()) return;
    std::ifstream corpus(options.corpus);
    if (!corpus) throw MissingInputError("open", options.corpus, ENOENT);
    similarity_->use_corpus(corpus);
  }

  std::optional<double> operator()(const std::string& a, const std::string& b) const {
    if (!measure_) return definitions_->words(text::lemma_key(a), text::lemma_key(b));
    const auto best = similarity_->words(*measure_, senses(a), senses(b));
    if (!best) return {};
    return best->value;
  }

 private:
  std::vector<kb::Similarity::Node> senses(const std::string& name) const {
    if (const auto synset = similarity_->node(name)) return {*synset};
    return similarity_->senses(text::lemma_key(name));
  }

  std::optional<kb::Measure> measure_;
  std::optional<kb::Similarity> similarity_;
  std::optional<kb::DefinitionSimilarity> definitions_;
};

void similarity(const Options& options, Context& context) {
  const std::vector<Pair> pairs = read_pairs(options);
  const kb::Database database(options.kb.empty() ? default_kb() : options.kb);
  const Scorer scorer(options, database);
  Json out = Json::array();
  for (const Pair& pair : pairs) {
    const std::optional<double> value = scorer(pair.first, pair.second);
    if (!value && pairs.size() == 1) context.exit_code = kNoMatch;
    const std::string shown = !value ? "-" : std::isinf(*value) ? "inf" : fmt::format("{}", *value);
    if (options.json) {
      out.push_back({{"a", pair.first}, {"b", pair.second}, {"measure", options.measure}});
      out.back()["value"] = value && std::isfinite(*value) ? Json(*value) : Json();
    } else {
      context.print(fmt::format("{}\t{}\t{}\n", pair.first, pair.second, shown));
    }
  }
  if (options.json) context.print(out.dump(2) + "\n");
}

}  // namespace

void add_similarity(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "similarity", "How alike two words (or synsets) are, by the best pair of their senses");
  verb->add_option("words", options->pair, "Two words or synset ids")->expected(0, 2);
  verb->add_option("--pairs", options->pairs, "A file of WORD TAB WORD lines instead");
  verb->add_option("--measure", options->measure,
                   "path, wup (Wu-Palmer), lch (Leacock-Chodorow), res (Resnik), jcn "
                   "(Jiang-Conrath), lin; hownet (Liu & Li 2002, on definitions)")
      ->check(CLI::IsMember({"path", "wup", "lch", "res", "jcn", "lin", "hownet"}))
      ->capture_default_str();
  verb->add_option("--corpus", options->corpus,
                   "A text to count words in, for res, jcn and lin (default: the source's counts)");
  verb->add_option("--source", options->source, "Whose taxonomy: NAME or NAME@VERSION");
  verb->add_option("--kb", options->kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe similarity dog cat --kb kb.db\n"
      "  sememe similarity 02084071-n 02121620-n --measure lin --json --kb kb.db");
  verb->callback([options, &context] { similarity(*options, context); });
}

}  // namespace sememe::apps
