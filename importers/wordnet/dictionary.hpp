#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe::importers {

/// The four parts of speech WordNet has files for, in the order of its own tools.
enum class WordnetFile : std::uint8_t { noun, verb, adj, adv };
inline constexpr std::array<std::string_view, 4> kWordnetFiles = {"noun", "verb", "adj", "adv"};
inline constexpr std::array<char, 4> kWordnetLetters = {'n', 'v', 'a', 'r'};

/// One word of a synset, as the data file has it.
struct WordnetWord {
  std::string_view text;    ///< "domestic_dog", without an adjective marker
  std::string_view marker;  ///< "a", "p" or "ip" of "(a)"; mostly empty
  std::int32_t lex_id = 0;
  std::int32_t sense = 0;  ///< word whose sense this is: its own index, or that of an earlier
                           ///< spelling of the same lemma in the same synset
};

/// One line of a data file, cut into its parts.
struct WordnetSynset {
  std::int64_t offset = 0;
  std::int64_t line = 0;  ///< 1-based in the data file
  WordnetFile file = WordnetFile::noun;
  char type = 'n';  ///< n v a s r
  std::int32_t lexicographer_file = 0;
  std::int32_t first_word = 0;  ///< in WordnetDictionary::words
  std::int32_t words = 0;
  std::string_view pointers;  ///< the pointers as text, "@ 00001740 n 0000 ~ ..."
  std::int32_t pointer_count = 0;
  std::string_view frames;  ///< "+ 08 00 + 11 01", verbs only
  std::string_view gloss;
  std::string_view text;  ///< the whole line
};

/// One pointer of a synset: from one of its words (0: from all of it) to a word of another.
struct WordnetPointer {
  std::string_view symbol;
  WordnetFile file = WordnetFile::noun;
  std::int64_t offset = 0;
  std::int32_t from_word = 0;  ///< 1-based; 0: semantic
  std::int32_t to_word = 0;
};

/// What the dictionary files of one WordNet hold, mapped and cut, not copied: everything below
/// views into the files. Lines that break the format are left out and listed in `errors`.
class WordnetDictionary {
 public:
  /// @throws MissingInputError if one of the eight data and index files is not there
  explicit WordnetDictionary(const std::filesystem::path& folder);

  std::vector<WordnetSynset> synsets;  ///< in file order: nouns, verbs, adjectives, adverbs
  std::vector<WordnetWord> words;
  std::vector<InputError> errors;
  std::string version;   ///< "3.0", from the licence at the head of data.noun; "unknown"
  std::string checksum;  ///< of all files read
  std::int64_t total_bytes = 0;

  /// Index in `synsets`, or -1.
  std::int64_t find(WordnetFile file, std::int64_t offset) const;
  /// "02084071-n": the offset the synset has in Princeton's release, which is what other data name
  /// it by, and the letter of its file. Debian builds the files anew from corrected sources, where
  /// most verbs and half of the adjectives have moved by a few bytes; README.md tells how that is
  /// known.
  std::string synset_id(WordnetFile file, std::int64_t offset) const;

  /// The pointers of a synset; those that break the format are left out.
  std::vector<WordnetPointer> pointers_of(const WordnetSynset& synset) const;

  /// 0-based rank of a word's sense among the senses of its lemma, from the index file; -1 if the
  /// index does not list it.
  std::int32_t rank_of(const WordnetSynset& synset, const WordnetWord& word) const;
  /// "dog%1:05:00::"
  std::string sense_key(const WordnetSynset& synset, const WordnetWord& word) const;
  /// How often the sense was met in the tagged texts (cntlist.rev), 0 if it was not.
  std::int64_t frequency_of(std::string_view sense_key) const;

  /// A file of the folder, empty if it is not there ("noun.exc", "sents.vrb").
  std::string_view file_text(const std::string& name) const;
  std::filesystem::path path_of(WordnetFile file) const;

 private:
  void map(const std::string& name, bool required);
  void read_data(WordnetFile file);
  void read_index(WordnetFile file);
  void find_shifts();
  bool cut(std::string_view line, WordnetSynset& synset, std::string& problem);
  void merge_spellings(const WordnetSynset& synset);

  /// Synsets of a file that stand `bytes` later than in the release.
  struct Shift {
    WordnetFile file;
    std::int64_t first, last;  ///< offsets here
    std::int64_t bytes;
    std::string_view first_word;  ///< of the synset at `first`: how the shift is recognised
  };
  std::vector<Shift> shifts_;
  std::filesystem::path folder_;
  std::unordered_map<std::string, MappedFile> files_;
  std::array<std::unordered_map<std::int64_t, std::int32_t>, 4> by_offset_;
  std::array<std::unordered_map<std::string_view, std::string_view>, 4> index_;  ///< lemma, line
  std::unordered_map<std::string_view, std::int64_t> counts_;
};

/// Lower case of ASCII, which is all WordNet's index uses.
std::string lower_ascii(std::string_view text);

/// Name of a lexicographer file by its number: 5 is "noun.animal"; "" if there is none.
std::string_view lexicographer_file_name(std::int32_t number);

}  // namespace sememe::importers
