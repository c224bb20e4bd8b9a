#include "lib/formats/table_search.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace sememe::formats {
namespace {

constexpr std::array<std::string_view, 8> kUsualNames = {
    "embed_tokens",   "wte",        "word_embeddings", "shared",
    "tok_embeddings", "token_embd", "embedding",       "embeddings"};

std::string_view without_weight(std::string_view name) {
  constexpr std::string_view kWeight = ".weight";
  return name.ends_with(kWeight) ? name.substr(0, name.size() - kWeight.size()) : name;
}

std::string listed(const std::vector<TableCandidate>& candidates,
                   const std::vector<std::size_t>& which) {
  constexpr std::size_t kShown = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(which.size(), kShown); ++i) {
    const TableCandidate& one = candidates[which[i]];
    if (i > 0) text += ", ";
    text += one.name;
    for (std::size_t axis = 0; axis < one.shape.size(); ++axis)
      text += (axis == 0 ? std::string(" (") : std::string(", ")) + std::to_string(one.shape[axis]);
    text += ") " + one.dtype;
  }
  if (which.size() > kShown) text += ", and " + std::to_string(which.size() - kShown) + " more";
  return which.empty() ? "none" : text;
}

}  // namespace

bool has_usual_name(std::string_view name) {
  const std::string_view whole = without_weight(name);
  const std::string_view last = whole.substr(whole.rfind('.') + 1);
  return std::find(kUsualNames.begin(), kUsualNames.end(), last) != kUsualNames.end();
}

bool answers_to(std::string_view name, std::string_view asked) {
  for (const std::string_view full : {name, without_weight(name)})
    if (full == asked || (full.ends_with(asked) && full[full.size() - asked.size() - 1] == '.'))
      return true;
  return false;
}

std::size_t choose_table(const std::vector<TableCandidate>& candidates, std::string_view asked,
                         const std::string& path) {
  std::vector<std::size_t> all;
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string& name = candidates[i].name;
    if (!asked.empty() && name == asked) return i;
    all.push_back(i);
    if (asked.empty() ? has_usual_name(name) : answers_to(name, asked)) fitting.push_back(i);
  }
  if (fitting.empty() && asked.empty() && all.size() == 1) return 0;
  if (fitting.size() == 1) return fitting.front();
  const std::string wanted =
      asked.empty() ? "a table by its usual name" : "a table named '" + std::string(asked) + "'";
  if (fitting.empty())
    throw std::invalid_argument(path + ": found no tensor that is " + wanted +
                                "; the file's 2-D floating tensors: " + listed(candidates, all) +
                                "; name one as FILE:TENSOR");
  throw std::invalid_argument(path + ": more than one tensor could be " + wanted + ": " +
                              listed(candidates, fitting) + "; name one as FILE:TENSOR");
}

}  // namespace sememe::formats
