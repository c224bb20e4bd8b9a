#include "lib/lexicon/key_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "lib/base/random.hpp"

using namespace sememe;

namespace {

/// Distinct strings over few letters, zero bytes among them, so that many share their beginnings.
std::set<std::string> some_keys(int count, std::uint64_t seed) {
  Random random(seed);
  std::set<std::string> keys;
  while (keys.size() < static_cast<std::size_t>(count)) {
    std::string key;
    const auto length = random.below(12);
    for (std::uint64_t i = 0; i < length; ++i) key.push_back("ab\0\xff"[random.below(4)]);
    keys.insert(key);
  }
  return keys;
}

}  // namespace

TEST_SUITE("lib/lexicon/key_table") {
  TEST_CASE("every key is found by its number and its bytes, and no other string is") {
    const std::set<std::string> keys = some_keys(997, 1);
    KeyTable table;
    for (const std::string& key : keys) table.append(key);
    table.finish();
    REQUIRE(table.size() == keys.size());
    std::uint32_t number = 0;
    for (const std::string& key : keys) {
      CHECK(table.find(key) == number);
      CHECK(table[number] == key);
      CHECK(table.lower_bound(key) == number);
      ++number;
    }
    for (const std::string& other : some_keys(500, 2)) {
      const auto place = std::distance(keys.begin(), keys.lower_bound(other));
      CHECK(table.lower_bound(other) == static_cast<std::uint32_t>(place));
      CHECK((table.find(other) != KeyTable::kNone) == (keys.count(other) > 0));
    }
  }

  TEST_CASE("an empty table holds nothing") {
    KeyTable table;
    table.finish();
    CHECK(table.size() == 0);
    CHECK(table.find("") == KeyTable::kNone);
    CHECK(table.lower_bound("a") == 0);
  }

  TEST_CASE("prefixes order as their strings do, from either end") {
    const std::set<std::string> keys = some_keys(300, 3);
    for (const std::string& a : keys)
      for (const std::string& b : {std::string("ab"), std::string("abababab\xff"), std::string()}) {
        if (order_prefix(a) < order_prefix(b)) CHECK(a < b);
        const std::string back_a(a.rbegin(), a.rend());
        const std::string back_b(b.rbegin(), b.rend());
        if (order_prefix(a, true) < order_prefix(b, true)) CHECK(back_a < back_b);
      }
  }
}
