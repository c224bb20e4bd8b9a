#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/vocabulary/vocabulary.hpp"

namespace sememe {

/// What a token's text alone says it is, where a format does not: the usual names of control tokens
/// ("[CLS]", "<s>", "<|endoftext|>", "<pad>"), of the unknown ("[UNK]", "<unk>") and of spare ones
/// ("[unused7]", "<reserved_3>"); otherwise normal.
TokenKind kind_by_name(std::string_view text);

/// The mark tokens of a file without a rule of its own use: the one of U+0120, U+2581 and "##" that
/// most tokens begin with, if at least one in fifty does; otherwise none.
SurfaceRule rule_by_marks(const std::vector<Token>& tokens);

/// Puts tokens in the places their ids name. Places no token names are filled with unused tokens
/// without text, as many as there are tokens and 1,024 more at most (models leave gaps before added
/// tokens).
class TokenPlaces {
 public:
  explicit TokenPlaces(std::filesystem::path path) : path_(std::move(path)) {}

  /// @throws FormatError (byte `offset`) if the id is negative, above 2^31, or taken by another.
  void put(std::int64_t id, Token token, std::int64_t offset);
  /// Replaces what is there, if anything (added tokens repeat entries of the vocabulary).
  void replace(std::int64_t id, Token token, std::int64_t offset);
  /// The tokens in order of id. @throws FormatError if there is none, or too many places are empty.
  std::vector<Token> take();

 private:
  void check_id(std::int64_t id, const Token& token, std::int64_t offset) const;
  struct Placed {
    std::int64_t id;
    std::int64_t offset;
    bool replaces;
    Token token;
  };
  std::filesystem::path path_;
  std::vector<Placed> placed_;
};

}  // namespace sememe
