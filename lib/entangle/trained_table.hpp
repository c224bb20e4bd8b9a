#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/tensor_bundle.hpp"
#include "lib/entangle/low_rank_pair.hpp"
#include "lib/entangle/prior.hpp"

namespace sememe {

/// A table of trainable floats alone, as SEE has it: what knowledge predicts, a low-rank residual,
/// or both. It can be trained further with the model around it; the packed table cannot.
///
///   row_t = prior_t + pair_t          parameters = prior's + pair's
///
/// Bundle: metadata "format": "sememe.table.1", "residual": "none" or "low-rank", "checksum"
/// (lib/base/bundle_checksum.hpp: over all there is, 16 digits), and the tensors of Prior::store
/// and LowRankPair::store. Who trains the floats further sets "checksum" to "none", which is read
/// unchecked; a bundle without any is refused. Immutable; safe to share between threads.
class TrainedTable {
 public:
  /// @throws std::invalid_argument if there is neither, or their shapes differ
  TrainedTable(std::shared_ptr<const Prior> prior, std::optional<LowRankPair> pair);
  /// Copies what it needs. Costs a pass over all bytes, to hold them against the checksum.
  /// @throws FormatError if the bundle is not such a table, or is not what was written
  explicit TrainedTable(const TensorBundleView& bundle);

  /// True if the bundle says it is one, rather than a packed table.
  static bool is_in(const TensorBundleView& bundle);

  std::int64_t tokens() const;
  std::int64_t dims() const;
  std::int64_t parameters() const;
  std::int64_t bytes() const { return stored_bytes_; }  ///< of the tensors, without a file's header
  std::int64_t resident_bytes() const;                  ///< heap held while serving
  /// Floats of the low-rank residual: of the pair, or the free values inside a product.
  std::string_view residual() const;
  const Prior* prior() const { return prior_.get(); }
  const LowRankPair* pair() const { return pair_ ? &*pair_ : nullptr; }

  void row(std::int64_t token, std::span<float> out) const { rows(token, 1, out); }
  /// Writes rows [first, first + count), row-major.
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const;

  /// Sealed (lib/base/bundle_checksum.hpp): who adds metadata seals it again.
  TensorBundle bundle() const;

 private:
  std::shared_ptr<const Prior> prior_;
  std::optional<LowRankPair> pair_;
  std::int64_t stored_bytes_ = 0;
};

}  // namespace sememe
