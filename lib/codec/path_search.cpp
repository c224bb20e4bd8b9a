#include "lib/codec/path_search.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "lib/codec/trellis.hpp"

namespace sememe {

// State n is reached from 2 * (n ^ odd * g1), states of quantiser 0, while n is in the lower half,
// and from 2 * (n ^ odd * g1 ^ g0) + 1, states of quantiser 1, in the upper half. So the costs so
// far are parted into those of even and of odd states; each half then adds two of the four prices
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
using Flags [[gnu::vector_size(kLanes)]] = std::int8_t;

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

void keep_less(const Lane& even, const Lane& odd, Lane& cost, std::int8_t* from) {
  const Pick less = odd < even;
  cost = less ? odd : even;
  const Flags flags = __builtin_convertvector(less, Flags);
  std::memcpy(from, &flags, kLanes);
}

template <int kBits>
void step_lanes(const PathSearch::Prices& price, Lane* cost, std::int8_t* from) {
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
    keep_less(part[0][b] + price[0], changed + price[1], cost[b], from + b * kLanes);
    Lane even;
    load_changed<kG0>(part[1], b, even, kAll);
    load_changed<kG0 ^ kG1>(part[1], b, changed, kAll);
    keep_less(even + price[2], changed + price[3], cost[kBlocks + b], from + kHalf + b * kLanes);
  }
}

template <int kBits>
void step_single(const PathSearch::Prices& price, float* cost, std::int8_t* from) {
  constexpr Trellis kTrellis(kBits);
  constexpr unsigned kStates = kTrellis.states();
  std::array<float, kStates> old;
  std::copy_n(cost, kStates, old.begin());
  for (unsigned n = 0; n < kStates; ++n) {
    const unsigned q = n / (kStates / 2);
    const float even = old[kTrellis.before(n, 0)] + price[2 * q];
    const float odd = old[kTrellis.before(n, 1)] + price[2 * q + 1];
    from[n] = odd < even ? -1 : 0;
    cost[n] = odd < even ? odd : even;
  }
}

template <int kBits>
void search(std::span<const PathSearch::Prices> price, std::vector<std::int8_t>& odd,
            std::span<std::uint8_t> branch) {
  constexpr Trellis kTrellis(kBits);
  constexpr std::size_t kStates = kTrellis.states();
  if (odd.size() < price.size() * kStates) odd.resize(price.size() * kStates);
  constexpr std::size_t kLanesUsed = std::max<std::size_t>(1, kStates / kLanes);
  Lane lanes[kLanesUsed];
  std::array<float, kLanesUsed * kLanes> cost;
  cost.fill(kNever);
  cost[0] = 0;
  if constexpr (kStates / 2 >= kLanes) {
    std::memcpy(lanes, cost.data(), sizeof(lanes));
    for (std::size_t k = 0; k < price.size(); ++k)
      step_lanes<kBits>(price[k], lanes, odd.data() + k * kStates);
    std::memcpy(cost.data(), lanes, sizeof(lanes));
  } else {
    for (std::size_t k = 0; k < price.size(); ++k)
      step_single<kBits>(price[k], cost.data(), odd.data() + k * kStates);
  }
  auto state =
      static_cast<unsigned>(std::min_element(cost.begin(), cost.begin() + kStates) - cost.begin());
  for (std::size_t k = price.size(); k-- > 0;) {
    const unsigned taken = odd[k * kStates + state] != 0 ? 1 : 0;
    state = kTrellis.before(state, taken);
    branch[k] = static_cast<std::uint8_t>(2 * Trellis::quantiser(state) + taken);
  }
}

}  // namespace

void PathSearch::find(std::span<const Prices> price, std::span<std::uint8_t> branch) {
  switch (bits_) {
    case 2:
      return search<2>(price, odd_, branch);
    case 3:
      return search<3>(price, odd_, branch);
    case 4:
      return search<4>(price, odd_, branch);
    case 5:
      return search<5>(price, odd_, branch);
    case 6:
      return search<6>(price, odd_, branch);
    case 7:
      return search<7>(price, odd_, branch);
    default:
      return search<8>(price, odd_, branch);
  }
}

}  // namespace sememe
