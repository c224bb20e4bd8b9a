#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"
#include "lib/prior/low_rank_pair.hpp"
#include "lib/prior/prior.hpp"

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
class TrainedTable final : public Table {
 public:
  /// @throws std::invalid_argument if there is neither, or their shapes differ
  TrainedTable(std::shared_ptr<const Prior> prior, std::optional<LowRankPair> pair);
  /// Copies what it needs. Costs a pass over all bytes, to hold them against the checksum.
  /// @throws FormatError if the bundle is not such a table, or is not what was written
  explicit TrainedTable(const TensorBundleView& bundle);

  /// True if the bundle says it is one, rather than a packed table.
  static bool is_in(const TensorBundleView& bundle);

  std::int64_t tokens() const override;
  std::int64_t dims() const override;
  std::int64_t parameters() const;
  /// The number of parameters as a sum with its terms named: "2 * (531 * 12 + 612 * 11) + 128".
  std::string formula() const;
  std::int64_t bytes() const override { return stored_bytes_; }  ///< without a file's header
  std::int64_t resident_bytes() const override;
  const std::map<std::string, std::string>& metadata() const override { return metadata_; }
  /// Floats of the low-rank residual: of the pair, or the free values inside a product.
  std::string_view residual() const;
  const Prior* prior() const { return prior_.get(); }
  const LowRankPair* pair() const { return pair_ ? &*pair_ : nullptr; }

  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

  /// Sealed (lib/base/bundle_checksum.hpp): who adds metadata seals it again.
  TensorBundle bundle() const;

 private:
  std::shared_ptr<const Prior> prior_;
  std::optional<LowRankPair> pair_;
  std::int64_t stored_bytes_ = 0;
  std::map<std::string, std::string> metadata_;
};

}  // namespace sememe
