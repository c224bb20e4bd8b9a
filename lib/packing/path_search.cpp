#include "lib/packing/path_search.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "lib/packed/trellis.hpp"

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace sememe {

// State n is reached from 2 * (n ^ odd * g1), states of quantiser 0, while n is in the lower half,
// and from 2 * (n ^ odd * g1 ^ g0) + 1, states of quantiser 1, in the upper half. So the costs so
// far are parted into those of even and of odd states; each half then adds two of the four costs
// and reads its part twice, at indices changed by exclusive or: whole lanes that are permuted.

namespace {

#if defined(__AVX512F__)
constexpr std::size_t kLanes = 16;
#else
constexpr std::size_t kLanes = 8;
#endif
constexpr float kNever = 1e30F;

using Lane [[gnu::vector_size(4 * kLanes)]] = float;
using Pick [[gnu::vector_size(4 * kLanes)]] = std::int32_t;

/// lanes[b ^ (kChange / kLanes)], its elements exchanged by the rest of kChange
template <unsigned kChange, std::size_t... kI>
void load_changed(const Lane* lanes, std::size_t b, Lane& to, std::index_sequence<kI...> /*all*/) {
  const Lane& from = lanes[b ^ (kChange / kLanes)];
  to = __builtin_shufflevector(from, from, (kI ^ kChange % kLanes)...);
}

/// Elements first, first + 2, ... of two lanes one after the other.
template <std::size_t kFirst, std::size_t... kI>
void load_part(const Lane* lanes, Lane& to, std::index_sequence<kI...> /*all*/) {
  to = __builtin_shufflevector(lanes[0], lanes[1], (kFirst + 2 * kI)...);
}

/// to = base + from[at]; a shuffle by numbers has another name in each compiler.
void add_at(const Lane& base, const Lane& from, const Pick& at, Lane& to) {
#if defined(__clang__)
  to = base + __builtin_shufflevector(from, at);
#else
  to = base + __builtin_shuffle(from, at);
#endif
}

/// The lesser of each pair of elements, and a bit for each whether it is the odd one.
void keep_less(const Lane& even, const Lane& odd, Lane& cost, std::uint8_t* from) {
  const Pick less = odd < even;
  cost = less ? odd : even;
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  const auto bits = static_cast<std::uint16_t>(_mm512_movepi32_mask(std::bit_cast<__m512i>(less)));
  std::memcpy(from, &bits, sizeof(bits));
#elif defined(__AVX512F__)
  const auto bits = static_cast<std::uint16_t>(
      _mm512_test_epi32_mask(std::bit_cast<__m512i>(less), std::bit_cast<__m512i>(less)));
  std::memcpy(from, &bits, sizeof(bits));
#elif defined(__AVX__)
  *from = static_cast<std::uint8_t>(_mm256_movemask_ps(std::bit_cast<__m256>(less)));
#else
  std::array<std::int32_t, kLanes> each;
  std::memcpy(each.data(), &less, sizeof(less));
  unsigned bits = 0;
  for (std::size_t i = 0; i < kLanes; ++i) bits |= (each[i] != 0 ? 1U : 0U) << i;
  *from = static_cast<std::uint8_t>(bits);
#endif
}

template <int kBits>
void step_lanes(const PathSearch::Costs& added, Lane* cost, std::uint8_t* from) {
  constexpr Trellis kTrellis(kBits);
  constexpr std::size_t kHalf = kTrellis.states() / 2, kBlocks = kHalf / kLanes;
  constexpr unsigned kG1 = kTrellis.g1(), kG0 = kTrellis.g0() % kHalf;
  constexpr auto kAll = std::make_index_sequence<kLanes>();
  Lane part[2][kBlocks];
  for (std::size_t b = 0; b < kBlocks; ++b) {
    load_part<0>(cost + 2 * b, part[0][b], kAll);
    load_part<1>(cost + 2 * b, part[1][b], kAll);
  }
  for (std::size_t b = 0; b < kBlocks; ++b) {
    Lane changed;
    load_changed<kG1>(part[0], b, changed, kAll);
    keep_less(part[0][b] + added[0], changed + added[1], cost[b], from + b * kLanes / 8);
    Lane even;
    load_changed<kG0>(part[1], b, even, kAll);
    load_changed<kG0 ^ kG1>(part[1], b, changed, kAll);
    keep_less(even + added[2], changed + added[3], cost[kBlocks + b],
              from + (kHalf + b * kLanes) / 8);
  }
}

/// Trellis::signs() of the states 2 i + low.
template <int kBits>
constexpr auto signs_of_states(unsigned low) {
  std::array<std::int32_t, Trellis(kBits).states() / 2> signs = {};
  for (std::size_t i = 0; i < signs.size(); ++i)
    signs[i] = static_cast<std::int32_t>(Trellis::signs(static_cast<unsigned>(2 * i) + low));
  return signs;
}

/// step_lanes() where costs depend on the signs of the state that is left.
template <int kBits>
void step_lanes_joint(const PathSearch::JointCosts& added, Lane* cost, std::uint8_t* from) {
  constexpr Trellis kTrellis(kBits);
  constexpr std::size_t kHalf = kTrellis.states() / 2, kBlocks = kHalf / kLanes;
  constexpr unsigned kG1 = kTrellis.g1(), kG0 = kTrellis.g0() % kHalf;
  constexpr auto kAll = std::make_index_sequence<kLanes>();
  alignas(64) static constexpr auto kSignsOfEven = signs_of_states<kBits>(0);
  alignas(64) static constexpr auto kSignsOfOdd = signs_of_states<kBits>(1);
  Lane by_signs[4];
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t l = 0; l < kLanes; ++l) by_signs[i][l] = added[i][l % 8];
  Lane sum[4][kBlocks];
  for (std::size_t b = 0; b < kBlocks; ++b) {
    Lane even, odd;
    load_part<0>(cost + 2 * b, even, kAll);
    load_part<1>(cost + 2 * b, odd, kAll);
    Pick signs;
    std::memcpy(&signs, kSignsOfEven.data() + b * kLanes, sizeof(signs));
    add_at(even, by_signs[0], signs, sum[0][b]);
    add_at(even, by_signs[1], signs, sum[1][b]);
    std::memcpy(&signs, kSignsOfOdd.data() + b * kLanes, sizeof(signs));
    add_at(odd, by_signs[2], signs, sum[2][b]);
    add_at(odd, by_signs[3], signs, sum[3][b]);
  }
  for (std::size_t b = 0; b < kBlocks; ++b) {
    Lane even, odd;
    load_changed<kG1>(sum[1], b, odd, kAll);
    keep_less(sum[0][b], odd, cost[b], from + b * kLanes / 8);
    load_changed<kG0>(sum[2], b, even, kAll);
    load_changed<kG0 ^ kG1>(sum[3], b, odd, kAll);
    keep_less(even, odd, cost[kBlocks + b], from + (kHalf + b * kLanes) / 8);
  }
}

template <int kBits>
void step_single(const PathSearch::Costs& added, float* cost, std::uint8_t* from) {
  constexpr Trellis kTrellis(kBits);
  constexpr unsigned kStates = kTrellis.states();
  std::array<float, kStates> old;
  std::copy_n(cost, kStates, old.begin());
  std::fill_n(from, (kStates + 7) / 8, std::uint8_t{0});
  for (unsigned n = 0; n < kStates; ++n) {
    const unsigned q = n / (kStates / 2);
    const float even = old[kTrellis.before(n, 0)] + added[2 * q];
    const float odd = old[kTrellis.before(n, 1)] + added[2 * q + 1];
    if (odd < even) from[n / 8] = static_cast<std::uint8_t>(from[n / 8] | 1U << n % 8);
    cost[n] = odd < even ? odd : even;
  }
}

template <int kBits>
void search(std::span<const PathSearch::Level> level, std::span<const PathSearch::JointCosts> joint,
            std::vector<std::uint8_t>& odd, std::span<PathSearch::Branch> taken) {
  constexpr Trellis kTrellis(kBits);
  constexpr std::size_t kStates = kTrellis.states(), kBytes = (kStates + 7) / 8;
  if (odd.size() < level.size() * kBytes) odd.resize(level.size() * kBytes);
  constexpr std::size_t kLanesUsed = std::max<std::size_t>(1, kStates / kLanes);
  Lane lanes[kLanesUsed];
  std::array<float, kLanesUsed * kLanes> cost;
  cost.fill(kNever);
  cost[0] = 0;
  if constexpr (kStates / 2 >= kLanes) {
    std::memcpy(lanes, cost.data(), sizeof(lanes));
    for (std::size_t k = 0; k < level.size(); ++k) {
      std::uint8_t* const from = odd.data() + k * kBytes;
      if (kBits >= Trellis::kLeastJointBits && level[k].joint >= 0)
        step_lanes_joint<kBits>(joint[static_cast<std::size_t>(level[k].joint)], lanes, from);
      else
        step_lanes<kBits>(level[k].cost, lanes, from);
    }
    std::memcpy(cost.data(), lanes, sizeof(lanes));
  } else {
    for (std::size_t k = 0; k < level.size(); ++k)
      step_single<kBits>(level[k].cost, cost.data(), odd.data() + k * kBytes);
  }
  auto state =
      static_cast<unsigned>(std::min_element(cost.begin(), cost.begin() + kStates) - cost.begin());
  for (std::size_t k = level.size(); k-- > 0;) {
    const unsigned by = odd[k * kBytes + state / 8] >> state % 8 & 1U;
    state = kTrellis.before(state, by);
    taken[k].branch = static_cast<std::uint8_t>(2 * Trellis::quantiser(state) + by);
    taken[k].signs = static_cast<std::uint8_t>(Trellis::signs(state));
  }
}

/// search() for each number of bits a trellis can have.
template <std::size_t... kI>
constexpr auto searches(std::index_sequence<kI...> /*all*/) {
  return std::array{&search<Trellis::kLeastBits + static_cast<int>(kI)>...};
}

}  // namespace

void PathSearch::find(std::span<const Level> level, std::span<const JointCosts> joint,
                      std::span<Branch> taken) {
  static constexpr auto kSearches =
      searches(std::make_index_sequence<Trellis::kMostBits - Trellis::kLeastBits + 1>());
  kSearches[static_cast<std::size_t>(bits_ - Trellis::kLeastBits)](level, joint, odd_, taken);
}

}  // namespace sememe
