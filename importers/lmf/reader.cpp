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

using Pass = LmfBuilder::Pass;

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
    : path_(path), bytes_(path), builder_(path) {
  begin(Pass::survey);
  while (feed()) {
  }
  if (!builder_.is_lmf || builder_.lexicons.empty()) {
    throw InputError(path, 1, 0,
                     "expected a WN-LMF document: a LexicalResource with a Lexicon in it");
  }
  source_ = described(merged(builder_.lexicons, path), options);
  source_.checksum = file_checksum(path);
  if (source_.version.empty()) source_.version = version_of(source_.checksum);
  begin(Pass::synsets);
}

void LmfReader::begin(Pass pass) {
  pass_ = pass;
  bytes_ = ByteSource(path_);
  parser_ = std::make_unique<XmlParser>(path_, builder_);
  builder_.begin(pass, *parser_);
}

/// Parses the next piece; false when the document has ended.
bool LmfReader::feed() {
  const std::span<const std::byte> piece = bytes_.next();
  parser_->feed(piece);
  return !piece.empty();
}

std::optional<Record> LmfReader::next() {
  while (builder_.yields.empty()) {
    if (ended_) return std::nullopt;
    if (feed()) continue;
    if (pass_ == Pass::relations) {
      ended_ = true;
      report_unkept();
    } else {
      done_before_ += bytes_.total_bytes();
      begin(pass_ == Pass::synsets ? Pass::senses : Pass::relations);
    }
  }
  LmfBuilder::Yield yield = std::move(builder_.yields.front());
  builder_.yields.pop_front();
  line_ = yield.line;
  if (const auto* refusal = std::get_if<InputError>(&yield.what)) throw InputError(*refusal);
  return std::get<Record>(std::move(yield.what));
}

void LmfReader::report_unkept() {
  for (const auto& [name, found] : builder_.unkept) {
    const std::string message =
        std::to_string(found.count) + " of " + name + " not kept, the first of them here";
    builder_.yields.push_back({found.first_line, InputError(path_, found.first_line, 0, message)});
  }
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
