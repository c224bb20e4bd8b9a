#include "lib/tensor/dense_table.hpp"

#include <algorithm>
#include <cassert>

namespace sememe {

void DenseTable::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  assert(first >= 0 && count >= 0 && first + count <= tokens());
  assert(static_cast<std::int64_t>(out.size()) == count * dims());
  std::copy_n(matrix_.data() + first * dims(), count * dims(), out.data());
}

}  // namespace sememe
