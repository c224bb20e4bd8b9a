#include "apps/sememe/target.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "lib/base/error.hpp"
#include "lib/entangle/make_fit.hpp"

namespace sememe::apps {

Vocabulary read_vocabulary_of(const std::filesystem::path& path, std::int64_t tokens,
                              std::string_view table_name) {
  if (path.empty()) return {};
  Vocabulary vocabulary = read_vocabulary(path);
  if (vocabulary.size() > tokens)
    throw std::invalid_argument(
        fmt::format("{} has {} tokens but {} has {} rows; they are not of the same model",
                    path.string(), vocabulary.size(), table_name, tokens));
  return vocabulary;
}

std::string token_text(const Vocabulary& vocabulary, std::int64_t token) {
  if (token >= vocabulary.size()) return "";
  return vocabulary.tokens[static_cast<std::size_t>(token)].text;
}

void require_finite(const Table& rows, std::string_view name, const Vocabulary& vocabulary,
                    int threads) {
  try {
    check_finite(
        rows, [&](std::int64_t token) { return "token '" + token_text(vocabulary, token) + "'"; },
        threads);
  } catch (const NumericError& error) {
    throw NumericError(fmt::format("{}: {}", name, error.what()));
  }
}

void require_different(const std::filesystem::path& input, const std::filesystem::path& output) {
  std::error_code ignored;
  if (std::filesystem::equivalent(input, output, ignored))
    throw std::invalid_argument("--out " + output.string() + " is the input " + input.string() +
                                "; name another file");
}

}  // namespace sememe::apps
