#include "lib/formats/gguf.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

// Every count in the header is a claim of the file's author. None is multiplied but through
// checked_product, none sizes an allocation, and each loop over a claimed count takes bytes from
// the file in every turn, so that a lie ends at the end of the file.

namespace sememe::formats {
namespace {

constexpr std::uint64_t kMaxTensors = std::uint64_t{1} << 18;
constexpr std::uint64_t kMaxKeys = std::uint64_t{1} << 16;
constexpr std::uint64_t kMaxKeyBytes = 65'535;
constexpr std::uint64_t kMaxNameBytes = 64;
constexpr std::size_t kShownText = 256;
constexpr std::uint32_t kBool = 7;
constexpr std::uint32_t kString = 8;
constexpr std::uint32_t kArray = 9;

constexpr std::array<GgmlType, 31> kTypes = {{
    {0, "F32", 1, 4},         {1, "F16", 1, 2},         {2, "Q4_0", 32, 18},
    {3, "Q4_1", 32, 20},      {6, "Q5_0", 32, 22},      {7, "Q5_1", 32, 24},
    {8, "Q8_0", 32, 34},      {9, "Q8_1", 32, 36},      {10, "Q2_K", 256, 84},
    {11, "Q3_K", 256, 110},   {12, "Q4_K", 256, 144},   {13, "Q5_K", 256, 176},
    {14, "Q6_K", 256, 210},   {15, "Q8_K", 256, 292},   {16, "IQ2_XXS", 256, 66},
    {17, "IQ2_XS", 256, 74},  {18, "IQ3_XXS", 256, 98}, {19, "IQ1_S", 256, 50},
    {20, "IQ4_NL", 32, 18},   {21, "IQ3_S", 256, 110},  {22, "IQ2_S", 256, 82},
    {23, "IQ4_XS", 256, 136}, {24, "I8", 1, 1},         {25, "I16", 1, 2},
    {26, "I32", 1, 4},        {27, "I64", 1, 8},        {28, "F64", 1, 8},
    {29, "IQ1_M", 256, 56},   {30, "BF16", 1, 2},       {34, "TQ1_0", 256, 54},
    {35, "TQ2_0", 256, 66},
}};

/// Bytes of a scalar of that key-value type; 0 for text, array and unknown types.
std::int64_t scalar_bytes(std::uint32_t type) {
  constexpr std::array<std::int64_t, 13> kBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < kBytes.size() ? kBytes[type] : 0;
}

class HeaderReader {
 public:
  explicit HeaderReader(const MappedFile& file) : bytes_(file.bytes(), file.path()) {}

  std::int64_t offset() const { return bytes_.offset(); }
  [[noreturn]] void fail(const std::string& message) const { bytes_.fail("gguf: " + message); }

  template <class T>
  T value(std::string_view what) {
    return bytes_.value<T>(what);
  }

  std::string text(std::uint64_t most, std::string_view what) {
    const auto size = bytes_.value<std::uint64_t>(what);
    if (size > most)
      fail(std::string(what) + " of " + std::to_string(size) + " bytes; at most " +
           std::to_string(most));
    return std::string(as_text(bytes_.take(static_cast<std::int64_t>(size), what)));
  }

  void skip_text() {
    const auto size = bytes_.value<std::uint64_t>("gguf text");
    if (size > static_cast<std::uint64_t>(bytes_.remaining())) fail("a text longer than the file");
    bytes_.take(static_cast<std::int64_t>(size), "gguf text");
  }

  /// One value of a key-value pair as text.
  std::string shown(std::uint32_t type) {
    if (type == kArray) return array();
    if (type == kString) {
      const auto size = bytes_.value<std::uint64_t>("gguf text");
      if (size > static_cast<std::uint64_t>(bytes_.remaining()))
        fail("a text longer than the file");
      const auto all = as_text(bytes_.take(static_cast<std::int64_t>(size), "gguf text"));
      return std::string(all.substr(0, kShownText));
    }
    return scalar(type);
  }

 private:
  std::string scalar(std::uint32_t type) {
    switch (type) {
      case 0:
        return std::to_string(value<std::uint8_t>("gguf value"));
      case 1:
        return std::to_string(value<std::int8_t>("gguf value"));
      case 2:
        return std::to_string(value<std::uint16_t>("gguf value"));
      case 3:
        return std::to_string(value<std::int16_t>("gguf value"));
      case 4:
        return std::to_string(value<std::uint32_t>("gguf value"));
      case 5:
        return std::to_string(value<std::int32_t>("gguf value"));
      case 6:
        return std::to_string(value<float>("gguf value"));
      case kBool: {
        const auto flag = value<std::uint8_t>("gguf value");
        if (flag > 1) fail("a boolean of " + std::to_string(flag));
        return flag == 1 ? "true" : "false";
      }
      case 10:
        return std::to_string(value<std::uint64_t>("gguf value"));
      case 11:
        return std::to_string(value<std::int64_t>("gguf value"));
      case 12:
        return std::to_string(value<double>("gguf value"));
      default:
        fail("unknown type " + std::to_string(type) + " of a value");
    }
  }

  std::string array() {
    const auto type = value<std::uint32_t>("gguf array type");
    const auto count = value<std::uint64_t>("gguf array length");
    const auto left = static_cast<std::uint64_t>(bytes_.remaining());
    if (type == kString) {
      if (count > left / 8) fail("an array of more texts than the file holds");
      for (std::uint64_t i = 0; i < count; ++i) skip_text();
    } else {
      const std::int64_t width = scalar_bytes(type);
      if (width == 0) fail("an array of type " + std::to_string(type));
      if (count > left / static_cast<std::uint64_t>(width)) fail("an array longer than the file");
      const auto all = bytes_.take(static_cast<std::int64_t>(count) * width, "gguf array");
      if (type == kBool)
        for (const std::byte flag : all)
          if (flag > std::byte{1}) fail("a boolean that is neither 0 nor 1 in an array");
    }
    return "array of " + std::to_string(count);
  }

