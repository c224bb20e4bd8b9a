#include "lib/text/normalize.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "lib/base/error.hpp"
#include "lib/text/utf8.hpp"

// ICU's UTF-8 entry points pass ill-formed bytes through and report success, so text always goes
// through UnicodeString::fromUTF8, which puts U+FFFD in their place.

namespace sememe::text {
namespace {

const icu::Normalizer2& checked(const icu::Normalizer2* normalizer, UErrorCode status) {
  if (U_FAILURE(status) || normalizer == nullptr)
    throw Error(std::string("ICU cannot load its normalization data: ") + u_errorName(status));
  return *normalizer;
}

icu::UnicodeString from_utf8(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
}

icu::UnicodeString normalized(const icu::Normalizer2& normalizer, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = normalizer.normalize(text, status);
  if (U_FAILURE(status))
    throw Error(std::string("ICU cannot normalize a string: ") + u_errorName(status));
  return out;
}

/// Appends parts with one space between them, and none at the ends.
class SpacedOut {
 public:
  void blank() { pending_ = !out_.empty(); }
  std::string& part() {
    if (pending_) out_.push_back(' ');
    pending_ = false;
    return out_;
  }
  std::string take() { return std::move(out_); }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }

 private:
  std::string out_;
  bool pending_ = false;
};

bool is_ascii_blank(char c) { return c == ' ' || c == '_' || (c >= '\t' && c <= '\r'); }

std::string ascii_key(std::string_view ascii) {
  SpacedOut out;
  out.reserve(ascii.size());
  for (const char c : ascii) {
    if (is_ascii_blank(c)) {
      out.blank();
    } else {
      out.part().push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
    }
  }
  return out.take();
}

/// Letters that carry a stroke or ring inside their shape, which no decomposition takes off.
char32_t plain_letter(char32_t c) {
  switch (c) {
    case 0x00D8:
      return U'O';
    case 0x00F8:
      return U'o';
    case 0x0110:
    case 0x00D0:
      return U'D';
    case 0x0111:
    case 0x00F0:
      return U'd';
    case 0x0126:
      return U'H';
    case 0x0127:
      return U'h';
    case 0x0131:
      return U'i';
    case 0x0141:
      return U'L';
    case 0x0142:
      return U'l';
    case 0x0166:
      return U'T';
    case 0x0167:
      return U't';
    case 0x0180:
      return U'b';
    case 0x0197:
      return U'I';
    case 0x0268:
      return U'i';
    default:
      return c;
  }
}

bool is_accent(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF);
}

}  // namespace

std::string lemma_key(std::string_view utf8) {
  if (is_ascii(utf8)) return ascii_key(utf8);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::UnicodeString folded = normalized(checked(found, status), from_utf8(utf8));
  SpacedOut out;
  out.reserve(utf8.size());
  for (std::int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    const UChar32 c = folded.char32At(at);
    if (c == '_' || u_isUWhiteSpace(c)) {
      out.blank();
    } else {
      append(out.part(), static_cast<char32_t>(c));
    }
  }
  return out.take();
}

std::string strip_accents(std::string_view utf8) {
  if (is_ascii(utf8)) return std::string(utf8);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
  const icu::UnicodeString apart = normalized(checked(nfd, status), from_utf8(utf8));
  icu::UnicodeString kept;
  for (std::int32_t at = 0; at < apart.length(); at = apart.moveIndex32(at, 1)) {
    const auto c = static_cast<char32_t>(apart.char32At(at));
    if (!is_accent(c)) kept.append(static_cast<UChar32>(plain_letter(c)));
  }
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  std::string out;
  normalized(checked(nfc, status), kept).toUTF8String(out);
  return out;
}

}  // namespace sememe::text
