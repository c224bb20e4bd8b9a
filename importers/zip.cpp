#include "importers/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <span>

#include "importers/detect.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers {
namespace {

constexpr std::uint32_t kLocal = 0x04034B50;
constexpr std::uint32_t kCentral = 0x02014B50;
constexpr std::uint32_t kEnd = 0x06054B50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::int64_t kFreeBytes = std::int64_t{64} << 20;
constexpr std::int64_t kRatio = 200;
constexpr std::size_t kFirstBytes = 1 << 20;

template <class T>
T at(std::span<const std::byte> bytes, std::size_t offset) {
  return load<T>(bytes.subspan(offset, sizeof(T)));
}

/// Ends an inflate stream at the end of a scope.
struct Inflate {
  z_stream stream{};
  Inflate() = default;
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  ~Inflate() { inflateEnd(&stream); }
};

}  // namespace

bool is_plausible_expansion(std::int64_t packed, std::int64_t bytes) {
  return bytes <= kFreeBytes || bytes / kRatio <= packed;
}

bool is_zip(const std::filesystem::path& path) {
  return first_bytes(path, 4) == std::string_view("PK\x03\x04", 4);
}

void ZipArchive::fail(std::int64_t offset, const std::string& message) const {
  throw FormatError(file_.path(), offset, message);
}

ZipArchive::ZipArchive(const std::filesystem::path& path) : file_(path) {
  const std::span<const std::byte> bytes = file_.bytes();
  if (bytes.size() < kEndBytes) fail(0, "too short for a zip archive");
  // The end record is the last one, with a comment of at most 65,535 bytes behind it.
  std::size_t end = bytes.size() - kEndBytes;
  const std::size_t lowest = end > 65'535 ? end - 65'535 : 0;
  while (at<std::uint32_t>(bytes, end) != kEnd) {
    if (end == lowest) fail(static_cast<std::int64_t>(bytes.size()), "no end record of a zip");
    --end;
  }
  const auto count = at<std::uint16_t>(bytes, end + 10);
  const auto directory = at<std::uint32_t>(bytes, end + 16);
  if (at<std::uint16_t>(bytes, end + 4) != 0) {
    fail(static_cast<std::int64_t>(end), "one of several disks; unpack it first");
  }
  if (count == 0xFFFF || directory == 0xFFFFFFFF) {
    fail(static_cast<std::int64_t>(end), "zip64; unpack it first and import the folder");
  }
  std::size_t next = directory;
  for (int i = 0; i < count; ++i) entries_.push_back(directory_entry(next));
}

ZipEntry ZipArchive::directory_entry(std::size_t& next) const {
  const std::span<const std::byte> bytes = file_.bytes();
  const auto offset = static_cast<std::int64_t>(next);
  if (next > bytes.size() || bytes.size() - next < kCentralBytes ||
      at<std::uint32_t>(bytes, next) != kCentral) {
    fail(offset, "expected an entry of the zip's directory; the file is damaged");
  }
  ZipEntry entry;
  const auto flags = at<std::uint16_t>(bytes, next + 8);
  entry.method = at<std::uint16_t>(bytes, next + 10);
  entry.crc = at<std::uint32_t>(bytes, next + 16);
  entry.packed_bytes = at<std::uint32_t>(bytes, next + 20);
  entry.bytes = at<std::uint32_t>(bytes, next + 24);
  const std::size_t name_bytes = at<std::uint16_t>(bytes, next + 28);
  const std::size_t others =
      std::size_t{at<std::uint16_t>(bytes, next + 30)} + at<std::uint16_t>(bytes, next + 32);
  entry.header_offset = at<std::uint32_t>(bytes, next + 42);
  next += kCentralBytes;
  if (name_bytes > bytes.size() - next) fail(offset, "a name runs past the end of the file");
  entry.name = std::string(as_text(bytes.subspan(next, name_bytes)));
  next += name_bytes + others;
  if ((flags & 1) != 0) fail(offset, '\'' + entry.name + "' is encrypted; unpack it first");
  return entry;
}

const ZipEntry* ZipArchive::find(std::string_view file_name) const {
  for (const ZipEntry& entry : entries_) {
    const std::string_view name = entry.name;
    if (name.substr(name.rfind('/') + 1) == file_name) return &entry;
  }
  return nullptr;
}

std::string ZipArchive::extract(const ZipEntry& entry) const {
  const std::span<const std::byte> bytes = file_.bytes();
  const std::int64_t offset = entry.header_offset;
  const auto header = static_cast<std::size_t>(offset);
  if (header > bytes.size() || bytes.size() - header < kLocalBytes ||
      at<std::uint32_t>(bytes, header) != kLocal) {
    fail(offset, "expected the header of '" + entry.name + "'; the file is damaged");
  }
  const std::size_t begin = header + kLocalBytes + at<std::uint16_t>(bytes, header + 26) +
                            at<std::uint16_t>(bytes, header + 28);
  const auto packed = static_cast<std::size_t>(entry.packed_bytes);
  if (begin > bytes.size() || packed > bytes.size() - begin) {
    fail(offset, '\'' + entry.name + "' runs past the end of the file");
  }
  if (!is_plausible_expansion(entry.packed_bytes, entry.bytes)) {
    fail(offset, '\'' + entry.name + "' would grow from " + std::to_string(packed) + " to " +
                     std::to_string(entry.bytes) + " bytes; unpack it yourself if you trust it");
  }
  const std::span<const std::byte> data = bytes.subspan(begin, packed);
  std::string result;
  if (entry.method == 0) {
    result = std::string(as_text(data));
  } else if (entry.method == 8) {
    Inflate inflater;
    if (inflateInit2(&inflater.stream, -MAX_WBITS) != Z_OK) throw Error("zlib cannot start");
    inflater.stream.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));  // zlib only reads it
    inflater.stream.avail_in = static_cast<uInt>(packed);
    // Grown as the bytes come, so that a stated size alone costs nothing; one byte more than
    // stated, to see a longer stream.
    const std::size_t limit = static_cast<std::size_t>(entry.bytes) + 1;
    int status = Z_OK;
    while (status == Z_OK && result.size() < limit) {
      const std::size_t done = result.size();
      result.resize(std::min(limit, std::max(2 * done, kFirstBytes)));
      inflater.stream.next_out = reinterpret_cast<Bytef*>(result.data() + done);
      inflater.stream.avail_out = static_cast<uInt>(result.size() - done);
      status = inflate(&inflater.stream, Z_NO_FLUSH);
      result.resize(result.size() - inflater.stream.avail_out);
    }
    if (status != Z_STREAM_END)
      fail(offset, '\'' + entry.name + "' does not unpack; it is damaged");
  } else {
    fail(offset, '\'' + entry.name + "' is packed by method " + std::to_string(entry.method) +
                     ", expected 0 or 8; unpack it first");
  }
  if (static_cast<std::int64_t>(result.size()) != entry.bytes) {
    fail(offset, '\'' + entry.name + "' has " + std::to_string(result.size()) +
                     " bytes, expected " + std::to_string(entry.bytes));
  }
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(result.data()), result.size());
  if (crc != entry.crc) fail(offset, '\'' + entry.name + "' fails its CRC-32; it is damaged");
  return result;
}

}  // namespace sememe::importers
