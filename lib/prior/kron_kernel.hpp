#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// The products inside an entangled prior: for one token and one term, the Kronecker product of the
/// slots' vectors and its derivative. T is float where tables are read, double where they are
/// trained.

inline constexpr Index kMaxOrder = 4;

/// Adds the first out.size() entries of  g_0 (x) g_1 (x) ...  to out.
/// @param g  order pointers, g[j] to leaf[j] values   @param scratch  resized as needed
template <class T>
void add_product(const std::array<const T*, kMaxOrder>& g, const std::vector<Index>& leaf,
                 std::span<T> out, std::array<std::vector<T>, kMaxOrder>& scratch) {
  const std::size_t order = leaf.size();
  const auto dims = static_cast<Index>(out.size());
  // prefix[j] = g_0 (x) ... (x) g_j ; the last one is added to out on the way.
  const T* before = nullptr;
  Index count = 1;
  const T one = 1;
  before = &one;
  for (std::size_t j = 0; j + 1 < order; ++j) {
    std::vector<T>& prefix = scratch[j];
    prefix.resize(static_cast<std::size_t>(count * leaf[j]));
    for (Index p = 0; p < count; ++p)
      for (Index c = 0; c < leaf[j]; ++c)
        prefix[static_cast<std::size_t>(p * leaf[j] + c)] = before[p] * g[j][c];
    before = prefix.data();
    count *= leaf[j];
  }
  const Index last = leaf[order - 1];
  const T* tail = g[order - 1];
  for (Index p = 0; p * last < dims; ++p) {
    const Index width = std::min(last, dims - p * last);
    const T scale = before[p];
    T* to = out.data() + p * last;
    for (Index c = 0; c < width; ++c) to[c] += scale * tail[c];
  }
}

/// Adds to d_g[j] the derivative of <d_out, product> by g_j, for every j. `scratch` holds what
/// add_product left there for the same g.
template <class T>
void add_product_gradient(const std::array<const T*, kMaxOrder>& g, const std::vector<Index>& leaf,
                          std::span<const T> d_out, const std::array<T*, kMaxOrder>& d_g,
                          const std::array<std::vector<T>, kMaxOrder>& scratch,
                          std::array<std::vector<T>, kMaxOrder>& d_scratch) {
  const std::size_t order = leaf.size();
  const T one = 1;
  const T* d_product = d_out.data();
  auto length = static_cast<Index>(d_out.size());  // of d_product, within the table's width
  for (std::size_t j = order; j-- > 0;) {
    const T* before = j == 0 ? &one : scratch[j - 1].data();
    const Index count = j == 0 ? 1 : static_cast<Index>(scratch[j - 1].size());
    std::vector<T>& d_before = d_scratch[j];
    d_before.assign(static_cast<std::size_t>(count), T(0));
    for (Index p = 0; p < count && p * leaf[j] < length; ++p) {
      const Index width = std::min(leaf[j], length - p * leaf[j]);
      const T* from = d_product + p * leaf[j];
      T sum = 0;
      for (Index c = 0; c < width; ++c) {
        d_g[j][c] += before[p] * from[c];
        sum += g[j][c] * from[c];
      }
      d_before[static_cast<std::size_t>(p)] = sum;
    }
    d_product = d_before.data();
    length = count;
  }
}

}  // namespace sememe
