#include <string>
#include <string_view>

#include "lib/compose/routes/steps.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::routes {
namespace {

std::string two_digits(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[byte >> 4U], kDigits[byte & 15U]};
}

std::string angled(std::string_view sort, std::string_view what) {
  std::string name("<");
  name.append(sort).append(":");
  for (const char c : what) name.push_back(c == '\n' ? ' ' : c);
  return name.append(">");
}

}  // namespace

bool special(const Knowledge&, const Reading& reading, Finding& finding) {
  const Token& token = reading.token;
  switch (token.kind) {
    case TokenKind::normal:
    case TokenKind::user:
      return false;
    case TokenKind::unused:
      add_share(finding, Part::type, AtomKind::type, "<unused>");
      return true;
    case TokenKind::control:
    case TokenKind::unknown:
      add_share(finding, Part::type, AtomKind::type,
                angled(token.kind == TokenKind::control ? "control" : "unknown",
                       text::repaired(token.text)));
      return true;
    case TokenKind::byte:
      for (const char c : token.surface)
        add_share(finding, Part::type, AtomKind::type,
                  angled("byte", two_digits(static_cast<unsigned char>(c))));
      if (token.surface.empty()) add_share(finding, Part::type, AtomKind::type, "<byte>");
      return true;
  }
  return false;
}

}  // namespace sememe::routes
