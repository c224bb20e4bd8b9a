#include "lib/formats/gguf.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <string_view>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

// As in the header, nothing is multiplied but through checked_product, and nothing kept before the
// bytes it claims were found.

namespace sememe::formats {
namespace {

constexpr std::uint64_t kMaxNameBytes = 64;
constexpr std::size_t kShownText = 256;

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

[[noreturn]] void fail(const ByteReader& reader, const std::string& message) {
  reader.fail("gguf: " + message);
}

template <class T>
std::string number(std::span<const std::byte> bytes) {
  return std::to_string(load<T>(bytes));
}

/// A value as text.
std::string shown(const GgufValue& value) {
  using Number = std::string (*)(std::span<const std::byte>);
  constexpr std::array<Number, 13> kNumbers = {number<std::uint8_t>,
                                               number<std::int8_t>,
                                               number<std::uint16_t>,
                                               number<std::int16_t>,
                                               number<std::uint32_t>,
                                               number<std::int32_t>,
                                               number<float>,
                                               nullptr,
                                               nullptr,
                                               nullptr,
                                               number<std::uint64_t>,
                                               number<std::int64_t>,
                                               number<double>};
  if (value.type == GgufValue::kArray) return "array of " + std::to_string(value.count);
  if (value.type == GgufValue::kText)
    return std::string(as_text(value.bytes).substr(0, kShownText));
  if (value.type == GgufValue::kBool) return value.bytes[0] == std::byte{1} ? "true" : "false";
  return kNumbers[value.type](value.bytes);
}

/// A tensor as declared, its place in the data, and the bytes that takes.
struct Info {
  GgufTensor tensor;
  std::uint64_t offset = 0;
  std::int64_t size = 0;
};

Info read_info(ByteReader& reader) {
  Info info;
  const auto name_bytes = reader.value<std::uint64_t>("a tensor name");
  if (name_bytes > kMaxNameBytes)
    fail(reader, "a tensor name of " + std::to_string(name_bytes) + " bytes; at most 64");
  info.tensor.name = as_text(reader.take(static_cast<std::int64_t>(name_bytes), "a tensor name"));
  const std::string who = "tensor '" + info.tensor.name + "': ";
  const auto axes = reader.value<std::uint32_t>("gguf axes");
  if (axes > 4) fail(reader, who + std::to_string(axes) + " axes; at most 4");
  for (std::uint32_t axis = 0; axis < axes; ++axis) {
    const auto extent = reader.value<std::int64_t>("gguf extent");
    if (extent < 1) fail(reader, who + "an extent of " + std::to_string(extent));
    info.tensor.shape.push_back(extent);
  }
  std::reverse(info.tensor.shape.begin(), info.tensor.shape.end());
  const auto type = reader.value<std::uint32_t>("gguf type");
  info.tensor.type = ggml_type(type);
  if (!info.tensor.type) fail(reader, who + "unknown type " + std::to_string(type));
  const std::int64_t row = axes == 0 ? 1 : info.tensor.shape.back();
  if (row % info.tensor.type->elements != 0)
    fail(reader, who + "rows of " + std::to_string(row) + " are no whole number of blocks of " +
                     std::to_string(info.tensor.type->elements));
  const auto elements = checked_product(info.tensor.shape);
  const auto size =
      elements ? checked_product(*elements / info.tensor.type->elements, info.tensor.type->bytes)
               : std::nullopt;
  if (!size) fail(reader, who + "the product of its extents does not fit 63 bits");
  info.size = *size;
  info.offset = reader.value<std::uint64_t>("gguf offset");
  return info;
}

std::uint64_t padded(std::uint64_t size, std::uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

/// Refuses headers that a tokenizer may have and a file of tensors not.
void check_header(const GgufHeader& header) {
  if (header.version() == 1) header.fail("version 1; versions 2 and 3 are read");
  for (const auto& entry : header.values())
    if (entry.second.type == GgufValue::kArray && entry.second.element == GgufValue::kArray)
      header.fail("an array of type 9");
}

std::uint64_t alignment_of(const GgufHeader& header) {
  const auto found = header.values().find("general.alignment");
  if (found == header.values().end()) return 32;
  if (found->second.type != GgufValue::kU32) header.fail("general.alignment is not a u32");
  const auto alignment = load<std::uint32_t>(found->second.bytes);
  if (!std::has_single_bit(alignment))
    header.fail("general.alignment is " + std::to_string(alignment) + ", no power of two");
  return alignment;
}

std::vector<Info> read_infos(const GgufHeader& header, ByteReader& reader) {
  std::vector<Info> infos;
  for (std::int64_t i = 0; i < header.tensors(); ++i) infos.push_back(read_info(reader));
  std::set<std::string_view> names;
  for (const Info& info : infos)
    if (!names.insert(info.tensor.name).second)
      fail(reader, "tensor '" + info.tensor.name + "' occurs twice");
  return infos;
}

}  // namespace

const GgmlType* ggml_type(std::uint32_t id) {
  const auto* const found = std::find_if(kTypes.begin(), kTypes.end(),
                                         [&](const GgmlType& type) { return type.id == id; });
  return found == kTypes.end() ? nullptr : found;
}

GgufFile::GgufFile(const std::filesystem::path& path) : file_(path), header_(file_.bytes(), path) {
  check_header(header_);
  const std::uint64_t alignment = alignment_of(header_);
  const auto all = file_.bytes();
  ByteReader reader(all.subspan(static_cast<std::size_t>(header_.header_bytes())), path,
                    header_.header_bytes());
  std::vector<Info> infos = read_infos(header_, reader);

  const std::uint64_t data = padded(static_cast<std::uint64_t>(reader.offset()), alignment);
  std::uint64_t end = 0;
  if (data > all.size()) {
    if (!infos.empty()) fail(reader, "the file ends before its data begins; it is cut short");
    return;
  }
  for (Info& info : infos) {
    const std::string who = "tensor '" + info.tensor.name + "': ";
    const std::uint64_t begin = padded(end, alignment);
    if (info.offset != begin)
      fail(reader, who + "at data byte " + std::to_string(info.offset) + " where " +
                       std::to_string(begin) + " is due (a hole or an overlap)");
    const auto size = static_cast<std::uint64_t>(info.size);
    if (begin > all.size() - data || size > all.size() - data - begin)
      fail(reader, who + "ends after the file does; it is cut short");
    info.tensor.bytes =
        all.subspan(static_cast<std::size_t>(data + begin), static_cast<std::size_t>(size));
    end = begin + size;
    tensors_.push_back(std::move(info.tensor));
  }
  if (all.size() - data > padded(end, alignment))
    throw FormatError(path, static_cast<std::int64_t>(data + end),
                      "bytes after the last tensor belong to none");
}

std::map<std::string, std::string> GgufFile::metadata() const {
  std::map<std::string, std::string> metadata;
  for (const auto& entry : header_.values()) metadata.emplace(entry.first, shown(entry.second));
  return metadata;
}

}  // namespace sememe::formats
