#include "lib/formats/safetensors_header.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "lib/base/error.hpp"

// The header is read as events, not as a document: a document of a hostile header would take many
// times the file's size before the first check. A handler follows the grammar with one state per
// nesting level and refuses the first event that does not belong.

namespace sememe::formats {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxEntries = std::size_t{1} << 18;
constexpr std::size_t kMaxMetadata = std::size_t{1} << 16;
constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::size_t kMaxDims = 32;

/// Where in the grammar the next event is.
enum class At { start, top, metadata, entry, shape, offsets, finished };

class HeaderHandler : public nlohmann::json_sax<Json> {
 public:
  HeaderHandler(const std::filesystem::path& path, std::int64_t base) : path_(path), base_(base) {}
  SafetensorsHeader take() { return std::move(header_); }

  bool null() override { refuse("null"); }
  bool boolean(bool /*value*/) override { refuse("a boolean"); }
  bool number_integer(number_integer_t /*value*/) override { refuse("a negative number"); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    refuse("the number " + text.substr(0, 40));
  }
  bool binary(binary_t& /*value*/) override { refuse("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    constexpr number_unsigned_t kLargest = (number_unsigned_t{1} << 63) - 1;
    if (value > kLargest) refuse("a number above 2^63 - 1");
    if (at_ == At::shape) {
      if (entry().shape.size() == kMaxDims) refuse("a shape of more than 32 numbers");
      entry().shape.push_back(static_cast<std::int64_t>(value));
    } else if (at_ == At::offsets && offsets_ < 2) {
      (offsets_++ == 0 ? entry().begin : entry().end) = static_cast<std::int64_t>(value);
    } else {
      refuse("a number");
    }
    return true;
  }

  bool string(string_t& value) override {
    if (at_ == At::metadata) {
      if (header_.metadata.size() == kMaxMetadata) refuse("more than 65,536 metadata entries");
      if (!header_.metadata.emplace(std::move(key_), std::move(value)).second)
        refuse("a metadata key that occurs twice");
    } else if (at_ == At::entry && key_ == "dtype") {
      entry().dtype = value.substr(0, 16);
    } else {
      refuse("a string");
    }
    return true;
  }

  bool start_object(std::size_t /*size*/) override {
    if (at_ == At::start) {
      at_ = At::top;
    } else if (at_ == At::top && key_ == "__metadata__") {
      if (std::exchange(has_metadata_, true)) refuse("\"__metadata__\" twice");
      at_ = At::metadata;
    } else if (at_ == At::top) {
      if (header_.entries.size() == kMaxEntries) refuse("more than 262,144 tensors");
      header_.entries.push_back({std::move(key_), {}, {}, 0, 0});
      has_dtype_ = has_shape_ = has_offsets_ = false;
      at_ = At::entry;
    } else {
      refuse("an object");
    }
    return true;
  }

  bool key(string_t& value) override {
    if (value.size() > kMaxNameBytes)
      refuse("a name of " + std::to_string(value.size()) + " bytes");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(value.begin(), value.end(), is_control))
      refuse("a control character in a name");
    if (at_ == At::entry) {
      bool* const seen = value == "dtype"          ? &has_dtype_
                         : value == "shape"        ? &has_shape_
                         : value == "data_offsets" ? &has_offsets_
                                                   : nullptr;
      if (!seen) refuse("the key \"" + value + '"');
      if (std::exchange(*seen, true)) refuse("the key \"" + value + "\" twice");
    }
    key_ = std::move(value);
    return true;
  }

  bool end_object() override {
    if (at_ == At::entry) {
      if (!(has_dtype_ && has_shape_ && has_offsets_)) refuse("an entry with a key missing");
      if (entry().dtype.empty()) refuse("an empty dtype");
      at_ = At::top;
    } else if (at_ == At::metadata) {
      at_ = At::top;
    } else {
      at_ = At::finished;
    }
    return true;
  }

  bool start_array(std::size_t /*size*/) override {
    if (at_ == At::entry && key_ == "shape") {
      at_ = At::shape;
    } else if (at_ == At::entry && key_ == "data_offsets") {
      offsets_ = 0;
      at_ = At::offsets;
    } else {
      refuse("an array");
    }
    return true;
  }

  bool end_array() override {
    if (at_ == At::offsets && offsets_ != 2) refuse("data_offsets without two numbers");
    at_ = At::entry;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const nlohmann::detail::exception& error) override {
    const std::string what = error.what();
    const std::size_t text = what.find("] ");
    throw FormatError(
        path_, base_ + static_cast<std::int64_t>(position),
        "the header is not JSON: " + (text == std::string::npos ? what : what.substr(text + 2)));
  }

 private:
  SafetensorsEntry& entry() { return header_.entries.back(); }

  [[noreturn]] void refuse(const std::string& found) const {
    std::string where;
    if (at_ == At::entry || at_ == At::shape || at_ == At::offsets)
      where = " in the entry of tensor '" + header_.entries.back().name + "'";
    else if (at_ == At::metadata)
      where = " in \"__metadata__\" (strings to strings only)";
    throw FormatError(path_, base_,
                      "safetensors header: unexpected " + found + where +
                          "; expected {\"name\": {\"dtype\", \"shape\", \"data_offsets\"}, ...}");
  }

  const std::filesystem::path& path_;
  std::int64_t base_;
  SafetensorsHeader header_;
  At at_ = At::start;
  std::string key_;
  int offsets_ = 0;
  bool has_metadata_ = false;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view text, const std::filesystem::path& path,
                                           std::int64_t base_offset) {
  if (text.empty() || text.front() != '{')
    throw FormatError(path, base_offset, "the header does not start with '{'");
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos)
    throw FormatError(path, base_offset + static_cast<std::int64_t>(nul),
                      "a zero byte in the header");
  const std::size_t last = text.find_last_not_of(' ');
  if (text[last] != '}')
    throw FormatError(path, base_offset + static_cast<std::int64_t>(last),
                      "the header does not end with '}' and spaces");
  HeaderHandler handler(path, base_offset);
  Json::sax_parse(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(last) + 1, &handler);
  return handler.take();
}

}  // namespace sememe::formats
