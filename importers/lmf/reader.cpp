#include "importers/lmf/reader.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "importers/detect.hpp"
#include "importers/text_reader.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe::importers {
namespace {

/// One source for all lexicons of a file.
SourceRecord merged(const std::vector<SourceRecord>& lexicons, const std::filesystem::path& path) {
  SourceRecord source = lexicons.front();
  if (lexicons.size() == 1) return source;
  source.name = path.stem().stem().string();
  for (const SourceRecord& lexicon : lexicons) {
    if (lexicon.version != source.version) source.version.clear();
    if (lexicon.language != source.language) source.language.clear();
    if (lexicon.license != source.license) source.license = "several";
  }
  return source;
}

}  // namespace

LmfReader::LmfReader(const std::filesystem::path& path, const OpenOptions& options)
    : path_(path), builder_(path) {
  ByteSource bytes(path);
  XmlParser parser(path, builder_);
  builder_.begin(parser);
  for (bool more = true; more;) {
    const std::span<const std::byte> piece = bytes.next();
    parser.feed(piece);
    more = !piece.empty();
    if (options.progress) options.progress("reading", bytes.done_bytes(), bytes.total_bytes());
  }
  builder_.finish();
  if (!builder_.is_lmf || builder_.lexicons.empty()) {
    throw InputError(path, 1, 0,
                     "expected a WN-LMF document: a LexicalResource with a Lexicon in it");
  }
  unkept_ = builder_.unkept.cbegin();
  source_ = described(merged(builder_.lexicons, path), options);
  source_.checksum = file_checksum(path);
  if (source_.version.empty()) source_.version = version_of(source_.checksum);
}

std::optional<Record> LmfReader::next() {
  if (std::optional<RecordOrRefusal> taken = builder_.take()) {
    line_ = taken->line;
    if (const auto* reason = std::get_if<std::string>(&taken->what))
      throw InputError(path_, line_, 0, *reason);
    if (auto* synset = std::get_if<SynsetRecord>(&taken->what)) return std::move(*synset);
    if (auto* sense = std::get_if<SenseRecord>(&taken->what)) return std::move(*sense);
    return std::get<RelationRecord>(std::move(taken->what));
  }
  if (unkept_ == builder_.unkept.cend()) return std::nullopt;
  const auto& [name, found] = *unkept_++;
  line_ = found.first_line;
  throw InputError(
      path_, line_, 0,
      std::to_string(found.count) + " of " + name + " not kept, the first of them here");
}

bool is_lmf(const std::filesystem::path& path) {
  try {
    if (first_bytes(path, 2).empty()) return false;
    ByteSource source(path);
    const std::string_view text = as_text(source.next()).substr(0, 4096);
    return text.find("<LexicalResource") != std::string_view::npos ||
           text.find("WN-LMF") != std::string_view::npos;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace sememe::importers
