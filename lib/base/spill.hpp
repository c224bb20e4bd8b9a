#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sememe {

/// Takes the pages that lie wholly inside `bytes` out of this process's resident memory; they are
/// read from their file again when next touched. For a mapped file much larger than memory, after a
/// part of it was used. @pre `bytes` lie in a read-only map of a file (MappedFile)
void release_pages(std::span<const std::byte> bytes);

/// Maps of files below this are small enough to stay resident.
inline constexpr std::int64_t kStayResidentBytes = std::int64_t{256} << 20;

/// Room for an array that may be larger than memory: on the heap below kStayResidentBytes, above
/// that in a nameless file of the folder for temporary files ($TMPDIR, else /tmp), mapped. Starts
/// as zeros. Movable, not copyable. Different parts may be used by different threads.
class SpillBuffer {
 public:
  SpillBuffer() = default;
  /// @throws IoError if the file cannot be made or the disk has no room for it
  /// @param heap_bytes  most that is taken from the heap
  explicit SpillBuffer(std::int64_t bytes, std::int64_t heap_bytes = kStayResidentBytes);
  ~SpillBuffer();
  SpillBuffer(SpillBuffer&& other) noexcept;
  SpillBuffer& operator=(SpillBuffer&& other) noexcept;

  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  std::int64_t size() const { return size_; }
  bool is_spilled() const { return spilled_; }

  /// Of a spilled buffer: the bytes keep their values, but leave resident memory until used again.
  void release(std::int64_t first, std::int64_t count) const;

 private:
  std::byte* data_ = nullptr;
  std::int64_t size_ = 0;
  bool spilled_ = false;
};

}  // namespace sememe
