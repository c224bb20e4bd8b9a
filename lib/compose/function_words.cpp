#include "lib/compose/function_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "lib/compose/lexicon_index.hpp"

// One line per class bundle: the grammar atoms it stands for, parts of speech of the lexicon whose
// senses stay, then the words. A word on several lines belongs to all of them.

namespace sememe {
namespace {

struct Line {
  std::string_view classes, senses, words;
};

constexpr auto kLines = std::to_array<Line>({
    {"pronoun first singular subject", "", "i"},
    {"pronoun first singular object", "", "me"},
    {"pronoun first singular possessive", "", "my mine"},
    {"pronoun first singular reflexive", "", "myself"},
    {"pronoun first plural subject", "", "we"},
    {"pronoun first plural object", "", "us"},
    {"pronoun first plural possessive", "", "our ours"},
    {"pronoun first plural reflexive", "", "ourselves"},
    {"pronoun second", "", "you thou thee ye"},
    {"pronoun second possessive", "", "your yours thy thine"},
    {"pronoun second reflexive", "", "yourself yourselves"},
    {"pronoun third singular masculine subject", "", "he"},
    {"pronoun third singular masculine object", "", "him"},
    {"pronoun third singular masculine possessive", "", "his"},
    {"pronoun third singular masculine reflexive", "", "himself"},
    {"pronoun third singular feminine subject", "", "she"},
    {"pronoun third singular feminine object possessive", "", "her"},
    {"pronoun third singular feminine possessive", "", "hers"},
    {"pronoun third singular feminine reflexive", "", "herself"},
    {"pronoun third singular neuter", "", "it"},
    {"pronoun third singular neuter possessive", "", "its"},
    {"pronoun third singular neuter reflexive", "", "itself oneself"},
    {"pronoun third plural subject", "", "they"},
    {"pronoun third plural object", "", "them"},
    {"pronoun third plural possessive", "", "their theirs"},
    {"pronoun third plural reflexive", "", "themselves"},
    {"pronoun indefinite person", "", "someone somebody anyone anybody everyone everybody nobody"},
    {"pronoun indefinite", "", "something anything everything nothing none one"},
    {"pronoun reciprocal", "", "each"},
    {"determiner indefinite", "", "a an"},
    {"determiner definite", "", "the"},
    {"determiner demonstrative", "", "this that these those such"},
    {"determiner quantity", "a",
     "some any no every all both half many much few several more most less least another other "
     "others enough either neither own same"},
    {"question", "",
     "who whom whose what which when where why how whoever whatever whichever "
     "whenever wherever whether"},
    {"preposition", "r",
     "of in on at by for with from to into onto upon about above across after against along among "
     "amongst around as before behind below beneath beside besides between beyond but despite down "
     "during except inside like near off out outside over past per since through throughout "
     "toward towards under underneath unlike until up via within without than till amid amidst "
     "concerning regarding"},
    {"conjunction", "",
     "and or nor but so yet if because although though unless while whereas "
     "since lest"},
    {"auxiliary be", "", "be am is are was were been being 'm 're"},
    {"auxiliary have", "", "have has had having 've"},
    {"auxiliary do", "", "do does did doing done"},
    {"auxiliary modal", "", "can could may might must shall should would ought cannot 'd"},
    {"auxiliary modal future", "", "will 'll"},
    {"auxiliary negation", "",
     "n't don't doesn't didn't can't won't isn't aren't wasn't weren't "
     "hasn't haven't hadn't couldn't shouldn't wouldn't don doesn didn isn aren wasn weren hasn "
     "haven "
     "hadn couldn shouldn wouldn"},
    {"negation", "", "not never"},
    {"clitic possessive", "", "'s s'"},
    {"infinitive", "", "to"},
    {"adverb place", "r", "here there hence thence hither thither"},
    {"adverb time", "r", "then now again already still ever often always sometimes once"},
    {"adverb degree", "r", "very too also just only even quite rather almost well"},
    {"adverb connective", "r",
     "however therefore thus moreover furthermore nevertheless otherwise "
     "instead"},
    {"number cardinal", "na",
     "zero one two three four five six seven eight nine ten eleven twelve "
     "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty "
     "sixty seventy eighty ninety hundred thousand million billion"},
    {"number ordinal", "nar", "first second third fourth fifth sixth seventh eighth ninth tenth"},
    {"interjection", "n", "oh ah hey hello yes yeah no ok okay wow hi"},
});

std::uint8_t sense_bits(std::string_view letters) {
  std::uint8_t bits = 0;
  for (const char c : letters) bits |= pos_bit(c);
  return bits;
}

/// The parts of `text` between blanks.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

struct Inventory {
  std::unordered_map<std::string_view, FunctionWord> words;
  std::vector<std::string> names;  ///< "<pronoun>" ..., what the classes point to

  Inventory() {
    names.reserve(kLines.size() * 8);
    for (const Line& line : kLines) {
      std::vector<std::string_view> classes;
      for (const std::string_view name : words_of(line.classes))
        classes.push_back(names.emplace_back("<" + std::string(name) + ">"));
      for (const std::string_view word : words_of(line.words)) {
        FunctionWord& entry = words[word];
        entry.classes.insert(entry.classes.end(), classes.begin(), classes.end());
        entry.senses |= sense_bits(line.senses);
      }
    }
  }
};

}  // namespace

const FunctionWord* function_word(std::string_view key) {
  static const Inventory inventory;
  const auto found = inventory.words.find(key);
  return found == inventory.words.end() ? nullptr : &found->second;
}

}  // namespace sememe
