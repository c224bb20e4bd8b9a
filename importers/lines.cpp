#include "importers/lines.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/text/utf8.hpp"

// The file is read in pieces; each piece is cut behind its last line end, so that a block is whole
// lines, and is decoded and validated as one. Only a block in which something is wrong has its
// lines looked at one by one. Cutting at LF is safe in every encoding read here: no trail byte of
// GB18030 or Big5 is LF, and UTF-16 is cut at whole units.
namespace sememe::importers {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

LineReader::LineReader(const std::filesystem::path& path) : path_(path) {
  // Non-blocking, so that opening a FIFO nobody writes to does not wait for ever.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw MissingInputError("open", path, errno);
    throw IoError("open", path, errno);
  }
  struct stat status {};
  int refusal = ::fstat(descriptor_, &status) != 0 ? errno : 0;
  if (refusal == 0 && S_ISDIR(status.st_mode)) refusal = EISDIR;
  if (refusal == 0 && !S_ISREG(status.st_mode)) refusal = EINVAL;
  if (refusal != 0) {
    ::close(descriptor_);
    throw IoError(refusal == EINVAL ? "read (not a regular file)" : "read", path, refusal);
  }
  total_ = status.st_size;
  try {
    while (static_cast<std::int64_t>(pending_.size()) < text::kDetectBytes && read_more()) {
    }
    std::string_view sample = pending_;
    // A sample that cuts a character says nothing about it.
    if (!at_end_) sample = sample.substr(0, sample.rfind('\n') + 1);
    charset_ = text::detect_charset(as_bytes(sample));
    if (charset_ == text::Charset::utf8 && pending_.starts_with("\xEF\xBB\xBF")) {
      pending_.erase(0, 3);
    }
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

LineReader::~LineReader() { ::close(descriptor_); }

std::int64_t LineReader::done_bytes() const {
  return std::max<std::int64_t>(0, read_ - static_cast<std::int64_t>(pending_.size()));
}

bool LineReader::read_more() {
  const std::size_t before = pending_.size();
  pending_.resize(before + kPieceBytes);
  ssize_t n = 0;
  do {
    n = ::read(descriptor_, pending_.data() + before, kPieceBytes);
  } while (n < 0 && errno == EINTR);
  const int refusal = errno;
  pending_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  if (n < 0) throw IoError("read", path_, refusal);
  read_ += n;
  at_end_ = n == 0;
  return n > 0;
}

/// Bytes of pending_ up to and with its last line end; 0 if there is none.
std::size_t LineReader::end_of_last_line() const {
  const bool wide = charset_ == text::Charset::utf16le || charset_ == text::Charset::utf16be;
  if (!wide) return pending_.rfind('\n') + 1;
  const std::size_t low = charset_ == text::Charset::utf16le ? 0 : 1;
  for (std::size_t unit = pending_.size() / 2; unit-- > 0;) {
    if (pending_[2 * unit + low] == '\n' && pending_[2 * unit + 1 - low] == '\0') {
      return 2 * unit + 2;
    }
  }
  return 0;
}

void LineReader::accept_block(std::size_t bytes) {
  at_ = 0;
  if (charset_ == text::Charset::utf8) {
    block_.assign(pending_, 0, bytes);
    block_bad_ = !text::is_valid(block_);
  } else {
    text::DecodedText decoded =
        text::decode_text(as_bytes(std::string_view(pending_).substr(0, bytes)), charset_);
    block_ = std::move(decoded.utf8);
    block_bad_ = decoded.bad_count > 0;
  }
  block_bad_ = block_bad_ || block_.find('\0') != std::string::npos;
  pending_.erase(0, bytes);
}

/// Puts the next whole lines into block_; false at the end of the file.
bool LineReader::refill() {
  for (;;) {
    const std::size_t cut = end_of_last_line();
    if (cut > 0) {
      accept_block(cut);
      return true;
    }
    if (at_end_) {
      if (pending_.empty()) return false;
      accept_block(pending_.size());
      return true;
    }
    if (static_cast<std::int64_t>(pending_.size()) > kMaxLineBytes) {
      // Nobody will see this line: keep its length small, but go on to its end. An even number of
      // bytes falls away, so that UTF-16 units stay whole.
      too_long_ = true;
      pending_.erase(0, pending_.size() / 2 * 2);
    }
    read_more();
  }
}

std::optional<std::string_view> LineReader::next() {
  if (at_ == block_.size() && !refill()) {
    if (std::exchange(too_long_, false)) {
      ++number_;
      line_ = {};
      refuse(0, "a line of more than " + std::to_string(kMaxLineBytes) + " bytes");
    }
    return std::nullopt;
  }
  const std::size_t end = std::min(block_.find('\n', at_), block_.size());
  line_ = std::string_view(block_).substr(at_, end - at_);
  at_ = std::min(end + 1, block_.size());
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  if (std::exchange(too_long_, false) || static_cast<std::int64_t>(line_.size()) > kMaxLineBytes) {
    refuse(0, "a line of more than " + std::to_string(kMaxLineBytes) + " bytes");
  }
  check_line();
  return line_;
}

void LineReader::check_line() const {
  if (const auto cr = line_.find('\r'); cr != std::string_view::npos) {
    refuse(cr + 1, "a carriage return inside a line, expected lines to end in LF or CRLF");
  }
  if (!block_bad_) return;
  if (const auto nul = line_.find('\0'); nul != std::string_view::npos) {
    refuse(nul + 1, "a NUL byte, expected text");
  }
  if (charset_ == text::Charset::utf8) {
    const auto bad = text::first_ill_formed(line_);
    if (bad) refuse(static_cast<std::size_t>(*bad) + 1, "ill-formed UTF-8");
    return;
  }
  const auto bad = line_.find(kReplacement);
  if (bad != std::string_view::npos) {
    refuse(bad + 1, "ill-formed " + std::string(text::charset_name(charset_)));
  }
}

void LineReader::refuse(std::size_t column, const std::string& message) const {
  throw InputError(path_, number_, static_cast<std::int64_t>(column), "got " + message);
}

}  // namespace sememe::importers
