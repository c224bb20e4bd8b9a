#include "importers/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <string>

#include "importers/zip.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

}  // namespace

struct ByteSource::State {
  std::filesystem::path path;
  int descriptor = -1;
  std::int64_t total = 0;
  std::int64_t done = 0;      ///< bytes read from the file
  std::int64_t unpacked = 0;  ///< bytes given out
  bool packed = false;
  bool in_member = false;  ///< a gzip member has begun and not ended
  z_stream stream{};
  bool stream_open = false;
  std::array<std::byte, kBufferBytes> raw;
  std::array<std::byte, kBufferBytes> out;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (stream_open) inflateEnd(&stream);
    if (descriptor >= 0) ::close(descriptor);
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw FormatError(path, done - stream.avail_in, message);
  }

  std::size_t read() {
    ssize_t n = 0;
    do {
      n = ::read(descriptor, raw.data(), raw.size());
    } while (n < 0 && errno == EINTR);
    if (n < 0) throw IoError("read", path, errno);
    done += n;
    return static_cast<std::size_t>(n);
  }

  std::span<const std::byte> unpack();
};

ByteSource::ByteSource(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.path = path;
  s.descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (s.descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw MissingInputError("open", path, errno);
    throw IoError("open", path, errno);
  }
  struct stat status {};
  if (::fstat(s.descriptor, &status) != 0) throw IoError("stat", path, errno);
  if (S_ISDIR(status.st_mode)) throw IoError("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) throw IoError("read (not a regular file)", path, EINVAL);
  s.total = status.st_size;
  std::array<unsigned char, 2> magic{};
  const ssize_t n = ::pread(s.descriptor, magic.data(), magic.size(), 0);
  s.packed = n == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
  if (!s.packed) return;
  if (inflateInit2(&s.stream, MAX_WBITS + 16) != Z_OK) throw Error("zlib cannot start");
  s.stream_open = true;
}

ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&& other) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&& other) noexcept = default;

std::int64_t ByteSource::done_bytes() const { return state_->done; }
std::int64_t ByteSource::total_bytes() const { return state_->total; }

std::span<const std::byte> ByteSource::next() {
  if (state_->packed) return state_->unpack();
  const std::size_t n = state_->read();
  return std::span<const std::byte>(state_->raw).first(n);
}

std::span<const std::byte> ByteSource::State::unpack() {
  for (;;) {
    if (stream.avail_in == 0) {
      const std::size_t n = read();
      if (n == 0) {
        if (in_member) fail("the gzip file is cut");
        return {};
      }
      stream.next_in = reinterpret_cast<Bytef*>(raw.data());
      stream.avail_in = static_cast<uInt>(n);
    }
    if (!in_member && unpacked > 0 && stream.next_in[0] != 0x1F) {
      fail("bytes behind the end of the gzip file");
    }
    in_member = true;
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      fail(std::string("the gzip file is damaged") + (stream.msg ? ": " : "") +
           (stream.msg ? stream.msg : ""));
    }
    if (status == Z_STREAM_END) {
      in_member = false;
      inflateReset(&stream);
    }
    const std::size_t n = out.size() - stream.avail_out;
    unpacked += static_cast<std::int64_t>(n);
    if (!is_plausible_expansion(done, unpacked)) {
      fail("the gzip file grows more than 200-fold; unpack it yourself if you trust it");
    }
    if (n > 0) return std::span<const std::byte>(out).first(n);
  }
}

}  // namespace sememe::importers
