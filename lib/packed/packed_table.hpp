#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"

namespace sememe {

/// What is shipped: a prior (or none) plus the entropy-coded residual, decoded one block at a time.
/// Borrows the bundle's bytes. Immutable; copies share what was read.
class PackedTable final : public Table {
 public:
  /// @param owner  of the bundle's bytes, kept while the table lives; null: they must outlive it
  /// @throws FormatError if the bundle is not such a table or its streams do not fit their declared
  ///         sizes. Streams themselves are checked while they are decoded: damaged ones give
  ///         FormatError from rows(), never a crash.
  explicit PackedTable(const TensorBundleView& bundle, std::shared_ptr<const void> owner = {});

  std::int64_t tokens() const override;
  std::int64_t dims() const override;
  std::int64_t bytes() const override;  ///< of the tensors borrowed, without the file's header
  std::int64_t resident_bytes() const override;
  const std::map<std::string, std::string>& metadata() const override;

  /// Writes rows [first, first + count) row-major; blocks are decoded once, one row by one block.
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    rows(first, count, out, 1);
  }
  /// The same on several threads.
  /// @param threads  at most, the caller's among them; 0: all the machine has. Few rows are read by
  ///     the caller's alone: others are started by each call, which takes 10 to 20 us. Never
  ///     changes the result
  void rows(std::int64_t first, std::int64_t count, std::span<float> out, int threads) const;
  /// Writes rows of any tokens, in the order asked for; each block they need is decoded once.
  /// @param threads  as in rows()
  void gather(std::span<const std::int64_t> tokens, std::span<float> out,
              int threads = 1) const override;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace sememe
