#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "apps/sememe/compose_inputs.hpp"
#include "apps/sememe/context.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/base/file.hpp"
#include "lib/entangle/extend.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/table_writers.hpp"
#include "lib/prior/prior.hpp"
#include "lib/table/open.hpp"
#include "lib/tensor/dense_table.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path table;
  std::filesystem::path words;
  std::filesystem::path composition;
  std::filesystem::path out;
  std::string to = "npy";
  std::string tensor = "embed_tokens.weight";
  ComposeInputs inputs;
  bool json = false;
};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const formats::TableWriter& writer : formats::table_writers())
    names.emplace_back(writer.name);
  return names;
}

/// One word per line; the rest of a line after a tab is passed over.
Vocabulary read_words(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  Vocabulary words;
  words.format = "list";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string word = text.substr(at, end - at);
    at = end + 1;
    word.resize(std::min(word.size(), word.find('\t')));
    if (word.ends_with('\r')) word.pop_back();
    if (word.empty()) continue;
    words.tokens.push_back({word, word, TokenKind::normal, true});
  }
  if (words.tokens.empty())
    throw std::invalid_argument(path.string() + " holds no word; expected one per line");
  return words;
}

void check_same_vocabulary(const Options& options, const TensorBundleView& table,
                           const Composition& composition) {
  const auto made_for = table.metadata.find("vocabulary");
  if (made_for == table.metadata.end() || composition.vocabulary_checksum.empty() ||
      made_for->second == composition.vocabulary_checksum)
    return;
  throw std::invalid_argument(
      fmt::format("{} was made for a vocabulary with checksum {}, but {} is of one with {}",
                  options.table.string(), made_for->second, options.composition.string(),
                  composition.vocabulary_checksum));
}

void write_vectors(const Options& options, const Vocabulary& words, Matrix rows) {
  std::vector<std::string> names;
  std::string lines;
  for (const Token& token : words.tokens) {
    names.push_back(token.text);
    lines.append(token.text).append("\n");
  }
  const DenseTable table(std::move(rows));
  formats::TableToWrite what{table, options.out.string(), options.tensor};
  what.words = names;
  what.metadata = {{"format", "pt"}, {"words", lines}};
  what.alignment = 8;
  formats::find_table_writer(options.to)->write(options.out, what);
}

void run(Options& options, const Context& context) {
  for (const auto& input : {options.table, options.words, options.composition})
    require_different(input, options.out);
  const formats::SafetensorsFile file(options.table);
  open_table(options.table.string());  // refuses a damaged table
  const std::unique_ptr<Prior> prior = load_prior(file.bundle());
  if (!prior)
    throw std::invalid_argument(
        options.table.string() +
        " holds no prior, so words it has never seen cannot be predicted; make it with --prior "
        "additive or --prior product");
  const formats::SafetensorsFile composed(options.composition);
  const Composition trained_on = composition_from_bundle(composed.bundle());
  check_same_vocabulary(options, file.bundle(), trained_on);

  const Vocabulary words = read_words(options.words);
  const ReadyComposer ready(options.inputs, words, context);
  const Composition composition = ready.composer().compose(words);
  Extension extension = extend(*prior, trained_on, composition);
  write_vectors(options, words, std::move(extension.rows));

  Json unknown = Json::array();
  for (std::size_t w = 0; w < extension.is_known.size(); ++w)
    if (!extension.is_known[w]) unknown.push_back(words.tokens[w].text);
  const auto known =
      static_cast<std::int64_t>(words.size()) - static_cast<std::int64_t>(unknown.size());
  if (options.json) {
    const Json out = {{"words", words.size()},  {"known", known},
                      {"unknown", unknown},     {"dims", prior->dims()},
                      {"prior", prior->kind()}, {"out", options.out.string()}};
    context.print(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  context.say(fmt::format(
      "{}: vectors of {} dims for {} words; {} of them share no atom with the "
      "table",
      options.out.string(), prior->dims(), grouped(words.size()), grouped(words.size() - known)));
}

}  // namespace

void add_extend(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand(
      "extend", "Give vectors to words a table has never seen, from their sememes and morphemes");
  verb->add_option("table", options->table, "Table of ours, with a prior")->required();
  verb->add_option("--words", options->words, "One word per line")->required();
  verb->add_option("--composition", options->composition,
                   "The composition the table was trained with, which names its atoms")
      ->required();
  verb->add_option("--to", options->to, "Format: npy, safetensors or vec")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  verb->add_option("--tensor", options->tensor, "Name of the tensor in a safetensors file")
      ->capture_default_str();
  verb->add_option("--out", options->out, "File to write, rows in the order of the words")
      ->required();
  add_compose_inputs(*verb, options->inputs);
  verb->add_flag("--json", options->json, "One JSON document on stdout");
  verb->footer(
      "Examples:\n"
      "  sememe extend table.safetensors --composition tokens.sememes --words new.txt \\\n"
      "    --out new.npy\n"
      "  sememe extend table.safetensors --composition tokens.sememes --kb kb.db \\\n"
      "    --words new.txt --to vec --out new.vec --json");
  verb->callback([options, &context] { run(*options, context); });
}

}  // namespace sememe::apps
