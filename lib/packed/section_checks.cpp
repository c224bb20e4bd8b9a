#include "lib/packed/section_checks.hpp"

#include <algorithm>
#include <charconv>

#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"

namespace sememe {

namespace {

constexpr std::size_t kDigits = 16;

std::string short_digits(std::span<const std::byte> bytes) {
  const std::string spelled = checksum(bytes);
  return spelled.substr(spelled.find(':') + 1, kDigits);
}

void add_text(ByteWriter& out, std::string_view text) {
  out.varint(text.size());
  out.append(as_bytes(text));
}

}  // namespace

std::uint64_t short_checksum(std::span<const std::byte> bytes) {
  const std::string digits = short_digits(bytes);
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

std::string rest_checksum(const TensorBundleView& bundle) {
  ByteWriter all;
  for (const auto& [key, value] : bundle.metadata) {
    if (key == kChecksumKey || key == "nonfinite") continue;
    add_text(all, key);
    add_text(all, value);
  }
  std::vector<const TensorView*> tensors;
  for (const TensorView& tensor : bundle.tensors) tensors.push_back(&tensor);
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorView* a, const TensorView* b) { return a->name < b->name; });
  for (const TensorView* tensor : tensors) {
    add_text(all, tensor->name);
    add_text(all, dtype_name(tensor->dtype));
    for (const std::int64_t extent : tensor->shape) all.varint(static_cast<std::uint64_t>(extent));
    if (tensor->name != "residual.code") all.value(short_checksum(tensor->bytes));
  }
  return short_digits(all.bytes());
}

std::vector<std::byte> SectionChecks::store(std::span<const std::byte> bytes) {
  ByteWriter out;
  for (std::size_t at = 0; at < bytes.size(); at += kBytes)
    out.value(short_checksum(bytes.subspan(at, std::min<std::size_t>(kBytes, bytes.size() - at))));
  return out.take();
}

SectionChecks::SectionChecks(std::span<const std::byte> bytes, std::span<const std::byte> stored)
    : bytes_(bytes),
      stored_(stored),
      verified_(std::make_unique<std::atomic<bool>[]>(stored.size() / 8)) {}

std::int64_t SectionChecks::damage_in(std::int64_t first, std::int64_t length) const {
  if (length == 0) return -1;
  for (std::int64_t s = first / kBytes; s <= (first + length - 1) / kBytes; ++s) {
    const auto section = static_cast<std::size_t>(s);
    if (verified_[section].load(std::memory_order_relaxed)) continue;
    const std::size_t begin = section * static_cast<std::size_t>(kBytes);
    const auto part = bytes_.subspan(begin, std::min<std::size_t>(kBytes, bytes_.size() - begin));
    if (short_checksum(part) != load<std::uint64_t>(stored_.subspan(8 * section, 8)))
      return s * kBytes;
    verified_[section].store(true, std::memory_order_relaxed);
  }
  return -1;
}

}  // namespace sememe
