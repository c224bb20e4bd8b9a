#include "lib/packing/block_path.hpp"

#include <algorithm>
#include <cmath>

#include "lib/packed/trellis.hpp"

namespace sememe {

namespace {

constexpr float kForbidden = 1e29F;  // more than any level costs

/// The cheapest even and the cheapest odd level in each quantiser, of those around `size`. Levels
/// are kept beside a sign; which of quantiser 1 are odd depends on it.
/// @param cost_of  a level in a quantiser, below 0 for one of the other sign
template <typename Cost>
void offer_levels(float size, bool negative, const Cost& cost_of, PathSearch::Costs& cost,
                  std::array<std::int32_t, 4>& level) {
  cost.fill(kForbidden);
  level.fill(0);
  const auto offer = [&](unsigned q, std::int32_t v) {
    const std::size_t branch = 2 * q + Trellis::odd(q, negative ? -v : v);
    const float asked = cost_of(q, v);
    if (asked >= cost[branch]) return;
    cost[branch] = asked;
    level[branch] = v;
  };
  const float most = static_cast<float>(kMaxValue - 64);
  const auto near = static_cast<std::int32_t>(std::min(size, most));
  offer(0, 0);
  if (near > 0) offer(0, near);
  offer(0, near + 1);
  const auto half = std::max(1, static_cast<std::int32_t>(std::min(size + 0.5F, most)));
  offer(1, half);
  offer(1, half + 1);
  if (half > 1) offer(1, half - 1);
  if (half <= 2) offer(1, -1);
}

/// Sum of numbers, each with its sign beside the first.
float along(std::span<const float> value, unsigned signs) {
  float sum = value[0];
  for (std::size_t i = 1; i < value.size(); ++i)
    sum += (signs >> (i - 1) & 1U) != 0 ? -value[i] : value[i];
  return sum;
}

float squares_of(std::span<const float> value) {
  float squares = 0;
  for (const float v : value) squares += v * v;
  return squares;
}

}  // namespace

void BlockPath::clear() {
  value_.clear();
  group_.clear();
  cost_.clear();
  level_.clear();
  joint_cost_.clear();
  joint_level_.clear();
  next_ = 0;
}

void BlockPath::add_row(std::span<const float> value, float weight,
                        std::span<const std::uint8_t> bucket) {
  const std::size_t begin = value_.size();
  value_.insert(value_.end(), value.begin(), value.end());
  for (std::size_t k = 0; k < value.size();) {
    const auto numbers = static_cast<std::size_t>(joint_.numbers(bucket[k]));
    const std::size_t count = std::min(numbers, value.size() - k);
    if (numbers == 1)
      cost_one(value[k], weight, bucket[k]);
    else
      cost_joint(value.subspan(k, count), weight, bucket[k]);
    group_.push_back({begin + k, count, bucket[k]});
    k += count;
  }
}

void BlockPath::cost_one(float value, float weight, int bucket) {
  const auto lambda = static_cast<float>(costs_.lambda());
  const float size = std::abs(value);
  offer_levels(
      size, value < 0,
      [&](unsigned q, std::int32_t v) {
        const std::int32_t height = std::abs(v);
        const float at = height == 0 ? 0.0F : costs_.rebuilt(q, bucket, height);
        const float left = size - (v < 0 ? -at : at);
        return weight * left * left + lambda * costs_.bits(q, bucket, height);
      },
      cost_.emplace_back().cost, level_.emplace_back());
}

void BlockPath::cost_joint(std::span<const float> value, float weight, int bucket) {
  const auto lambda = static_cast<float>(costs_.lambda());
  const auto count = static_cast<float>(value.size());
  const float part = share(bucket), squares = squares_of(value);
  cost_.emplace_back().joint = static_cast<std::int32_t>(joint_cost_.size());
  level_.emplace_back();
  PathSearch::JointCosts& costs = joint_cost_.emplace_back();
  std::array<Levels, 8>& levels = joint_level_.emplace_back();
  const unsigned directions = 1U << (value.size() - 1);
  for (unsigned signs = 0; signs < 8; ++signs) {
    const unsigned same = signs % directions;  // signs of numbers that are not there say nothing
    if (same != signs) {
      for (auto& by_signs : costs) by_signs[signs] = by_signs[same];
      levels[signs] = levels[same];
      continue;
    }
    const float sum = along(value, signs);
    PathSearch::Costs cost;
    offer_levels(
        std::abs(sum) * part, sum < 0,
        [&](unsigned q, std::int32_t v) {
          const std::int32_t height = std::abs(v);
          const float at = height == 0 ? 0.0F : part * costs_.rebuilt(q, bucket, height);
          const float error =
              squares + at * (count * at - 2 * (v < 0 ? -std::abs(sum) : std::abs(sum)));
          return weight * error + lambda * costs_.bits(q, bucket, height);
        },
        cost, levels[signs]);
    for (std::size_t i = 0; i < cost.size(); ++i) costs[i][signs] = cost[i];
  }
}

void BlockPath::find() {
  taken_.resize(cost_.size());
  search_.find(cost_, joint_cost_, taken_);
}

BlockPath::Taken BlockPath::next() {
  const Group& group = group_[next_];
  const auto [branch, signs] = taken_[next_];
  Taken taken;
  taken.value = std::span<const float>(value_).subspan(group.first, group.count);
  taken.bucket = group.bucket;
  taken.quantiser = branch / 2U;
  taken.squares = squares_of(taken.value);
  float sum = taken.value[0], parts = 1;
  std::int32_t level = 0;
  if (const std::int32_t joint = cost_[next_].joint; joint < 0) {
    level = level_[next_][branch];
    taken.cost = cost_[next_].cost[branch];
  } else {
    const auto at = static_cast<std::size_t>(joint);
    level = joint_level_[at][signs][branch];
    taken.cost = joint_cost_[at][branch][signs];
    sum = along(taken.value, signs);
    parts = share(group.bucket) * static_cast<float>(group.count);
  }
  ++next_;
  taken.level = sum < 0 ? -level : level;
  taken.size = (level < 0 ? -std::abs(sum) : std::abs(sum)) / parts;
  return taken;
}

}  // namespace sememe
