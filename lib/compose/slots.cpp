#include "lib/compose/slots.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "lib/base/error.hpp"

namespace sememe {
namespace {

constexpr std::array<std::string_view, kParts> kPartNames = {
    "main", "further", "type", "morpheme", "grammar", "surface", "frequency"};

std::optional<Part> part_of(std::string_view name) {
  const auto* found = std::find(kPartNames.begin(), kPartNames.end(), name);
  if (found == kPartNames.end()) return std::nullopt;
  return static_cast<Part>(found - kPartNames.begin());
}

struct Place {
  const std::filesystem::path& path;
  std::int64_t line;
  std::int64_t column;
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(path, line, column, message);
  }
};

SlotRules::Weighted parse_part(std::string_view word, const Place& place) {
  const std::size_t equals = word.find('=');
  const std::optional<Part> part = part_of(word.substr(0, equals));
  if (!part)
    place.fail("\"" + std::string(word) +
               "\"; expected main, further, type, morpheme, grammar, surface or frequency, each "
               "with an optional =WEIGHT");
  SlotRules::Weighted weighted{*part, 1};
  if (equals == word.npos) return weighted;
  const std::string_view number = word.substr(equals + 1);
  const auto end = std::from_chars(number.data(), number.data() + number.size(), weighted.weight);
  if (end.ec != std::errc() || end.ptr != number.data() + number.size() || !(weighted.weight > 0) ||
      !std::isfinite(weighted.weight))
    place.fail("weight \"" + std::string(number) + "\"; expected a number above 0");
  return weighted;
}

void parse_line(std::string_view line, Place place, SlotRules& rules) {
  bool first = true;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    const std::string_view word = line.substr(at, end - at);
    place.column = static_cast<std::int64_t>(at) + 1;
    at = end;
    if (first) {
      if (word != "slot") place.fail("\"" + std::string(word) + "\"; expected \"slot\"");
      rules.slots.push_back({{}});
      first = false;
    } else if (word == "|") {
      if (rules.slots.back().back().empty()) place.fail("an alternative without a part");
      rules.slots.back().emplace_back();
    } else {
      rules.slots.back().back().push_back(parse_part(word, place));
    }
  }
  if (!first && rules.slots.back().back().empty()) place.fail("an alternative without a part");
}

}  // namespace

std::string_view part_name(Part part) { return kPartNames[static_cast<std::size_t>(part)]; }

void SlotRules::check() const {
  if (slots.empty()) throw std::invalid_argument("slot rules: there is no slot");
  for (const Slot& slot : slots) {
    if (slot.empty()) throw std::invalid_argument("slot rules: a slot without alternatives");
    for (const Alternative& alternative : slot) {
      if (alternative.empty())
        throw std::invalid_argument("slot rules: an alternative without parts");
      for (const Weighted& weighted : alternative)
        if (!(weighted.weight > 0) || !std::isfinite(weighted.weight))
          throw std::invalid_argument("slot rules: a part's weight must be above 0");
    }
  }
}

SlotRules default_slot_rules() {
  SlotRules rules;
  rules.slots.push_back(
      {{{Part::main, 1}, {Part::further, 1}}, {{Part::type, 1}}, {{Part::surface, 1}}});
  rules.slots.push_back({{{Part::grammar, 1}, {Part::morpheme, 1}}});
  rules.slots.push_back({{{Part::frequency, 1}}});
  return rules;
}

SlotRules parse_slot_rules(std::string_view text, const std::filesystem::path& path) {
  SlotRules rules;
  for (std::int64_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    parse_line(whole.substr(0, whole.find('#')), {path, line, 1}, rules);
  }
  if (rules.slots.empty())
    throw InputError(path, 1, 0, "no slot; expected a line \"slot main further\"");
  return rules;
}

}  // namespace sememe
