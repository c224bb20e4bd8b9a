#pragma once

#include <map>
#include <string>
#include <vector>

#include "lib/lexicon/lexicon.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::tests {

/// A lexicon of a few English and Chinese words, in maps, whose answers a reader can check by eye.
/// Sememe ids are given out in the order of first use.
class SmallLexicon : public Lexicon {
 public:
  /// Adds a sense: sememes as names, the first one main.
  SmallLexicon& add(const std::string& lemma, char pos, std::int64_t frequency,
                    const std::vector<std::string>& sememes, const std::string& language = "en") {
    const std::string key = text::lemma_key(lemma);
    Sense sense;
    sense.id = static_cast<SenseId>(++senses_made_);
    sense.part_of_speech = pos;
    for (const Sense& known : senses_[key]) sense.rank += known.part_of_speech == pos ? 1 : 0;
    sense.frequency = frequency;
    sense.source = static_cast<SourceId>(1);
    for (const std::string& name : sememes) {
      SenseSememe s;
      s.id = id_of(name);
      s.depth = sense.sememes.empty() ? 0 : 1;
      sense.sememes.push_back(s);
    }
    senses_[key].push_back(sense);
    languages_[key] = language;
    return *this;
  }
  /// Marks all senses of a lemma as inherited over so many links.
  SmallLexicon& inherits(const std::string& lemma, int steps) {
    for (Sense& sense : senses_[text::lemma_key(lemma)]) sense.inherited_steps = steps;
    return *this;
  }
  SmallLexicon& add_exception(const std::string& form, char pos, const std::string& base) {
    exceptions_[{form, pos}].push_back(base);
    return *this;
  }

  std::vector<Sense> senses(std::string_view key) const override {
    const auto found = senses_.find(std::string(key));
    return found == senses_.end() ? std::vector<Sense>() : found->second;
  }
  bool contains(std::string_view key) const override { return senses_.count(std::string(key)) > 0; }
  std::vector<std::string> base_forms(std::string_view key, char pos) const override {
    std::vector<std::string> bases;
    for (const auto& entry : exceptions_)
      if (entry.first.first == key && (pos == 'u' || entry.first.second == pos))
        bases.insert(bases.end(), entry.second.begin(), entry.second.end());
    return bases;
  }
  std::string sememe_name(SememeId id) const override {
    return names_[static_cast<std::size_t>(id) - 1];
  }
  void for_each_lemma(const std::function<void(const LemmaView&)>& visit) const override {
    for (const auto& entry : senses_) {
      std::map<char, std::int64_t> parts;
      for (const Sense& sense : entry.second) parts[sense.part_of_speech] += sense.frequency;
      for (const auto& part : parts)
        visit({entry.first, entry.first, languages_.at(entry.first), part.first, part.second});
    }
  }
  std::vector<std::string> provenance() const override { return {"small@1 xxh128:0"}; }

  SememeId id_of(const std::string& name) {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return static_cast<SememeId>(i + 1);
    names_.push_back(name);
    return static_cast<SememeId>(names_.size());
  }

 private:
  std::map<std::string, std::vector<Sense>> senses_;
  std::map<std::string, std::string> languages_;
  std::map<std::pair<std::string, char>, std::vector<std::string>> exceptions_;
  std::vector<std::string> names_;
  std::int64_t senses_made_ = 0;
};

/// The words most tests use.
inline SmallLexicon small_lexicon() {
  SmallLexicon lexicon;
  lexicon.add("dog", 'n', 40, {"livestock|牲畜"})
      .add("dog", 'n', 2, {"human|人", "undesired|莠"})
      .add("dog", 'v', 1, {"follow|跟随"})
      .add("run", 'v', 90, {"run|跑"})
      .add("happy", 'a', 30, {"joyful|喜悦"})
      .add("find", 'v', 600, {"look|看"})
      .add("found", 'v', 5, {"establish|建立"})
      .add("goose", 'n', 3, {"bird|禽"})
      .add("hot dog", 'n', 1, {"food|食品"})
      .add("house", 'n', 80, {"house|房屋"})
      .add("boat", 'n', 20, {"ship|船"})
      .add("known", 'a', 10, {"able|能"})
      .add("well", 'r', 70, {"good|好"})
      .add("helium", 'n', 1, {"chemical|化学物"})
      .add("he", 'n', 0, {"chemical|化学物"})
      .add("café", 'n', 2, {"facilities|设施"})
      .add("inform", 'v', 12, {"tell|告诉"})
      .add("information", 'n', 50, {"information|信息"})
      .add("马", 'n', 0, {"livestock|牲畜"}, "zh")
      .add("车", 'n', 0, {"vehicle|车"}, "zh")
      .add("马车", 'n', 0, {"LandVehicle|车"}, "zh");
  lexicon.add_exception("geese", 'n', "goose").add_exception("found", 'v', "find");
  return lexicon;
}

}  // namespace sememe::tests
