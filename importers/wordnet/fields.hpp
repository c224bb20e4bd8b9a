#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sememe::importers {

/// Takes blank-parted fields off the front of a line.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  /// The next field, empty at the end.
  std::string_view next() {
    const std::size_t first = rest_.find_first_not_of(' ');
    if (first == std::string_view::npos) {
      rest_ = {};
      return {};
    }
    rest_.remove_prefix(first);
    const std::string_view field = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(field.size());
    return field;
  }
  /// The next field as a number, or nullopt if it is none.
  std::optional<std::int64_t> number(int base = 10) {
    const std::string_view field = next();
    std::int64_t value = 0;
    const char* end = field.data() + field.size();
    const auto parsed = std::from_chars(field.data(), end, value, base);
    if (field.empty() || parsed.ec != std::errc() || parsed.ptr != end || value < 0) return {};
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Takes lines off the front of a text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return true;
  }
  std::int64_t number() const { return number_; }  ///< of the line last taken, 1-based

 private:
  std::string_view rest_;
  std::int64_t number_ = 0;
};

}  // namespace sememe::importers
