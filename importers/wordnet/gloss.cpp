#include "importers/wordnet/gloss.hpp"

namespace sememe::importers {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

WordnetGloss cut_gloss(std::string_view gloss) {
  WordnetGloss parts;
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t at = 0; at <= gloss.size(); ++at) {
    if (at < gloss.size() && gloss[at] == '"') quoted = !quoted;
    if (at < gloss.size() && (gloss[at] != ';' || quoted)) continue;
    const std::string_view part = trimmed(gloss.substr(start, at - start));
    start = at + 1;
    if (part.starts_with('"')) {
      std::string example(part.substr(1));
      if (const std::size_t close = example.find('"'); close != std::string::npos)
        example.erase(close, 1);
      if (!example.empty()) parts.examples.push_back(std::move(example));
    } else if (!part.empty()) {
      parts.text += (parts.text.empty() ? "" : "; ") + std::string(part);
    }
  }
  return parts;
}

}  // namespace sememe::importers
