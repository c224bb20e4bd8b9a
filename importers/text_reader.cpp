#include "importers/text_reader.hpp"

#include <utility>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe::importers {

SourceRecord described(SourceRecord stated, const OpenOptions& options) {
  if (!options.name.empty()) stated.name = options.name;
  if (!options.version.empty()) stated.version = options.version;
  if (!options.language.empty()) stated.language = options.language;
  if (!options.license.empty()) stated.license = options.license;
  return stated;
}

std::string version_of(std::string_view checksum) {
  return std::string(checksum.substr(checksum.find(':') + 1).substr(0, 8));
}

TextReader::TextReader(const std::filesystem::path& path, SourceRecord stated,
                       const OpenOptions& options)
    : lines_(path), source_(described(std::move(stated), options)) {
  source_.checksum = file_checksum(path);
  if (source_.version.empty()) source_.version = version_of(source_.checksum);
}

Reader::Position TextReader::position() const {
  return {lines_.path(), lines_.number(), lines_.line()};
}

void TextReader::refuse(std::int64_t column, const std::string& message) const {
  throw InputError(lines_.path(), lines_.number(), column, message);
}

}  // namespace sememe::importers
