#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe::conformance {

/// What every Table owes its users, checked against its rows computed another way.
/// @param dense  (tokens, dims), the rows by definition   @param tolerance  of any element
inline void check_table(const Table& table, const Matrix& dense, float tolerance) {
  REQUIRE(static_cast<Index>(table.tokens()) == dense.rows());
  REQUIRE(static_cast<Index>(table.dims()) == dense.cols());
  CHECK(static_cast<std::int64_t>(table.bytes()) > 0);

  // Every element is written, nothing beside the row is, and asking again gives the same bits.
  const auto dims = static_cast<std::size_t>(dense.cols());
  constexpr float kGuard = 12345.5F;
  Matrix first(dense.rows(), dense.cols());
  for (Index t = 0; t < dense.rows(); ++t) {
    CAPTURE(t);
    std::vector<float> row(dims + 2, std::numeric_limits<float>::quiet_NaN());
    row.front() = row.back() = kGuard;
    table.row(t, std::span<float>(row).subspan(1, dims));
    CHECK(row.front() == kGuard);
    CHECK(row.back() == kGuard);
    for (std::size_t d = 0; d < dims; ++d) first(t, static_cast<Index>(d)) = row[d + 1];
    CHECK((first.row(t) - dense.row(t)).cwiseAbs().maxCoeff() <= tolerance);
  }

  // Last to first, and from two threads at once: the same bits.
  std::vector<int> differences(2, 0);
  const auto walk = [&](std::size_t who) {
    std::vector<float> row(dims);
    for (Index t = dense.rows() - 1; t >= 0; --t) {
      table.row(t, row);
      for (std::size_t d = 0; d < dims; ++d)
        if (!(row[d] == first(t, static_cast<Index>(d)))) ++differences[who];
    }
  };
  std::thread other(walk, 1);
  walk(0);
  other.join();
  CHECK(differences == std::vector<int>{0, 0});
}

}  // namespace sememe::conformance
