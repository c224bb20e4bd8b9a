#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "lib/base/tensor_bundle.hpp"

namespace sememe {

/// What is shipped: a prior (or none) plus the entropy-coded residual, decoded one block at a time.
/// Borrows the bundle's bytes, which must outlive it. Immutable; row() and rows() may be called
/// from several threads at once.
class PackedTable {
 public:
  /// @throws FormatError if the bundle is not such a table or its streams do not fit their declared
  /// sizes. Streams
  ///         themselves are checked while they are decoded: damaged ones give FormatError from
  ///         row(), never a crash.
  explicit PackedTable(const TensorBundleView& bundle);
  ~PackedTable();
  PackedTable(PackedTable&&) noexcept;
  PackedTable& operator=(PackedTable&&) noexcept;

  std::int64_t tokens() const;
  std::int64_t dims() const;
  std::int64_t bytes()
      const;  ///< bytes of the tensors borrowed (at rest, without the file's header)
  std::int64_t resident_bytes() const;  ///< heap held while serving, beside the mapped bytes

  /// Writes row `token`. Decodes at most one block. @pre out.size() == dims()
  void row(std::int64_t token, std::span<float> out) const;
  /// Writes rows [first, first + count) row-major; blocks are decoded once.
  /// @param threads  at most, the caller's among them; 0: all the machine has. Few rows are read by
  ///     the caller's alone: others are started by each call, which takes 10 to 20 us. Never
  ///     changes the result
  void rows(std::int64_t first, std::int64_t count, std::span<float> out, int threads = 1) const;
  /// Writes rows of any tokens, in the order asked for; each block they need is decoded once.
  /// @param threads  as in rows()
  /// @pre every token is in [0, tokens()), out.size() == tokens.size() * dims()
  void gather(std::span<const std::int64_t> tokens, std::span<float> out, int threads = 1) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace sememe
