#include "lib/vocabulary/sentencepiece.hpp"

#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>
#include <unordered_set>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/vocabulary/surface.hpp"

namespace sememe {
namespace {

// Fields of sentencepiece_model.proto, each with the wire type it must have: a field of another
// type is passed over, as protobuf readers do.
using protozero::pbf_wire_type;
using protozero::tag_and_type;
constexpr protozero::pbf_tag_type kPieces = 1;          // ModelProto
constexpr protozero::pbf_tag_type kNormalizerSpec = 3;  // ModelProto
constexpr protozero::pbf_tag_type kPiece = 1;           // SentencePiece
constexpr protozero::pbf_tag_type kType = 3;            // SentencePiece
constexpr protozero::pbf_tag_type kEscapeSpaces = 5;    // NormalizerSpec

TokenKind kind_of(std::int32_t type) {
  switch (type) {
    case 1:
      return TokenKind::normal;
    case 2:
      return TokenKind::unknown;
    case 3:
      return TokenKind::control;
    case 4:
      return TokenKind::user;
    case 5:
      return TokenKind::unused;
    case 6:
      return TokenKind::byte;
    default:
      throw Error("piece type " + std::to_string(type) + "; expected 1 to 6");
  }
}

Token read_piece(protozero::pbf_reader piece) {
  Token token;
  while (piece.next()) {
    switch (piece.tag_and_type()) {
      case tag_and_type(kPiece, pbf_wire_type::length_delimited):
        token.text = piece.get_string();
        break;
      case tag_and_type(kType, pbf_wire_type::varint):
        token.kind = kind_of(piece.get_enum());
        break;
      default:
        piece.skip();
    }
  }
  if (token.text.empty()) throw Error("a piece without text");
  return token;
}

SurfaceRule read_rule(protozero::pbf_reader normalizer) {
  bool escape = true;
  while (normalizer.next()) {
    if (normalizer.tag_and_type() == tag_and_type(kEscapeSpaces, pbf_wire_type::varint)) {
      escape = normalizer.get_bool();
    } else {
      normalizer.skip();
    }
  }
  return escape ? SurfaceRule::metaspace : SurfaceRule::none;
}

void set_piece_surface(Token& token, SurfaceRule rule) {
  set_surface(token, rule);
  if (token.kind != TokenKind::byte) return;
  const auto byte = byte_piece(token.text);
  if (!byte) throw Error("byte piece \"" + token.text + "\"; expected the form <0x0A>");
  token.surface.assign(1, *byte);
  token.begins_word = false;
}

}  // namespace

bool is_sentencepiece(std::span<const std::byte> bytes) {
  const std::string_view text = as_text(bytes);
  if (text.size() < 5 || text[0] != '\x0A') return false;
  try {
    protozero::pbf_reader model(text.data(), text.size());
    if (!model.next(kPieces, protozero::pbf_wire_type::length_delimited)) return false;
    protozero::pbf_reader piece = model.get_message();
    return piece.next() &&
           piece.tag_and_type() ==
               protozero::tag_and_type(kPiece, protozero::pbf_wire_type::length_delimited);
  } catch (const protozero::exception&) {
    // The first piece may itself be cut off: its own first tag still tells.
    return text[2] == '\x0A';
  }
}

Vocabulary parse_sentencepiece(std::span<const std::byte> bytes,
                               const std::filesystem::path& path) {
  const std::string_view text = as_text(bytes);
  Vocabulary vocabulary;
  vocabulary.format = "sentencepiece";
  vocabulary.rule = SurfaceRule::metaspace;
  protozero::pbf_reader model(text.data(), text.size());
  std::unordered_set<std::string_view> seen;
  std::int64_t offset = 0;
  try {
    while (model.next()) {
      if (model.tag_and_type() ==
          protozero::tag_and_type(kPieces, protozero::pbf_wire_type::length_delimited)) {
        vocabulary.tokens.push_back(read_piece(model.get_message()));
      } else if (model.tag_and_type() ==
                 protozero::tag_and_type(kNormalizerSpec,
                                         protozero::pbf_wire_type::length_delimited)) {
        vocabulary.rule = read_rule(model.get_message());
      } else {
        model.skip();
      }
      offset = model.data().data() - text.data();
    }
    for (Token& token : vocabulary.tokens) {
      set_piece_surface(token, vocabulary.rule);
      if (!seen.insert(token.text).second) throw Error("the piece \"" + token.text + "\" twice");
    }
  } catch (const protozero::exception& broken) {
    throw FormatError(path, offset,
                      "broken SentencePiece model after piece " +
                          std::to_string(vocabulary.tokens.size()) + " (" + broken.what() +
                          "); the file is cut short or is something else");
  } catch (const FormatError&) {
    throw;
  } catch (const Error& broken) {
    throw FormatError(path, offset, std::string("in a SentencePiece model: ") + broken.what());
  }
  if (vocabulary.tokens.empty()) throw FormatError(path, 0, "a SentencePiece model without pieces");
  return vocabulary;
}

}  // namespace sememe
