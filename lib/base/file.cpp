#include "lib/base/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <new>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

namespace sememe {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

/// Closes a descriptor at the end of a scope.
struct Descriptor {
  int fd;
  explicit Descriptor(int descriptor) : fd(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

void write_all(int fd, std::string_view data, const std::filesystem::path& path) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError("write", path, errno);
    data.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw MissingInputError("open", path, errno);
    throw IoError("open", path, errno);
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) throw IoError("stat", path, errno);
  if (S_ISDIR(status.st_mode)) throw IoError("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) throw IoError("map (not a regular file)", path, EINVAL);
  if (status.st_size == 0) return;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (address == MAP_FAILED) throw IoError("map", path, errno);
  bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

std::string read_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  return std::string(as_text(file.bytes()));
}

OutputFile::OutputFile(const std::filesystem::path& path)
    : path_(path), temporary_(path.string() + ".tmp-" + std::to_string(::getpid())) {
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw CreateError("create", path, errno);
  buffer_.reserve(kBufferBytes);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      buffer_(std::move(other.buffer_)),
      written_(other.written_),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void OutputFile::flush() {
  write_all(descriptor_, buffer_, path_);
  buffer_.clear();
}

void OutputFile::write(std::span<const std::byte> bytes) { write(as_text(bytes)); }

void OutputFile::write(std::string_view text) {
  if (buffer_.size() + text.size() > kBufferBytes) flush();
  if (text.size() >= kBufferBytes) {
    write_all(descriptor_, text, path_);
  } else {
    buffer_ += text;
  }
  written_ += static_cast<std::int64_t>(text.size());
}

void OutputFile::commit() {
  flush();
  if (::fsync(descriptor_) != 0) throw IoError("fsync", path_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0)
    throw CreateError("rename to", path_, errno);
  ::close(std::exchange(descriptor_, -1));
  const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.fd >= 0) ::fsync(handle.fd);
}

namespace {

std::string digits_of(const XXH128_hash_t& hash) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx",
                static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return std::string("xxh128:") + text.data();
}

}  // namespace

std::string checksum(std::span<const std::byte> bytes) {
  return digits_of(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string file_checksum(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw MissingInputError("open", path, errno);
    throw IoError("open", path, errno);
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) throw IoError("stat", path, errno);
  if (S_ISDIR(status.st_mode)) throw IoError("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) throw IoError("read (not a regular file)", path, EINVAL);
  const auto free_state = [](XXH3_state_t* s) { XXH3_freeState(s); };
  const std::unique_ptr<XXH3_state_t, decltype(free_state)> state(XXH3_createState(), free_state);
  if (!state) throw std::bad_alloc();
  XXH3_128bits_reset(state.get());
  std::string buffer(kBufferBytes, '\0');
  for (;;) {
    const ssize_t n = ::read(file.fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError("read", path, errno);
    if (n == 0) break;
    XXH3_128bits_update(state.get(), buffer.data(), static_cast<std::size_t>(n));
  }
  return digits_of(XXH3_128bits_digest(state.get()));
}

}  // namespace sememe
