#include "lib/prior/remainder.hpp"

#include <cstddef>
#include <vector>

namespace sememe {

void Remainder::rows(std::int64_t first, std::int64_t count, std::span<float> out) const {
  target_.rows(first, count, out);
  std::vector<float> predicted(out.size());
  predicted_.rows(first, count, predicted);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] -= predicted[i];
}

}  // namespace sememe
