#include "lib/compose/composer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lib/vocabulary/surface.hpp"
#include "tests/lib/compose/small_lexicon.hpp"

using namespace sememe;
using tests::SmallLexicon;

namespace {

Token token_of(const std::string& text, SurfaceRule rule = SurfaceRule::wordpiece) {
  Token token;
  token.text = text;
  set_surface(token, rule);
  return token;
}

/// Route and heaviest sememe of a token: "lemma run|跑".
std::string found(const std::string& text, const SmallLexicon& lexicon = tests::small_lexicon()) {
  const LexiconIndex index(lexicon);
  const Composer composer(lexicon, index, {});
  const Finding finding = composer.find(token_of(text));
  std::string best;
  double weight = 0;
  for (const AtomShare& share : finding.shares)
    if (share.kind == AtomKind::sememe && share.weight > weight) {
      weight = share.weight;
      best = lexicon.sememe_name(share.sememe);
    }
  return std::string(route_name(finding.route)) + (best.empty() ? "" : " " + best);
}

bool has_atom(const std::string& text, const std::string& atom) {
  const SmallLexicon lexicon = tests::small_lexicon();
  const LexiconIndex index(lexicon);
  const Finding finding = Composer(lexicon, index, {}).find(token_of(text));
  for (const AtomShare& share : finding.shares)
    if (share.name == atom) return true;
  return false;
}

}  // namespace

