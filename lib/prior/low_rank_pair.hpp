#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "lib/base/tensor_bundle.hpp"
#include "lib/prior/stored.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A low-rank residual of trainable floats:
///
///   row_t = mean + sum_{k < rank} left[t, k] * right[k]  + (t < reach ? more[t] * right[rank] : 0)
///
/// left (tokens, rank), right (rank, dims), or (rank + 1, dims) with reach > 0, mean (dims). One
/// more direction for the first `reach` tokens alone lets a table meet a size exactly. Parameters
/// rank * (tokens + dims) + dims, and reach + dims more with reach > 0. Immutable; safe to share.
///
/// Stored as residual.left, residual.more (reach, 1), residual.right, turned to (dims, rank), in
/// the pair's precision; residual.mean F32.
class LowRankPair {
 public:
  struct Parts {
    Matrix left;
    Matrix more;   ///< (reach, 1), or empty
    Matrix right;  ///< one row more than left has columns if `more` is not empty
    Vector mean;
    Precision precision = Precision::f32;  ///< of all but the mean
  };
  /// Rounds the values to the precision.
  /// @throws std::invalid_argument if shapes do not fit, NumericError if a value is not finite
  explicit LowRankPair(Parts parts);
  /// @throws FormatError if the bundle's "residual.*" tensors are not one
  static LowRankPair load(const TensorBundleView& bundle);

  Index tokens() const { return parts_.left.rows(); }
  Index dims() const { return parts_.mean.size(); }
  Index rank() const { return parts_.left.cols(); }
  Index reach() const { return parts_.more.rows(); }
  Index parameters() const {
    return parts_.left.size() + parts_.more.size() + parts_.right.size() + parts_.mean.size();
  }
  std::string formula() const;  ///< of the parameters, its terms named
  const Parts& parts() const { return parts_; }

  /// Adds rows [first, first + count) to `out`. @pre out.size() == count * dims()
  void add_rows(Index first, Index count, std::span<float> out) const;
  void store(TensorBundle& bundle) const;

 private:
  Parts parts_;
};

}  // namespace sememe
