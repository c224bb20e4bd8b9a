#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "kb/edit.hpp"
#include "kb/own_entries.hpp"

namespace sememe::apps {
namespace {

struct Options {
  std::filesystem::path kb;
  std::string lemma, sememes, gloss, language = "en", part_of_speech = "u";
  bool json = false;
};

CLI::App* add_verb(CLI::App& app, Options& options, const char* name, const char* what) {
  CLI::App* const verb = app.add_subcommand(name, what);
  verb->add_option("lemma", options.lemma, "The word")->required();
  verb->add_option("--pos", options.part_of_speech, "Part of speech: n v a r t c p x u")
      ->check(CLI::IsMember({"n", "v", "a", "r", "t", "c", "p", "x", "u"}))
      ->capture_default_str();
  verb->add_option("--kb", options.kb, "The knowledge base (default: $SEMEME_KB, then XDG)");
  verb->add_flag("--json", options.json, "One JSON document on stdout");
  return verb;
}

void report(const Options& options, const Context& context, const char* what, std::int64_t senses) {
  context.say(fmt::format("{} {} {} of \"{}\"", what, senses, senses == 1 ? "sense" : "senses",
                          options.lemma));
  if (options.json)
    context.print(nlohmann::json{{"lemma", options.lemma}, {what, senses}}.dump(2) + "\n");
}

void add(const Options& options, const Context& context) {
  kb::Edit edit(options.kb.empty() ? default_kb() : options.kb);
  SenseRecord entry;
  entry.lemma = options.lemma;
  entry.language = options.language;
  entry.part_of_speech = options.part_of_speech.front();
  entry.gloss = options.gloss;
  entry.definition = options.sememes;
  kb::add_own_entry(edit.database(), entry);
  edit.commit();
  report(options, context, "added", 1);
}

void remove(const Options& options, Context& context) {
  const std::filesystem::path kb = options.kb.empty() ? default_kb() : options.kb;
  kb::Database(kb, kb::Database::Mode::read);  // an absent file is not made
  kb::Edit edit(kb);
  const std::int64_t removed = kb::remove_own_entries(
      edit.database(), options.lemma, options.language, options.part_of_speech.front());
  edit.commit();
  if (removed == 0) context.exit_code = kNoMatch;
  report(options, context, "removed", removed);
}

}  // namespace

void add_add(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      add_verb(app, *options, "add", "Add a sense of your own, in a source of your own");
  verb->add_option("sememes", options->sememes,
                   "Its sememes: names parted by blanks, or a KDML definition")
      ->required();
  verb->add_option("--gloss", options->gloss, "What it means");
  verb->add_option("--language", options->language, "BCP-47 tag")->capture_default_str();
  verb->footer(
      "Examples:\n"
      "  sememe add quokka 'livestock|牲畜 small|小' --pos n --kb kb.db\n"
      "  sememe add quokka '{livestock|牲畜:modifier={small|小}}' --pos n --kb kb.db");
  verb->callback([options, &context] { add(*options, context); });
}

void add_remove(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  options->language.clear();
  CLI::App* const verb = add_verb(app, *options, "remove", "Remove senses of your own");
  verb->add_option("--language", options->language, "BCP-47 tag (default: any)");
  verb->footer(
      "Examples:\n"
      "  sememe remove quokka --kb kb.db\n"
      "  sememe remove quokka --pos n --json --kb kb.db");
  verb->callback([options, &context] { remove(*options, context); });
}

}  // namespace sememe::apps
