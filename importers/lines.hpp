#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "lib/text/charset.hpp"

namespace sememe::importers {

/// Pulls the lines of a text file as well-formed UTF-8: the door at which every text format is
/// validated. Lines end in LF or CRLF; the last may lack its end. A byte order mark is dropped.
/// UTF-8, UTF-16, GB18030 and Big5 are told apart by text::detect_charset on the first MiB.
///
/// Memory: about 4 MiB whatever the file's size and the length of its lines. Use from one thread.
class LineReader {
 public:
  static constexpr std::int64_t kMaxLineBytes = 1 << 20;

  /// @throws MissingInputError if it is not there, IoError if it cannot be read or is no regular
  ///         file
  explicit LineReader(const std::filesystem::path& path);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The next line without its end, or nullopt at the end of the file; the view lives until the
  /// next call.
  /// @throws InputError  at a line that is ill-formed in the file's encoding, holds a NUL byte or a
  ///         carriage return before its end, or has more than kMaxLineBytes. It has then been
  ///         skipped: calling again goes on behind it. IoError if reading fails.
  std::optional<std::string_view> next();

  const std::filesystem::path& path() const { return path_; }
  std::int64_t number() const { return number_; }  ///< of the last line, 1-based
  std::string_view line() const { return line_; }  ///< the last line, also after InputError
  text::Charset charset() const { return charset_; }
  std::int64_t done_bytes() const;
  std::int64_t total_bytes() const { return total_; }

 private:
  bool refill();
  bool read_more();
  std::size_t end_of_last_line() const;
  void accept_block(std::size_t bytes);
  void check_line() const;
  [[noreturn]] void refuse(std::size_t column, const std::string& message) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  text::Charset charset_ = text::Charset::utf8;
  std::string pending_;     ///< read, not yet cut into a block
  std::string block_;       ///< whole lines as UTF-8
  std::size_t at_ = 0;      ///< in block_
  std::string_view line_;   ///< in block_
  bool block_bad_ = false;  ///< some line of the block needs a look
  bool at_end_ = false;     ///< of the file
  bool too_long_ = false;   ///< the line being read has passed the limit
  std::int64_t number_ = 0;
  std::int64_t read_ = 0;
  std::int64_t total_ = 0;
};

}  // namespace sememe::importers
