#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sememe::formats {

/// A tensor that could be a table: its place in some list, and what a person would choose by.
struct TableCandidate {
  std::string name;
  std::string dtype;
  std::vector<std::int64_t> shape;
};

/// True if a model calls its embedding table so: the last part of the name, before ".weight", is
/// embed_tokens, wte, word_embeddings, shared, tok_embeddings, token_embd, embedding or embeddings.
bool has_usual_name(std::string_view name);

/// True if `asked` is `name`, or `name` without the parts before a dot, without ".weight", or both.
bool answers_to(std::string_view name, std::string_view asked);

/// Which of a file's 2-D floating tensors is meant. With a name: that one, else the one that
/// answers to it. Without: the one with a usual name, else the only one.
/// @return its index in `candidates`
/// @throws std::invalid_argument if none or more than one fits, listing the candidates.
std::size_t choose_table(const std::vector<TableCandidate>& candidates, std::string_view asked,
                         const std::string& path);

}  // namespace sememe::formats