TEST_SUITE("lib/compose/composer") {
  TEST_CASE("each route finds what it is for") {
    CHECK(found("dog") == "exact livestock|牲畜");
    CHECK(found("Dog") == "exact livestock|牲畜");
    CHECK(found("cafe") == "variant facilities|设施");
    CHECK(found("ｄｏｇ") == "exact livestock|牲畜");
    CHECK(found("馬車") == "variant LandVehicle|车");
    CHECK(found("dogs") == "lemma livestock|牲畜");
    CHECK(found("geese") == "lemma bird|禽");
    CHECK(found("well-known") == "multiword able|能");
    CHECK(found("unhappiness") == "morphology joyful|喜悦");
    CHECK(found("houseboat") == "morphology ship|船");
    CHECK(found("马马车") == "morphology LandVehicle|车");
    CHECK(found("infor") == "continuation information|信息");
    CHECK(found("##mation") == "continuation information|信息");
    CHECK(found("##ness") == "morphology");
    CHECK(found("42") == "typed");
    CHECK(found("...") == "typed");
    CHECK(found("qqqq") == "hashed");
  }

  TEST_CASE("a closed-class word is not its rare noun") {
    CHECK(found("he") == "typed");
    CHECK(has_atom("he", "<pronoun>"));
    CHECK(found("helium") == "exact chemical|化学物");
  }

  TEST_CASE("a form that is also a lemma shares its meaning with its base") {
    CHECK(found("found") == "exact look|看");
  }

  TEST_CASE("a form of a verb that only inherits as an adjective is the verb's") {
    SmallLexicon lexicon = tests::small_lexicon();
    lexicon.add("owe", 'v', 9, {"owe|欠"}).add("owing", 'a', 1, {"free|免费"});
    CHECK(found("owing", lexicon) == "exact free|免费");
    lexicon.inherits("owing", 1);
    CHECK(found("owing", lexicon) == "exact owe|欠");
  }

  TEST_CASE("a piece stands for forms of the verbs it ends") {
    SmallLexicon lexicon = tests::small_lexicon();
    lexicon.add("cover", 'v', 90, {"cover|遮盖"})
        .add("hungover", 'a', 0, {"ill|病态"})
        .add("clovered", 'a', 0, {"plant|植物"})
        .add("ace", 'v', 0, {"succeed|成功"})
        .add("place", 'v', 40, {"put|放置"});
    CHECK(found("##overed", lexicon) == "continuation cover|遮盖");
    CHECK(found("##acing", lexicon) == "continuation put|放置");
    CHECK(found("acing", lexicon) == "lemma succeed|成功");
    CHECK(found("##ics", lexicon) == "morphology");
  }

  TEST_CASE("short pieces are not trusted to be words") {
    CHECK(found("##run") == "exact run|跑");
    CHECK(found("##he") != "exact chemical|化学物");
    CHECK(found("x") == "typed");
  }

  TEST_CASE("morphemes and grammar are atoms of their own") {
    CHECK(has_atom("unhappiness", "un-"));
    CHECK(has_atom("unhappiness", "-ness"));
    CHECK(has_atom("dogs", "-s"));
    CHECK(has_atom("dogs", "<noun>"));
    CHECK(has_atom("##ness", "<inside>"));
    CHECK(has_atom("Dog", "<capital>"));
    CHECK(has_atom("DOG", "<upper case>"));
  }

  TEST_CASE("a composition is the same for any number of threads and fits its own rules") {
    const SmallLexicon lexicon = tests::small_lexicon();
    const LexiconIndex index(lexicon);
    Vocabulary vocabulary;
    for (int i = 0; i < 1500; ++i) {
      const char* words[] = {"dog", "dogs", "qq", "##ing", "42", "[CLS]", "house", "马车"};
      vocabulary.tokens.push_back(token_of(words[i % 8] + (i > 8 ? std::to_string(i) : "")));
    }
    ComposeOptions options;
    options.slots.slots.push_back({{{Part::surface, 1}}});
    options.threads = 1;
    const Composition one = Composer(lexicon, index, options).compose(vocabulary);
    options.threads = 3;
    const Composition three = Composer(lexicon, index, options).compose(vocabulary);
    one.check();
    REQUIRE(one.slots.size() == 4);
    CHECK(one.route == three.route);
    for (std::size_t j = 0; j < one.slots.size(); ++j) {
      CHECK(one.slots[j].column == three.slots[j].column);
      CHECK(one.slots[j].weight == three.slots[j].weight);
    }
    for (const SparseRows& slot : one.slots)
      for (const float w : slot.weight) {
        const float level = w * 255.0F;
        REQUIRE(std::abs(level - std::round(level)) < 1e-4F);
      }
  }

  TEST_CASE("only the routes that are allowed are taken") {
    const SmallLexicon lexicon = tests::small_lexicon();
    const LexiconIndex index(lexicon);
    ComposeOptions options;
    options.routes = route_bit(Route::exact);
    const Composer composer(lexicon, index, options);
    CHECK(composer.find(token_of("dog")).route == Route::exact);
    for (const char* text : {"dogs", "unhappiness", "42", "he", "infor"}) {
      CAPTURE(text);
      CHECK(composer.find(token_of(text)).route == Route::hashed);
    }
  }

  TEST_CASE("some tokens alone get the rows they get among all") {
    const SmallLexicon lexicon = tests::small_lexicon();
    const LexiconIndex index(lexicon);
    Vocabulary vocabulary;
    for (const char* text : {"dog", "qqqq", "dogs", "42", "house"})
      vocabulary.tokens.push_back(token_of(text));
    const Composer composer(lexicon, index, {});
    const Composition all = composer.compose(vocabulary);
    const std::vector<TokenId> wanted = {3, 1, 2};
    const Composition some = composer.compose(vocabulary, wanted);
    REQUIRE(some.tokens() == 3);
    const auto row = [](const Composition& c, std::size_t slot, TokenId token) {
      std::string text;
      for (std::size_t i = 0; i < c.slots[slot].columns_of(token).size(); ++i)
        text += c.atoms[static_cast<std::size_t>(c.slots[slot].columns_of(token)[i])].name + " " +
                std::to_string(c.slots[slot].weights_of(token)[i]) + ";";
      return text;
    };
    for (std::size_t i = 0; i < wanted.size(); ++i)
      for (std::size_t slot = 0; slot < all.slots.size(); ++slot)
        CHECK(row(some, slot, static_cast<TokenId>(i)) == row(all, slot, wanted[i]));
  }

  TEST_CASE("every atom of a composition is in some row") {
    const SmallLexicon lexicon = tests::small_lexicon();
    const LexiconIndex index(lexicon);
    Vocabulary vocabulary;
    for (const char* text : {"dog", "unhappiness", "qqqq"})
      vocabulary.tokens.push_back(token_of(text));
    const Composition c = Composer(lexicon, index, {}).compose(vocabulary);
    std::vector<bool> used(c.atoms.size());
    for (const SparseRows& slot : c.slots)
      for (const std::int32_t column : slot.column) used[static_cast<std::size_t>(column)] = true;
    CHECK(std::count(used.begin(), used.end(), false) == 0);
  }

  TEST_CASE("rows beyond the tokens are padding and too few rows are refused") {
    const SmallLexicon lexicon = tests::small_lexicon();
    const LexiconIndex index(lexicon);
    Vocabulary vocabulary;
    vocabulary.tokens = {token_of("dog"), token_of("run")};
    ComposeOptions options;
    options.rows = 5;
    const Composition c = Composer(lexicon, index, options).compose(vocabulary);
    CHECK(c.tokens() == 5);
    CHECK(c.route[4] == Route::special);
    CHECK(c.covered() == 2);
    options.rows = 1;
    const Composer narrow(lexicon, index, options);
    CHECK_THROWS_WITH_AS(narrow.compose(vocabulary),
                         doctest::Contains("has 2 tokens, more than the 1 rows"),
                         std::invalid_argument);
  }

  TEST_CASE("options that cannot be are named") {
    const SmallLexicon lexicon = tests::small_lexicon();
    const LexiconIndex index(lexicon);
    ComposeOptions options;
    options.max_atoms = 0;
    CHECK_THROWS_WITH_AS(Composer(lexicon, index, options), doctest::Contains("max_atoms"),
                         std::invalid_argument);
  }
}
