#pragma once

#include <cstdint>
#include <span>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A table stored as the (tokens, dims) matrix it is: 4 bytes per element. Immutable; safe to
/// share.
class DenseTable final : public Table {
 public:
  explicit DenseTable(Matrix matrix) : matrix_(std::move(matrix)) {}

  std::int64_t tokens() const override { return matrix_.rows(); }
  std::int64_t dims() const override { return matrix_.cols(); }
  std::int64_t resident_bytes() const override { return bytes(); }
  const Matrix& matrix() const { return matrix_; }

  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

 private:
  Matrix matrix_;
};

}  // namespace sememe
