#include "lib/formats/gguf_header.hpp"

#include <array>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

// Every count in the header is a claim of the file's author. None is multiplied before it was held
// against the bytes left, none sizes an allocation before, and each loop over a claimed count takes
// bytes from the file in every turn, so that a lie ends at the end of the file.

namespace sememe::formats {
namespace {

constexpr std::uint64_t kMaxTensors = std::uint64_t{1} << 18;
constexpr std::uint64_t kMaxKeys = std::uint64_t{1} << 16;
constexpr std::uint64_t kMaxKeyBytes = 65'535;
constexpr int kMaxDepth = 4;

/// Bytes of a scalar of that type; 0 for text, array and unknown types.
std::int64_t scalar_bytes(std::uint32_t type) {
  constexpr std::array<std::int64_t, 13> kBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < kBytes.size() ? kBytes[type] : 0;
}

/// A count or length, which version 1 writes in 32 bits.
std::uint64_t length_in(ByteReader& reader, std::uint32_t version, std::string_view what) {
  return version == 1 ? reader.value<std::uint32_t>(what) : reader.value<std::uint64_t>(what);
}

class ValueReader {
 public:
  ValueReader(std::span<const std::byte> all, const std::filesystem::path& path)
      : all_(all), reader_(all, path) {
    if (as_text(reader_.take(4, "gguf magic")) != "GGUF") fail("no \"GGUF\" at byte 0");
    version_ = reader_.value<std::uint32_t>("gguf version");
    if (version_ < 1 || version_ > 3)
      fail("version " + std::to_string(version_) + "; versions 1, 2 and 3 are read");
  }

  std::uint32_t version() const { return version_; }
  std::int64_t offset() const { return reader_.offset(); }
  [[noreturn]] void fail(const std::string& message) const { reader_.fail("gguf: " + message); }
  std::uint64_t length(std::string_view what) { return length_in(reader_, version_, what); }

  std::string_view key() {
    const std::uint64_t size = length("a key");
    if (size > kMaxKeyBytes)
      fail("a key of " + std::to_string(size) + " bytes; at most " + std::to_string(kMaxKeyBytes));
    return as_text(reader_.take(static_cast<std::int64_t>(size), "a key"));
  }

  GgufValue value() {
    GgufValue value;
    value.type = reader_.value<std::uint32_t>("gguf value type");
    if (value.type == GgufValue::kText) {
      value.bytes = text();
    } else if (value.type == GgufValue::kArray) {
      array(value, 0);
    } else {
      const std::int64_t width = scalar_bytes(value.type);
      if (width == 0) fail("unknown type " + std::to_string(value.type) + " of a value");
      value.bytes = reader_.take(width, "gguf value");
      if (value.type == GgufValue::kBool) check_boolean(value.bytes[0]);
    }
    return value;
  }

 private:
  std::span<const std::byte> text() {
    const std::uint64_t size = length("gguf text");
    if (size > static_cast<std::uint64_t>(reader_.remaining())) fail("a text longer than the file");
    return reader_.take(static_cast<std::int64_t>(size), "gguf text");
  }
  void check_boolean(std::byte flag) {
    if (flag > std::byte{1}) fail("a boolean of " + std::to_string(std::to_integer<int>(flag)));
  }

  void array(GgufValue& value, int depth) {
    if (depth >= kMaxDepth) fail("arrays nest deeper than 4");
    value.element = reader_.value<std::uint32_t>("gguf array type");
    const std::uint64_t count = length("gguf array length");
    const bool texts = value.element == GgufValue::kText;
    const std::int64_t least = version_ == 1 ? 4 : 8;  // bytes of a length
    const std::int64_t width = texts                                ? least
                               : value.element == GgufValue::kArray ? 4 + least
                                                                    : scalar_bytes(value.element);
    if (width == 0) fail("an array of type " + std::to_string(value.element));
    if (count > static_cast<std::uint64_t>(reader_.remaining() / width))
      fail(texts ? "an array of more texts than the file holds" : "an array longer than the file");
    value.count = static_cast<std::int64_t>(count);
    const auto start = static_cast<std::size_t>(offset());
    if (!texts && value.element != GgufValue::kArray) reader_.take(value.count * width, "an array");
    for (std::int64_t i = 0; texts && i < value.count; ++i) text();
    for (std::int64_t i = 0; value.element == GgufValue::kArray && i < value.count; ++i) {
      GgufValue inner;
      array(inner, depth + 1);
    }
    value.bytes = all_.subspan(start, static_cast<std::size_t>(offset()) - start);
    if (value.element == GgufValue::kBool)
      for (const std::byte flag : value.bytes) check_boolean(flag);
  }

  std::span<const std::byte> all_;
  ByteReader reader_;
  std::uint32_t version_ = 0;
};

}  // namespace

GgufHeader::GgufHeader(std::span<const std::byte> bytes, std::filesystem::path path)
    : path_(std::move(path)) {
  ValueReader reader(bytes, path_);
  version_ = reader.version();
  const std::uint64_t tensors = reader.length("gguf tensor count");
  const std::uint64_t keys = reader.length("gguf key count");
  if (tensors > kMaxTensors)
    reader.fail(std::to_string(tensors) + " tensors, more than the limit: at most 262,144");
  if (keys > kMaxKeys)
    reader.fail(std::to_string(keys) + " key-values, more than the limit: at most 65,536");
  tensors_ = static_cast<std::int64_t>(tensors);
  for (std::uint64_t i = 0; i < keys; ++i) {
    const std::string_view key = reader.key();
    if (!values_.emplace(key, reader.value()).second)
      reader.fail("key '" + std::string(key) + "' twice");
  }
  header_bytes_ = reader.offset();
}

void GgufHeader::fail(const std::string& message) const {
  throw FormatError(path_, header_bytes_, "gguf: " + message);
}

const GgufValue* GgufHeader::find(std::string_view key, std::uint32_t type) const {
  const auto found = values_.find(key);
  return found == values_.end() || found->second.type != type ? nullptr : &found->second;
}

std::string_view GgufHeader::text(std::string_view key) const {
  const GgufValue* const value = find(key, GgufValue::kText);
  return value == nullptr ? std::string_view() : as_text(value->bytes);
}

std::vector<std::string_view> GgufHeader::texts(std::string_view key) const {
  const GgufValue* const array = find(key, GgufValue::kArray);
  if (array == nullptr) return {};
  if (array->element != GgufValue::kText) fail(std::string(key) + " holds no strings");
  std::vector<std::string_view> texts;
  texts.reserve(static_cast<std::size_t>(array->count));
  ByteReader reader(array->bytes, path_);
  for (std::int64_t i = 0; i < array->count; ++i) {
    const auto size = static_cast<std::int64_t>(length_in(reader, version_, "gguf text"));
    texts.push_back(as_text(reader.take(size, "gguf text")));
  }
  return texts;
}

std::vector<std::int32_t> GgufHeader::numbers(std::string_view key) const {
  const GgufValue* const array = find(key, GgufValue::kArray);
  if (array == nullptr) return {};
  if (array->element != GgufValue::kU32 && array->element != GgufValue::kI32)
    fail(std::string(key) + " holds no 32-bit numbers");
  std::vector<std::int32_t> numbers;
  ByteReader reader(array->bytes, path_);
  for (std::int64_t i = 0; i < array->count; ++i)
    numbers.push_back(reader.value<std::int32_t>("gguf number"));
  return numbers;
}

}  // namespace sememe::formats
