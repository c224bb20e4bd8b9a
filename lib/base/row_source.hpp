#pragma once

#include <cstdint>
#include <span>

namespace sememe {

/// A (tokens, dims) table delivered as rows of float32, in tiles: what an encoder reads its target
/// from. Implemented over mapped files of any element type (lib/formats) and over matrices in
/// memory (lib/tensor), so that a table larger than memory can be fitted. rows() may be called from
/// several threads at once.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::int64_t tokens() const = 0;
  virtual std::int64_t dims() const = 0;
  /// Writes rows [first, first + count) row-major to out.
  /// @pre 0 <= first, first + count <= tokens(), out.size() == count * dims()
  virtual void rows(std::int64_t first, std::int64_t count, std::span<float> out) const = 0;
};

}  // namespace sememe
