#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/sememe/context.hpp"
#include "kb/loaded_lexicon.hpp"
#include "lib/compose/composer.hpp"
#include "lib/compose/emphasis.hpp"
#include "lib/compose/lexicon_index.hpp"
#include "lib/compose/segmenter.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe::apps {

/// How tokens are to be understood, as the command line says it: compose and explain share it.
struct ComposeInputs {
  std::filesystem::path vocab;
  std::filesystem::path kb = default_kb();
  std::filesystem::path slots;
  std::filesystem::path counts;
  std::vector<std::filesystem::path> corpus;
  std::string routes;   ///< names parted by commas; empty: all
  std::string predict;  ///< FILE or FILE:TENSOR
  bool learn_morphemes = false;
  ComposeOptions compose;
};

/// Adds the options for everything in `inputs` but vocab, which each verb asks for in its own way.
void add_compose_inputs(CLI::App& verb, ComposeInputs& inputs);

/// A composer and all it was made from. Not copyable: its parts refer to one another.
class ReadyComposer {
 public:
  /// Reads what `inputs` names. The vocabulary must outlive it.
  /// @throws std::invalid_argument for options that do not fit; whatever reading the files throws
  ReadyComposer(const ComposeInputs& inputs, const Vocabulary& vocabulary, const Context& context);
  ReadyComposer(const ReadyComposer&) = delete;
  ReadyComposer& operator=(const ReadyComposer&) = delete;

  const Lexicon& lexicon() const { return lexicon_; }
  const LexiconIndex& index() const { return index_; }
  const Composer& composer() const { return *composer_; }

 private:
  void read_corpus(const ComposeInputs& inputs, const Vocabulary& vocabulary,
                   const Context& context);

  ComposeOptions options_;
  kb::LoadedLexicon lexicon_;
  LexiconIndex index_;
  std::unique_ptr<Table> neighbours_;
  std::vector<double> counts_;
  std::optional<Emphasis> emphasis_;
  std::optional<Segmenter> morphs_;
  std::optional<Composer> composer_;
};

}  // namespace sememe::apps
