#pragma once

#include <cstdint>
#include <random>

namespace sememe {

/// Seeded random numbers that are the same on every machine and standard library: the engine is
/// std::mt19937_64 (fixed by the standard), the distributions are ours (the standard's are not
/// fixed). Use from one thread at a time; give each tile of work its own Random(seed, stream).
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint64_t bits() { return engine_(); }  ///< 64 uniform bits
  double uniform();                           ///< [0, 1), 53 bits
  std::uint64_t below(std::uint64_t bound);   ///< [0, bound), unbiased; @pre bound > 0
  double normal();                            ///< mean 0, variance 1 (polar Box-Muller)

 private:
  std::mt19937_64 engine_;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// A well-mixed 64-bit value of `x` (the finaliser of SplitMix64, Steele, Lea & Flood 2014).
std::uint64_t mix64(std::uint64_t x);

}  // namespace sememe
