#include "lib/formats/safetensors_index.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

// Read as events like the safetensors header, so that what is outside "weight_map" costs nothing.

namespace sememe::formats {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxTensors = std::size_t{1} << 18;
constexpr int kMaxDepth = 16;

class IndexHandler : public nlohmann::json_sax<Json> {
 public:
  explicit IndexHandler(const std::filesystem::path& path) : path_(path) {}

  std::map<std::string, std::string> take() {
    if (!found_) fail("it has no \"weight_map\"");
    return std::move(shards_);
  }

  bool null() override { return plain("null"); }
  bool boolean(bool /*value*/) override { return plain("a boolean"); }
  bool number_integer(number_integer_t /*value*/) override { return plain("a number"); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return plain("a number"); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return plain("a number");
  }
  bool binary(binary_t& /*value*/) override { return plain("binary data"); }

  bool string(string_t& value) override {
    if (!in_map_) return plain("a string");
    const std::filesystem::path shard(value);
    if (value.empty() || value.size() > 255 || shard.filename() != shard || value == "." ||
        value == ".." || value.find('\0') != std::string::npos)
      fail("the shard of '" + key_ + "' is not the name of a file beside the index");
    if (shards_.size() == kMaxTensors) fail("more than 262,144 tensors");
    if (!shards_.emplace(key_, std::move(value)).second) fail("'" + key_ + "' occurs twice");
    return true;
  }

  bool start_object(std::size_t /*size*/) override {
    if (in_map_) fail("an object inside \"weight_map\"");
    if (++depth_ > kMaxDepth) fail("nested deeper than 16");
    if (depth_ == 2 && key_ == "weight_map") {
      if (std::exchange(found_, true)) fail("\"weight_map\" twice");
      in_map_ = true;
    }
    return true;
  }
  bool key(string_t& value) override {
    if (value.size() > 4096) fail("a name of more than 4,096 bytes");
    key_ = std::move(value);
    return true;
  }
  bool end_object() override {
    --depth_;
    in_map_ = false;
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    if (depth_ == 0 || ++depth_ > kMaxDepth) fail("an array where an object is due");
    return plain("an array");
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    throw FormatError(path_, static_cast<std::int64_t>(position),
                      "not the JSON of a safetensors index");
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FormatError(path_, 0, "safetensors index: " + what);
  }
  bool plain(const std::string& what) const {
    if (in_map_ || depth_ == 0) fail("unexpected " + what);
    return true;
  }

  const std::filesystem::path& path_;
  std::map<std::string, std::string> shards_;
  std::string key_;
  int depth_ = 0;
  bool in_map_ = false;
  bool found_ = false;
};

}  // namespace

std::map<std::string, std::string> read_safetensors_index(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string_view text = as_text(file.bytes());
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos)
    throw FormatError(path, static_cast<std::int64_t>(nul), "a zero byte in a safetensors index");
  IndexHandler handler(path);
  Json::sax_parse(text.begin(), text.end(), &handler);
  return handler.take();
}

}  // namespace sememe::formats
