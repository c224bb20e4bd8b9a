#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/base/tensor_bundle.hpp"

namespace sememe {

/// The first 64 bits of the bytes' XXH3-128 (lib/base/file.hpp).
std::uint64_t short_checksum(std::span<const std::byte> bytes);

/// 16 hex digits over what a table's file holds beside the residual: names, shapes and bytes of
/// the other tensors, and the metadata the encoder writes (not "checksum" itself, nor "nonfinite",
/// which is a remark added later).
std::string rest_checksum(const TensorBundleView& bundle);
inline constexpr const char* kChecksumKey = "checksum";

/// Checksums of long bytes by sections of kBytes, each verified when it is first read: opening
/// stays cheap, and no byte that is not what was written is ever decoded. Costs 8 bytes of file per
/// section; verifying takes about 20 us a section, once. Safe to share between threads.
class SectionChecks {
 public:
  static constexpr std::int64_t kBytes = 1 << 18;
  static std::int64_t count(std::int64_t bytes) { return (bytes + kBytes - 1) / kBytes; }
  /// The checksums as they are stored, 8 bytes each.
  static std::vector<std::byte> store(std::span<const std::byte> bytes);

  SectionChecks() = default;
  /// Borrows both. @pre stored.size() == 8 * count(bytes.size())
  SectionChecks(std::span<const std::byte> bytes, std::span<const std::byte> stored);

  /// Verifies the sections that bytes [first, first + length) lie in, if that was not done before.
  /// Returns the offset of the first byte of a damaged section, or -1.
  std::int64_t damage_in(std::int64_t first, std::int64_t length) const;

 private:
  std::span<const std::byte> bytes_, stored_;
  std::unique_ptr<std::atomic<bool>[]> verified_;
};

}  // namespace sememe
