#include "lib/formats/table_search.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace sememe::formats;

namespace {

std::string found(const std::vector<std::string>& names, std::string_view asked) {
  std::vector<TableCandidate> candidates;
  for (const std::string& name : names) candidates.push_back({name, "F32", {3, 2}});
  try {
    return candidates[choose_table(candidates, asked, "m.safetensors")].name;
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

}  // namespace

TEST_SUITE("lib/formats/table_search") {
  TEST_CASE("the table is found by its usual name, by part of its name, or as the only one") {
    CHECK(found({"h.0.w", "transformer.wte.weight"}, "") == "transformer.wte.weight");
    CHECK(found({"h.0.w", "token_embd.weight"}, "") == "token_embd.weight");
    CHECK(found({"h.0.w", "bert.embeddings.word_embeddings.weight"}, "") ==
          "bert.embeddings.word_embeddings.weight");
    CHECK(found({"only.one"}, "") == "only.one");
    CHECK(found({"a.wte.weight", "b.wte.weight"}, "b.wte") == "b.wte.weight");
    CHECK(found({"encoder.embed_tokens.weight", "embed_tokens.weight"}, "embed_tokens.weight") ==
          "embed_tokens.weight");
    CHECK(found({"h.0.w", "x.shared"}, "w") == "h.0.w");
  }

  TEST_CASE("a table that is not there, or not the only one, is refused with what is there") {
    CHECK(found({"a.wte.weight", "b.wte.weight"}, "") ==
          "m.safetensors: more than one tensor could be a table by its usual name: "
          "a.wte.weight (3, 2) F32, b.wte.weight (3, 2) F32; name one as FILE:TENSOR");
    CHECK(found({"a.wte.weight"}, "lm_head") ==
          "m.safetensors: found no tensor that is a table named 'lm_head'; the file's 2-D floating "
          "tensors: a.wte.weight (3, 2) F32; name one as FILE:TENSOR");
    CHECK(found({"a.wte"}, "te").find("found no tensor") != std::string::npos);
    CHECK(found({}, "").find("tensors: none") != std::string::npos);
    const std::vector<std::string> many(25, "x");
    CHECK(found(many, "").find("and 5 more") != std::string::npos);
  }
}
