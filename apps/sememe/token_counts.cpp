#include "apps/sememe/token_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "apps/sememe/context.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe::apps {
namespace {

/// The last field of a line as a count. @return false if it is none
bool count_in(std::string_view line, std::int64_t& count) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::string_view field = line.substr(line.rfind('\t') + 1);
  const char* const end = field.data() + field.size();
  const auto read = std::from_chars(field.data(), end, count);
  return read.ec == std::errc() && read.ptr == end && count >= 0;
}

}  // namespace

std::vector<double> read_counts(const std::filesystem::path& path, std::int64_t rows) {
  const MappedFile file(path);
  std::string_view text = as_text(file.bytes());
  std::vector<double> counts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const auto number = static_cast<std::int64_t>(counts.size()) + 1;
    std::int64_t count = 0;
    if (!count_in(line, count))
      throw InputError(path, number, 0,
                       fmt::format("expected a token, a TAB and a count of at least 0; got '{}'",
                                   line.substr(0, 60)));
    if (number > rows)
      throw InputError(path, number, 0,
                       fmt::format("more lines than the {} rows of the table", rows));
    counts.push_back(static_cast<double>(count));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (counts.empty()) throw InputError(path, 1, 0, "expected a count per token; the file is empty");
  counts.resize(static_cast<std::size_t>(rows), 0);
  return counts;
}

Corpus count_words(const std::vector<std::filesystem::path>& files, const Context& context) {
  Corpus corpus;
  for (const std::filesystem::path& path : files) {
    const MappedFile file(path);
    corpus.add(as_text(file.bytes()), context.progress());
  }
  context.say(fmt::format("{} words counted", grouped(corpus.words())));
  return corpus;
}

}  // namespace sememe::apps
