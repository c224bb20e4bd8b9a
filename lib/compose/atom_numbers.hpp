#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/ids.hpp"
#include "lib/composition/composition.hpp"
#include "lib/lexicon/lexicon.hpp"

namespace sememe {

/// Numbers the atoms that several threads meet while they compose. The numbers say only which atoms
/// are the same: they depend on who came first. Ranks, given at the end, do not. Safe to share.
/// Sememes of small ids, which is all of them, are found without a lock; 4 MiB.
class AtomNumbers {
 public:
  AtomNumbers() : direct_(kDirect) {}
  AtomNumbers(const AtomNumbers&) = delete;
  AtomNumbers& operator=(const AtomNumbers&) = delete;

  std::uint32_t of(SememeId sememe);
  std::uint32_t of(AtomKind kind, std::string_view name);

  struct Ranked {
    std::vector<Atom> atoms;          ///< sememes by name, then the other kinds, each by name
    std::vector<std::uint32_t> rank;  ///< by number: place in atoms. Sememes of one name share it
  };
  /// @pre no thread is numbering any more.
  Ranked ranked(const Lexicon& lexicon) const;

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::uint32_t> named;  ///< the kind's byte, then the name
    std::unordered_map<SememeId, std::uint32_t> sememes;
  };
  static constexpr std::size_t kDirect = std::size_t{1} << 20U;
  std::vector<std::atomic<std::uint32_t>> direct_;  ///< by id of the sememe: its number + 1, or 0
  std::array<Shard, 32> shards_;
  std::atomic<std::uint32_t> next_{0};
};

}  // namespace sememe