  ByteReader bytes_;
};

/// A tensor as declared, its place in the data, and the bytes that takes.
struct Info {
  GgufTensor tensor;
  std::uint64_t offset = 0;
  std::int64_t size = 0;
};

Info read_info(HeaderReader& reader) {
  Info info;
  info.tensor.name = reader.text(kMaxNameBytes, "a tensor name");
  const std::string who = "tensor '" + info.tensor.name + "': ";
  const auto axes = reader.value<std::uint32_t>("gguf axes");
  if (axes > 4) reader.fail(who + std::to_string(axes) + " axes; at most 4");
  for (std::uint32_t axis = 0; axis < axes; ++axis) {
    const auto extent = reader.value<std::int64_t>("gguf extent");
    if (extent < 1) reader.fail(who + "an extent of " + std::to_string(extent));
    info.tensor.shape.push_back(extent);
  }
  std::reverse(info.tensor.shape.begin(), info.tensor.shape.end());
  const auto type = reader.value<std::uint32_t>("gguf type");
  info.tensor.type = ggml_type(type);
  if (!info.tensor.type) reader.fail(who + "unknown type " + std::to_string(type));
  const std::int64_t row = axes == 0 ? 1 : info.tensor.shape.back();
  if (row % info.tensor.type->elements != 0)
    reader.fail(who + "rows of " + std::to_string(row) + " are no whole number of blocks of " +
                std::to_string(info.tensor.type->elements));
  const auto elements = checked_product(info.tensor.shape);
  const auto size =
      elements ? checked_product(*elements / info.tensor.type->elements, info.tensor.type->bytes)
               : std::nullopt;
  if (!size) reader.fail(who + "the product of its extents does not fit 63 bits");
  info.size = *size;
  info.offset = reader.value<std::uint64_t>("gguf offset");
  return info;
}

std::uint64_t padded(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

std::uint64_t alignment_of(const std::string& text, std::uint32_t type,
                           const HeaderReader& reader) {
  constexpr std::uint32_t kU32 = 4;
  if (type != kU32) reader.fail("general.alignment is not a u32");
  const std::uint64_t alignment = std::strtoull(text.c_str(), nullptr, 10);
  if (!std::has_single_bit(alignment))
    reader.fail("general.alignment is " + text + ", no power of two");
  return alignment;
}

}  // namespace

const GgmlType* ggml_type(std::uint32_t id) {
  const auto* const found = std::find_if(kTypes.begin(), kTypes.end(),
                                         [&](const GgmlType& type) { return type.id == id; });
  return found == kTypes.end() ? nullptr : found;
}

GgufFile::GgufFile(const std::filesystem::path& path) : file_(path) {
  HeaderReader reader(file_);
  if (reader.value<std::uint32_t>("gguf magic") != 0x46554747) reader.fail("no \"GGUF\" at byte 0");
  const auto version = reader.value<std::uint32_t>("gguf version");
  if (version != 2 && version != 3)
    reader.fail("version " + std::to_string(version) + "; versions 2 and 3 are read");
  const auto tensors = reader.value<std::uint64_t>("gguf tensor count");
  const auto keys = reader.value<std::uint64_t>("gguf key count");
  if (tensors > kMaxTensors) reader.fail(std::to_string(tensors) + " tensors; at most 262,144");
  if (keys > kMaxKeys) reader.fail(std::to_string(keys) + " key-values; at most 65,536");

  std::uint64_t alignment = 32;
  for (std::uint64_t i = 0; i < keys; ++i) {
    std::string key = reader.text(kMaxKeyBytes, "a key");
    const auto type = reader.value<std::uint32_t>("gguf value type");
    std::string shown = reader.shown(type);
    if (key == "general.alignment") alignment = alignment_of(shown, type, reader);
    if (metadata_.contains(key)) reader.fail("key '" + key + "' twice");
    metadata_.emplace(std::move(key), std::move(shown));
  }
  std::vector<Info> infos;
  std::set<std::string_view> names;
  for (std::uint64_t i = 0; i < tensors; ++i) infos.push_back(read_info(reader));
  for (const Info& info : infos)
    if (!names.insert(info.tensor.name).second)
      reader.fail("tensor '" + info.tensor.name + "' occurs twice");

  const auto all = file_.bytes();
  const std::uint64_t data = padded(static_cast<std::uint64_t>(reader.offset()), alignment);
  std::uint64_t end = 0;
  if (data > all.size()) {
    if (!infos.empty()) reader.fail("the file ends before its data begins; it is cut short");
    return;
  }
  for (Info& info : infos) {
    const std::string who = "tensor '" + info.tensor.name + "': ";
    const std::uint64_t begin = padded(end, alignment);
    if (info.offset != begin)
      reader.fail(who + "at data byte " + std::to_string(info.offset) + " where " +
                  std::to_string(begin) + " is due (a hole or an overlap)");
    const auto size = static_cast<std::uint64_t>(info.size);
    if (begin > all.size() - data || size > all.size() - data - begin)
      reader.fail(who + "ends after the file does; it is cut short");
    info.tensor.bytes =
        all.subspan(static_cast<std::size_t>(data + begin), static_cast<std::size_t>(size));
    end = begin + size;
    tensors_.push_back(std::move(info.tensor));
  }
  if (all.size() - data > padded(end, alignment))
    throw FormatError(path, static_cast<std::int64_t>(data + end),
                      "bytes after the last tensor belong to none");
}

}  // namespace sememe::formats
