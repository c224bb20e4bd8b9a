#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/packed/joint_levels.hpp"
#include "lib/packing/level_costs.hpp"
#include "lib/packing/path_search.hpp"

namespace sememe {

/// The levels of a block's numbers: what each could cost, row after row, then those of the cheapest
/// path through all of them. Reusable.
class BlockPath {
 public:
  /// Borrows both. @param trellis_bits  of the search: see PathSearch
  BlockPath(const LevelCosts& costs, const JointLevels& joint, int trellis_bits)
      : costs_(costs), joint_(joint), search_(trellis_bits) {}

  void clear();

  /// Appends a row. @param value  its numbers that are coded, in steps
  /// @param weight  what a squared step of error costs  @param bucket  of each number
  void add_row(std::span<const float> value, float weight, std::span<const std::uint8_t> bucket);

  /// Finds the path through the rows since clear(). Time 2^trellis_bits * levels.
  void find();

  /// A level of the path.
  struct Taken {
    std::span<const float> value;  ///< the numbers it stands for, one or several
    int bucket = 0;                ///< of the first of them
    unsigned quantiser = 0;
    std::int32_t level = 0;  ///< as it is coded
    float cost = 0;          ///< error by weight and lambda * bits
    float squares = 0;       ///< of value
    /// How far the numbers lie along the level's direction, of its sign: what it would best be.
    float size = 0;
  };
  /// The next level, in the order of the numbers. @pre find(); as many calls as there are levels
  Taken next();

 private:
  using Levels = std::array<std::int32_t, 4>;
  struct Group {
    std::size_t first = 0, count = 0;  ///< numbers
    int bucket = 0;
  };
  void cost_one(float value, float weight, int bucket);
  void cost_joint(std::span<const float> value, float weight, int bucket);
  float share(int bucket) const { return static_cast<float>(joint_.share(bucket)) / 65536.0F; }

  const LevelCosts& costs_;
  const JointLevels& joint_;
  PathSearch search_;
  std::vector<float> value_;
  std::vector<Group> group_;
  std::vector<PathSearch::Level> cost_;
  std::vector<Levels> level_;  ///< those the costs are of, beside the sign of the numbers' sum
  std::vector<PathSearch::JointCosts> joint_cost_;
  std::vector<std::array<Levels, 8>> joint_level_;
  std::vector<PathSearch::Branch> taken_;
  std::size_t next_ = 0;
};

}  // namespace sememe
