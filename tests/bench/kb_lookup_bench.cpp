// How fast a loaded knowledge base answers through the C++ API:
//   kb_lookup_bench KB [LOOKUPS [only]]     only: lookups, no similarities
// Lookups are of lemma keys drawn evenly at random, in an order a cache cannot guess, timed one by
// one after one pass that warms the pages; printed are quantiles over all of them. Pairs and
// neighbours likewise. Run it alone on the machine: the numbers are wall time.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "kb/database.hpp"
#include "kb/definition_similarity.hpp"
#include "kb/nearest.hpp"
#include "kb/similarity.hpp"
#include "kb/sqlite_lexicon.hpp"
#include "kb/statement.hpp"
#include "lib/base/random.hpp"

using namespace sememe;

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Keys of 200,000 lemmas drawn evenly.
std::vector<std::string> some_keys(const kb::Database& database) {
  const auto rows = static_cast<std::uint64_t>(database.scalar("SELECT max(rowid) FROM lemmas"));
  kb::Statement read(database, "SELECT key FROM lemmas WHERE rowid = ?");
  std::vector<std::string> keys;
  Random random(9);
  for (int i = 0; i < 200'000; ++i) {
    const kb::Rewind rewind(read);
    read.bind(1, static_cast<std::int64_t>(1 + random.below(rows)));
    if (read.step()) keys.emplace_back(read.text(0));
  }
  return keys;
}

const std::string& any(const std::vector<std::string>& keys, Random& random) {
  return keys[random.below(keys.size())];
}

void print_quantiles(const char* what, std::vector<double>& times_s) {
  std::sort(times_s.begin(), times_s.end());
  const auto at = [&](double share) {
    return times_s[static_cast<std::size_t>(share * static_cast<double>(times_s.size() - 1))] * 1e6;
  };
  std::printf("%-28s p50 %8.2f us   p99 %8.2f us   worst %9.1f us\n", what, at(0.5), at(0.99),
              at(1));
}

void lookups(const kb::SqliteLexicon& lexicon, const std::vector<std::string>& keys,
             std::int64_t count) {
  std::size_t sememes = 0;
  std::vector<double> times;
  for (const bool warm : {true, false}) {
    Random random(warm ? 1 : 2);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::string& key = any(keys, random);
      const auto start = Clock::now();
      for (const Sense& sense : lexicon.senses(key)) sememes += sense.sememes.size();
      if (!warm) times.push_back(since(start));
    }
  }
  print_quantiles("lookup, senses + sememes", times);
  std::printf("  (%zu sememes seen)\n", sememes);
}

void threads(const kb::SqliteLexicon& lexicon, const std::vector<std::string>& keys,
             std::int64_t count) {
  for (const int used : {1, 2}) {
    const auto start = Clock::now();
    {
      std::vector<std::jthread> workers;
      for (int t = 0; t < used; ++t)
        workers.emplace_back([&, t] {
          Random random(7, static_cast<std::uint64_t>(t));
          for (std::int64_t i = 0; i < count; ++i) lexicon.senses(any(keys, random));
        });
    }
    std::printf("%d thread%s                    %8.0f lookups/s\n", used, used == 1 ? " " : "s",
                static_cast<double>(count * used) / since(start));
  }
}

void pairs(const kb::Database& database, const std::vector<std::string>& keys) {
  constexpr int kPairs = 1'000'000;
  auto start = Clock::now();
  const kb::Similarity similarity(database);
  std::printf("similarity: loaded in         %8.2f s\n", since(start));
  std::vector<const std::vector<kb::Similarity::Node>*> words;
  Random random(3);
  while (words.size() < 2048) {
    const auto& senses = similarity.senses(any(keys, random));
    if (!senses.empty()) words.push_back(&senses);
  }
  start = Clock::now();
  double sum = 0;
  for (int i = 0; i < kPairs; ++i) {
    const auto best = similarity.words(kb::Measure::wu_palmer, *words[random.below(words.size())],
                                       *words[random.below(words.size())]);
    if (best) sum += best->value;
  }
  std::printf("word pairs, Wu-Palmer         %8.0f pairs/s  (mean %.4f)\n", kPairs / since(start),
              sum / kPairs);
}

void definition_pairs(const kb::Database& database, const std::vector<std::string>& keys) {
  constexpr int kPairs = 1'000'000;
  auto start = Clock::now();
  const kb::DefinitionSimilarity similarity(database);
  std::printf("definitions: loaded in        %8.2f s\n", since(start));
  Random random(5);
  std::vector<kb::DefinitionSimilarity::Word> words;
  for (std::size_t tries = 0; words.size() < 2048 && tries < 100'000; ++tries)
    if (const auto word = similarity.find(any(keys, random))) words.push_back(*word);
  if (words.empty()) return;
  start = Clock::now();
  double sum = 0;
  for (int i = 0; i < kPairs; ++i)
    sum += similarity.words(words[random.below(words.size())], words[random.below(words.size())]);
  std::printf("word pairs, Liu & Li          %8.0f pairs/s  (mean %.4f)\n", kPairs / since(start),
              sum / kPairs);
}

void neighbours(const kb::Database& database) {
  auto start = Clock::now();
  const kb::NearestWords nearest(database, {});
  std::printf("nearest: %lld words in        %8.2f s\n", static_cast<long long>(nearest.words()),
              since(start));
  const std::vector<std::string> keys = some_keys(database);
  Random random(4);
  std::vector<double> times;
  for (int i = 0; i < 300; ++i) {
    const std::string& key = any(keys, random);
    start = Clock::now();
    nearest.nearest(key, 10);
    times.push_back(since(start));
  }
  print_quantiles("nearest 10", times);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: kb_lookup_bench KB [LOOKUPS [only]]\n", stderr);
    return 2;
  }
  const std::int64_t count = argc > 2 ? std::atoll(argv[2]) : 200'000;
  const kb::SqliteLexicon lexicon(argv[1]);
  const kb::Database database(argv[1]);
  const std::vector<std::string> keys = some_keys(database);
  lookups(lexicon, keys, count);
  threads(lexicon, keys, count);
  if (argc > 3) return 0;
  if (database.scalar("SELECT EXISTS (SELECT 1 FROM synset_relations)") != 0) pairs(database, keys);
  definition_pairs(database, keys);
  neighbours(database);
}
