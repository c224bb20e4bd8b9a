#include "lib/formats/safetensors.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/formats/safetensors_header.hpp"

namespace sememe::formats {
namespace {

constexpr std::int64_t kMaxHeaderBytes = 100'000'000;

std::optional<Dtype> dtype_named(std::string_view name) {
  constexpr std::array kOurs = {Dtype::u8,  Dtype::i8,   Dtype::i16, Dtype::i32, Dtype::i64,
                                Dtype::f16, Dtype::bf16, Dtype::f32, Dtype::f64};
  for (const Dtype dtype : kOurs)
    if (dtype_name(dtype) == name) return dtype;
  return std::nullopt;
}

/// Bytes per element of the types we only carry; 0 for a name the format does not have.
std::int64_t foreign_bytes(std::string_view name) {
  if (name == "BOOL" || name == "F8_E4M3" || name == "F8_E5M2" || name == "F8_E8M0") return 1;
  if (name == "U16") return 2;
  if (name == "U32") return 4;
  return name == "U64" || name == "C64" ? 8 : 0;
}

[[noreturn]] void refuse(const MappedFile& file, std::int64_t offset, const SafetensorsEntry& entry,
                         const std::string& what) {
  throw FormatError(file.path(), offset, "tensor '" + entry.name + "': " + what);
}

/// Names are unique, sizes follow from shapes, and in offset order the tensors tile the data.
void check_layout(const MappedFile& file, const std::vector<SafetensorsEntry>& entries,
                  std::int64_t data_offset) {
  std::vector<std::int32_t> order(entries.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
  const auto at = [&](std::int32_t i) -> const SafetensorsEntry& {
    return entries[static_cast<std::size_t>(i)];
  };
  std::sort(order.begin(), order.end(),
            [&](std::int32_t a, std::int32_t b) { return at(a).name < at(b).name; });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (at(order[i]).name == at(order[i - 1]).name)
      refuse(file, 8, at(order[i]), "occurs twice in the header");

  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return std::pair(at(a).begin, at(a).end) < std::pair(at(b).begin, at(b).end);
  });
  const std::int64_t data_bytes = static_cast<std::int64_t>(file.bytes().size()) - data_offset;
  std::int64_t expected = 0;
  for (const std::int32_t index : order) {
    const SafetensorsEntry& entry = at(index);
    const std::optional<Dtype> dtype = dtype_named(entry.dtype);
    const std::int64_t width = dtype ? dtype_bytes(*dtype) : foreign_bytes(entry.dtype);
    if (width == 0) refuse(file, 8, entry, "unknown dtype '" + entry.dtype + "'");
    const auto elements = checked_product(entry.shape);
    const auto size = elements ? checked_product(*elements, width) : std::nullopt;
    if (!size) refuse(file, 8, entry, "the product of its shape does not fit 63 bits");
    if (entry.end < entry.begin || entry.end - entry.begin != *size)
      refuse(file, 8, entry,
             "data_offsets [" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) +
                 "] do not span the " + std::to_string(*size) + " bytes of its shape");
    if (entry.begin != expected)
      refuse(file, data_offset, entry,
             "begins at data byte " + std::to_string(entry.begin) + " where " +
                 std::to_string(expected) + " is due (a hole or an overlap)");
    if (entry.end > data_bytes)
      refuse(file, data_offset, entry,
             "ends at data byte " + std::to_string(entry.end) + " but the file holds " +
                 std::to_string(data_bytes) + "; it is cut short");
    expected = entry.end;
  }
  if (expected != data_bytes)
    throw FormatError(
        file.path(), data_offset + expected,
        std::to_string(data_bytes - expected) + " bytes after the last tensor belong to none");
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : file_(path) {
  const auto bytes = file_.bytes();
  ByteReader reader(bytes, path);
  const auto header_bytes = reader.value<std::uint64_t>("safetensors header length");
  if (header_bytes > static_cast<std::uint64_t>(kMaxHeaderBytes))
    throw FormatError(path, 0,
                      "header length " + std::to_string(header_bytes) +
                          " is over the format's 100,000,000; is this a safetensors file?");
  const auto header = reader.take(static_cast<std::int64_t>(header_bytes), "safetensors header");
  data_offset_ = reader.offset();
  SafetensorsHeader parsed = parse_safetensors_header(as_text(header), path, 8);
  check_layout(file_, parsed.entries, data_offset_);

  std::stable_sort(parsed.entries.begin(), parsed.entries.end(),
                   [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
                     return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
                   });
  bundle_.path = path.string();
  bundle_.metadata = std::move(parsed.metadata);
  const auto data = bytes.subspan(static_cast<std::size_t>(data_offset_));
  for (SafetensorsEntry& entry : parsed.entries) {
    if (const auto dtype = dtype_named(entry.dtype)) {
      bundle_.tensors.push_back({std::move(entry.name), *dtype, std::move(entry.shape),
                                 data.subspan(static_cast<std::size_t>(entry.begin),
                                              static_cast<std::size_t>(entry.end - entry.begin))});
    } else {
      foreign_.push_back({std::move(entry.name), std::move(entry.dtype), std::move(entry.shape)});
    }
  }
}

}  // namespace sememe::formats
