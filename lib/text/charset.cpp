#include "lib/text/charset.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::text {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open_converter(Charset charset) {
  const std::string name(charset_name(charset));
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status));
  if (U_SUCCESS(status))
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
  if (U_FAILURE(status)) throw Error("ICU cannot decode " + name + ": " + u_errorName(status));
  return converter;
}

struct Mark {
  std::string_view bytes;
  Charset charset;
};
constexpr std::array<Mark, 3> kMarks = {{{"\xEF\xBB\xBF", Charset::utf8},
                                         {"\xFF\xFE", Charset::utf16le},
                                         {"\xFE\xFF", Charset::utf16be}}};

void note_bad(DecodedText& result, std::int64_t offset) {
  ++result.bad_count;
  if (result.bad_offsets.size() < kMaxBadOffsets) result.bad_offsets.push_back(offset);
}

void decode_utf8(std::string_view text, std::int64_t base, DecodedText& result) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto bad = first_ill_formed(text.substr(at));
    const std::size_t good = bad ? static_cast<std::size_t>(*bad) : text.size() - at;
    result.utf8.append(text.substr(at, good));
    at += good;
    if (!bad) return;
    note_bad(result, base + static_cast<std::int64_t>(at));
    append(result.utf8, 0xFFFD);
    at += static_cast<std::size_t>(decode(text.substr(at)).bytes);
  }
}

/// Through ICU, a piece at a time, so that memory beside the result stays small.
void decode_icu(std::string_view text, std::int64_t base, DecodedText& result) {
  const Converter converter = open_converter(result.charset);
  std::array<UChar, 8192> piece;
  const char* from = text.data();
  const char* const end = from + text.size();
  bool more = true;
  while (more) {
    UChar* to = piece.data();
    UErrorCode status = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &to, piece.data() + piece.size(), &from, end, nullptr, true,
                   &status);
    icu::UnicodeString(false, piece.data(), static_cast<std::int32_t>(to - piece.data()))
        .toUTF8String(result.utf8);
    more = status == U_BUFFER_OVERFLOW_ERROR || from < end;
    if (U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR) continue;
    std::array<char, 32> invalid;
    auto length = static_cast<std::int8_t>(invalid.size());
    UErrorCode ignored = U_ZERO_ERROR;
    ucnv_getInvalidChars(converter.get(), invalid.data(), &length, &ignored);
    note_bad(result, base + (from - text.data()) - std::max<std::int64_t>(length, 1));
    append(result.utf8, 0xFFFD);
    ucnv_resetToUnicode(converter.get());
  }
}

/// How well bytes read as a double-byte charset: share of pairs in [low, high], the range of the
/// characters everyone uses.
double everyday_share(std::string_view text, unsigned low, unsigned high) {
  std::int64_t pairs = 0;
  std::int64_t everyday = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) continue;
    const unsigned pair = first * 256U + static_cast<unsigned char>(text[++i]);
    ++pairs;
    everyday += pair >= low && pair <= high ? 1 : 0;
  }
  return pairs == 0 ? 0 : static_cast<double>(everyday) / static_cast<double>(pairs);
}

Charset double_byte_charset(std::string_view text) {
  const auto bad = [text](Charset charset) {
    DecodedText tried;
    tried.charset = charset;
    decode_icu(text, 0, tried);
    return static_cast<double>(tried.bad_count) / static_cast<double>(text.size());
  };
  const double gb = everyday_share(text, 0xB0A1, 0xD7F9) - 10 * bad(Charset::gb18030);
  const double big5 = everyday_share(text, 0xA440, 0xC67E) - 10 * bad(Charset::big5);
  return big5 > gb ? Charset::big5 : Charset::gb18030;
}

}  // namespace

std::string_view charset_name(Charset charset) {
  switch (charset) {
    case Charset::utf8:
      return "UTF-8";
    case Charset::utf16le:
      return "UTF-16LE";
    case Charset::utf16be:
      return "UTF-16BE";
    case Charset::gb18030:
      return "GB18030";
    case Charset::big5:
      return "Big5";
  }
  return "UTF-8";
}

Charset detect_charset(std::span<const std::byte> bytes) {
  const std::string_view text = as_text(bytes);
  for (const Mark& mark : kMarks)
    if (text.starts_with(mark.bytes)) return mark.charset;
  std::string_view sample = text.substr(0, static_cast<std::size_t>(kDetectBytes));
  // A sample that cuts a character says nothing about it: stop after a line if there is one.
  if (const auto line = sample.rfind('\n'); sample.size() < text.size() && line != sample.npos)
    sample = sample.substr(0, line + 1);
  if (is_valid(sample)) return Charset::utf8;
  DecodedText tried;
  decode_utf8(sample, 0, tried);
  const auto others = std::count_if(sample.begin(), sample.end(),
                                    [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  // Chinese double-byte text breaks UTF-8 at nearly every character; damaged UTF-8 rarely does.
  if (tried.bad_count * 20 < others) return Charset::utf8;
  return double_byte_charset(sample);
}

DecodedText decode_text(std::span<const std::byte> bytes, Charset charset) {
  std::string_view text = as_text(bytes);
  DecodedText result;
  result.charset = charset;
  std::int64_t base = 0;
  for (const Mark& mark : kMarks) {
    if (mark.charset != charset || !text.starts_with(mark.bytes)) continue;
    base = static_cast<std::int64_t>(mark.bytes.size());
    text.remove_prefix(mark.bytes.size());
    break;
  }
  if (charset == Charset::utf8) {
    decode_utf8(text, base, result);
  } else {
    decode_icu(text, base, result);
  }
  return result;
}

DecodedText decode_text(std::span<const std::byte> bytes) {
  return decode_text(bytes, detect_charset(bytes));
}

}  // namespace sememe::text
