#include "lib/prior/atom_rows.hpp"

#include <cassert>

namespace sememe {

void AtomRows::multiply(Index first, Index count, const Eigen::Ref<const Matrix>& leaves,
                        Eigen::Ref<Matrix> out) const {
  assert(first >= 0 && first + count <= tokens() && leaves.rows() == atoms);
  assert(out.rows() == count && out.cols() == leaves.cols());
  out.setZero();
  for (Index i = 0; i < count; ++i) {
    const auto row = static_cast<std::size_t>(first + i);
    for (std::int64_t e = row_start[row]; e < row_start[row + 1]; ++e) {
      const auto entry = static_cast<std::size_t>(e);
      out.row(i) += (static_cast<float>(weight[entry]) * kWeightStep) * leaves.row(column[entry]);
    }
  }
}

}  // namespace sememe
