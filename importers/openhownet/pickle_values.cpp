#include <utility>

#include "importers/openhownet/pickle.hpp"
#include "lib/base/bytes.hpp"
#include "lib/text/utf8.hpp"

// What a PickleReader says of a value it gave.
namespace sememe::importers {

bool is_container(PickleValue::Kind kind) {
  return kind == PickleValue::Kind::list || kind == PickleValue::Kind::tuple ||
         kind == PickleValue::Kind::set || kind == PickleValue::Kind::dict;
}

std::string_view kind_name(PickleValue::Kind kind) {
  constexpr std::string_view kNames[] = {"None",  "a bool", "an int",     "a float",
                                         "a str", "bytes",  "a list",     "a tuple",
                                         "a set", "a dict", "a long int", "nothing"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view PickleReader::raw(const PickleValue& value) const {
  const std::string_view home = value.decoded ? std::string_view(decoded_) : as_text(bytes_);
  return home.substr(static_cast<std::size_t>(value.bits), value.length);
}

std::string_view PickleReader::text(const PickleValue& value) const {
  if (value.kind != Kind::text && value.kind != Kind::bytes) {
    fail("got " + std::string(kind_name(value.kind)) + ", expected a str");
  }
  const std::string_view result = raw(value);
  if (!text::is_valid(result)) fail("got a str that is not well-formed UTF-8");
  return result;
}

std::int64_t PickleReader::integer(const PickleValue& value) const {
  if (value.kind != Kind::integer && value.kind != Kind::boolean) {
    fail("got " + std::string(kind_name(value.kind)) + ", expected an int");
  }
  return static_cast<std::int64_t>(value.bits);
}

std::span<const PickleValue> PickleReader::members(const PickleValue& value) const {
  if (!is_container(value.kind)) {
    fail("got " + std::string(kind_name(value.kind)) + ", expected a list or a dict");
  }
  if (value.length != 0 && value.length != generation_) {
    fail("got a container that belongs to an earlier item");
  }
  return containers_[static_cast<std::size_t>(value.bits)];
}

std::optional<PickleValue> PickleReader::find(const PickleValue& dict, std::string_view key) const {
  if (dict.kind != Kind::dict) {
    fail("got " + std::string(kind_name(dict.kind)) + ", expected a dict");
  }
  const std::span<const PickleValue> pairs = members(dict);
  for (std::size_t i = pairs.size(); i >= 2; i -= 2) {
    const PickleValue& candidate = pairs[i - 2];
    const bool is_str = candidate.kind == Kind::text || candidate.kind == Kind::bytes;
    if (is_str && raw(candidate) == key) return pairs[i - 1];
  }
  return std::nullopt;
}

}  // namespace sememe::importers
