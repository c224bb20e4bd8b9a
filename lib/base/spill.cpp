#include "lib/base/spill.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <utility>

#include "lib/base/error.hpp"

namespace sememe {

namespace {

/// Drops whole pages of a map from resident memory. A shared or read-only map of a file loses
/// nothing by it: the pages stay in the system's cache, or on disk.
void drop_pages(const std::byte* first, std::size_t count) {
  static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<std::uintptr_t>(first) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(first) + count) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

/// A file without a name that is gone when closed.
int open_nameless(const std::filesystem::path& folder) {
  const int direct = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (direct >= 0) return direct;
  std::string name = (folder / "sememe-spill-XXXXXX").string();
  const int made = ::mkostemp(name.data(), O_CLOEXEC);
  if (made < 0) throw IoError("create a temporary file in", folder, errno);
  ::unlink(name.c_str());
  return made;
}

std::byte* map_nameless(std::size_t size) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  const int file = open_nameless(folder);
  // Taking the room now turns a full disk into an error here, not into a signal later.
  const int refused = ::posix_fallocate(file, 0, static_cast<off_t>(size));
  if (refused != 0) {
    ::close(file);
    throw IoError("take " + std::to_string(size) + " bytes of temporary room in", folder, refused);
  }
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int code = errno;
  ::close(file);
  if (address == MAP_FAILED) throw IoError("map a temporary file in", folder, code);
  return static_cast<std::byte*>(address);
}

}  // namespace

void release_pages(std::span<const std::byte> bytes) { drop_pages(bytes.data(), bytes.size()); }

SpillBuffer::SpillBuffer(std::int64_t bytes, std::int64_t heap_bytes)
    : size_(bytes), spilled_(bytes > heap_bytes) {
  if (bytes == 0) return;
  const auto size = static_cast<std::size_t>(bytes);
  if (spilled_) {
    data_ = map_nameless(size);
    return;
  }
  data_ = static_cast<std::byte*>(std::calloc(size, 1));
  if (data_ == nullptr) throw std::bad_alloc();
}

SpillBuffer::~SpillBuffer() {
  if (spilled_)
    ::munmap(data_, static_cast<std::size_t>(size_));
  else
    std::free(data_);
}

SpillBuffer::SpillBuffer(SpillBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      spilled_(std::exchange(other.spilled_, false)) {}

SpillBuffer& SpillBuffer::operator=(SpillBuffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(spilled_, other.spilled_);
  return *this;
}

void SpillBuffer::release(std::int64_t first, std::int64_t count) const {
  if (spilled_) drop_pages(data_ + first, static_cast<std::size_t>(count));
}

}  // namespace sememe
