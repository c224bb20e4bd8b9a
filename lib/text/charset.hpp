#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sememe::text {

/// The encodings lexicon files come in.
enum class Charset { utf8, utf16le, utf16be, gb18030, big5 };
std::string_view charset_name(Charset charset);  ///< "UTF-8", "UTF-16LE", ..., "GB18030", "Big5"

/// The encoding of `bytes`: by byte order mark if there is one; else UTF-8 if it is well-formed, or
/// has only a few stray bytes; else the one of GB18030 and Big5 with fewer ill-formed sequences and
/// more characters of its everyday range (GB 2312 level 1, Big5 level 1). Looks at the first
/// `kDetectBytes` at most.
Charset detect_charset(std::span<const std::byte> bytes);
inline constexpr std::int64_t kDetectBytes = 1 << 20;

/// Text brought to UTF-8.
struct DecodedText {
  std::string utf8;  ///< well-formed; a leading byte order mark is dropped
  Charset charset = Charset::utf8;
  std::vector<std::int64_t> bad_offsets;  ///< where in the input each ill-formed sequence starts;
                                          ///< in `utf8` it is U+FFFD. At most kMaxBadOffsets kept
  std::int64_t bad_count = 0;             ///< all of them
};
inline constexpr std::size_t kMaxBadOffsets = 1000;

/// @throws sememe::Error  if ICU cannot open the converter.
DecodedText decode_text(std::span<const std::byte> bytes, Charset charset);
DecodedText decode_text(std::span<const std::byte> bytes);  ///< with detect_charset()

}  // namespace sememe::text
