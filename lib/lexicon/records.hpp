#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sememe {

/// What importers yield: one value per thing a source states, in the source's own identifiers and
/// spelling. Strings are well-formed UTF-8. The writer (kb) resolves identifiers to rows; nothing
/// here knows a database.

/// Part of speech, one letter as in WN-LMF: n v a (adjective) s (satellite adjective) r (adverb) t
/// (phrase) c (conjunction) p (adposition) x (other) u (unknown). The source's own tag, where it
/// has finer ones, is kept beside it.
using PartOfSpeech = char;

/// One imported dataset in one version.
struct SourceRecord {
  std::string name;      ///< "wordnet"
  std::string version;   ///< "3.0"
  std::string language;  ///< BCP-47 of its lemmas; empty if several
  std::string license;   ///< SPDX id where there is one, else the name the source uses
  std::string url;
  std::string citation;
  std::string checksum;  ///< of the imported bytes, see sememe::checksum
};

/// Free key-value notes a source attaches (confidence, tags, frames...): kept so that nothing is
/// dropped silently.
using Metadata = std::vector<std::pair<std::string, std::string>>;

/// Senses of one meaning; also one record of a source that names a word in several languages
/// (HowNet): a sense per language then shares the synset, which is how translation works.
struct SynsetRecord {
  std::string id;  ///< unique within the source, e.g. "02084071-n"
  PartOfSpeech part_of_speech = 'u';
  std::string domain;  ///< lexicographer file ("noun.animal") or subject; may be empty
  std::string gloss;
  std::vector<std::string> examples;
  std::string ili;  ///< interlingual index, e.g. "i46360"; may be empty
  Metadata metadata;
};

/// One meaning of one lemma.
struct SenseRecord {
  std::string id;  ///< unique within the source; empty: the writer numbers it
  std::string lemma;
  std::string language;  ///< empty: the source's
  PartOfSpeech part_of_speech = 'u';
  std::string written;  ///< the spelling of this very sense where it differs from `lemma` ("Turkey"
                        ///< among the senses of "turkey"); else empty
  std::string tag;      ///< the source's own part-of-speech tag, if finer; may be empty
  std::string synset;   ///< SynsetRecord::id; empty for sources without synsets
  std::int32_t rank =
      0;  ///< 0-based, most frequent first, among the senses of (lemma, part of speech)
  std::int64_t frequency = 0;  ///< corpus count the source states; 0 if none
  std::string gloss;           ///< only where the sense, not the synset, has one
  std::vector<std::string> examples;
  std::vector<std::string> forms;  ///< further written forms of the lemma
  std::string definition;          ///< KDML or flat sememes as the source writes them; may be empty
  Metadata metadata;
};

struct SememeRecord {
  std::string name;  ///< "en|zh", or one half where the source has one
  std::int64_t frequency = 0;
  std::string origin;  ///< "inventory" of a source, or "derived" (e.g. WordNet units)
};

/// Sememe to sememe: taxonomy ("hyponym" of OpenHowNet is stored as relation "hypernym" from child
/// to parent) and others.
struct SememeRelationRecord {
  std::string from;
  std::string relation;
  std::string to;
};

/// Synset to synset, sense to sense, or sense to synset.
struct RelationRecord {
  enum class End { synset, sense };
  End from_end = End::synset;
  std::string from;
  std::string relation;  ///< WN-LMF names: "hypernym", "similar", "derivation", "antonym", ...
  End to_end = End::synset;
  std::string to;
  Metadata metadata;
};

/// A definition attached to a synset of a source imported before (a bridge, like WordNet synsets to
/// HowNet).
struct DefinitionRecord {
  std::string target_source;  ///< source name the target belongs to, e.g. "wordnet"
  std::string target;         ///< its synset id, e.g. "02084071-n"
  std::string target_twin;  ///< its id in a variant of that source, tried if `target` is not there
  std::string external_id;  ///< e.g. a BabelNet id; may be empty
  std::string text;         ///< KDML, or names parted by blanks when `flat`
  bool flat = false;
  bool derived = false;  ///< made by a documented rule rather than stated by a person
};

/// An irregular form and its base (WordNet's *.exc).
struct ExceptionRecord {
  std::string form;
  std::string lemma;
  PartOfSpeech part_of_speech = 'u';
};

using Record = std::variant<SynsetRecord, SenseRecord, SememeRecord, SememeRelationRecord,
                            RelationRecord, DefinitionRecord, ExceptionRecord>;

/// An input line that was refused, and why; the import goes on.
struct Rejection {
  std::string path;
  std::int64_t line = 0;    ///< 1-based
  std::int64_t column = 0;  ///< 1-based byte, 0: the whole line
  std::string reason;
  std::string text;  ///< the line, cut to 200 bytes
};

}  // namespace sememe
