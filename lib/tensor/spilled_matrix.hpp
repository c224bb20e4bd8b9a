#pragma once

#include "lib/base/spill.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A (rows, cols) matrix of float32 or int32 that may be larger than memory: SpillBuffer's bytes
/// seen as rows. Starts as zeros. Movable, not copyable; rows of different threads may be written
/// at once.
template <class T>
class SpilledMatrix {
 public:
  using Rows = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  using ConstRows =
      Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

  SpilledMatrix() = default;
  /// @throws IoError if there is no room for it on disk
  SpilledMatrix(Index rows, Index cols, std::int64_t heap_bytes = kStayResidentBytes)
      : rows_(rows),
        cols_(cols),
        buffer_(rows * cols * static_cast<std::int64_t>(sizeof(T)), heap_bytes) {}

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  T* row(Index at) { return reinterpret_cast<T*>(buffer_.data()) + at * cols_; }
  const T* row(Index at) const { return reinterpret_cast<const T*>(buffer_.data()) + at * cols_; }
  Rows middle_rows(Index first, Index count) { return {row(first), count, cols_}; }
  ConstRows middle_rows(Index first, Index count) const { return {row(first), count, cols_}; }
  /// These rows will not soon be used again.
  void release(Index first, Index count) const {
    constexpr auto kSize = static_cast<std::int64_t>(sizeof(T));
    buffer_.release(first * cols_ * kSize, count * cols_ * kSize);
  }

 private:
  Index rows_ = 0;
  Index cols_ = 0;
  SpillBuffer buffer_;
};

}  // namespace sememe
