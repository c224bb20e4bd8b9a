#pragma once

#include <cstdint>
#include <span>

#include "lib/base/row_source.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A table stored as the (tokens, dims) matrix it is: 4 bytes per element. Immutable; safe to
/// share.
class DenseTable final : public RowSource {
 public:
  explicit DenseTable(Matrix matrix) : matrix_(std::move(matrix)) {}

  std::int64_t tokens() const override { return matrix_.rows(); }
  std::int64_t dims() const override { return matrix_.cols(); }
  std::int64_t bytes() const { return matrix_.size() * static_cast<std::int64_t>(sizeof(float)); }
  const Matrix& matrix() const { return matrix_; }

  void row(std::int64_t token, std::span<float> out) const { rows(token, 1, out); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

 private:
  Matrix matrix_;
};

}  // namespace sememe
