#include "lib/formats/table_file.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/formats/half.hpp"
#include "lib/formats/npy.hpp"
#include "lib/formats/safetensors.hpp"
#include "tests/lib/formats/files.hpp"

using namespace sememe;
using namespace sememe::formats;
using testing::Folder;

namespace {

constexpr std::array<float, 6> kValues = {1, -2, 3, 4.5F, 5, -6};

Tensor tensor_of(const std::string& name, Dtype dtype, std::vector<std::int64_t> shape) {
  Tensor tensor{name, dtype, std::move(shape), {}};
  tensor.bytes.resize(kValues.size() * static_cast<std::size_t>(dtype_bytes(dtype)));
  narrow(dtype, kValues, tensor.bytes);
  return tensor;
}

TensorBundle bundle_of(const std::vector<std::string>& names) {
  TensorBundle bundle;
  for (const std::string& name : names)
    bundle.tensors.push_back(tensor_of(name, Dtype::f32, {3, 2}));
  return bundle;
}

}  // namespace

TEST_SUITE("lib/formats/table_file") {
  TEST_CASE("rows of every floating type are read as float32") {
    const Folder folder;
    for (const Dtype dtype : {Dtype::f16, Dtype::bf16, Dtype::f32, Dtype::f64}) {
      TensorBundle bundle;
      bundle.tensors.push_back(tensor_of("model.embed_tokens.weight", dtype, {3, 2}));
      write_safetensors(folder / "t.safetensors", bundle);
      const auto table = open_table((folder / "t.safetensors").string());
      CHECK(table->tokens() == 3);
      CHECK(table->dims() == 2);
      std::vector<float> rows(4);
      table->rows(1, 2, rows);
      CHECK(rows == std::vector<float>{3, 4.5F, 5, -6});
    }
  }

  TEST_CASE("an npy table in Fortran order gives the same rows") {
    const Folder folder;
    const std::string header = "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }\n";
    std::string bytes = std::string("\x93NUMPY\1") + '\0' +
                        testing::raw(static_cast<std::uint16_t>(header.size())) + header;
    for (const float value : kValues) bytes += testing::raw(value);
    const auto table = open_table(folder.write("t.npy", bytes).string());
    std::vector<float> rows(4);
    table->rows(1, 2, rows);
    CHECK(rows == std::vector<float>{-2, 5, 3, -6});
  }

  TEST_CASE("the table is found by its usual name, by part of its name, or as the only one") {
    const auto found = [](const std::vector<std::string>& names, std::string_view asked) {
      const TensorBundle bundle = bundle_of(names);
      return find_table(view(bundle), asked).name;
    };
    CHECK(found({"h.0.w", "transformer.wte.weight"}, "") == "transformer.wte.weight");
    CHECK(found({"h.0.w", "token_embd.weight"}, "") == "token_embd.weight");
    CHECK(found({"only.one"}, "") == "only.one");
    CHECK(found({"a.wte.weight", "b.wte.weight"}, "b.wte") == "b.wte.weight");
    CHECK(found({"encoder.embed_tokens.weight", "embed_tokens.weight"}, "embed_tokens.weight") ==
          "embed_tokens.weight");
    CHECK(found({"h.0.w", "x.shared"}, "w") == "h.0.w");
  }

  TEST_CASE("a table that is not there, or not the only one, is refused with what is there") {
    TensorBundle bundle = bundle_of({"a.wte.weight", "b.wte.weight"});
    const auto reason = [&](std::string_view asked) {
      try {
        find_table(view(bundle), asked);
      } catch (const std::invalid_argument& error) {
        return std::string(error.what());
      }
      return std::string("accepted");
    };
    CHECK(reason("").find("more than one") != std::string::npos);
    CHECK(reason("").find("a.wte.weight (3, 2) F32, b.wte.weight") != std::string::npos);
    CHECK(reason("lm_head").find("named 'lm_head'; the file's 2-D") != std::string::npos);
    CHECK(reason("te").find("found no tensor") != std::string::npos);
    bundle.tensors = {tensor_of("wte", Dtype::f32, {6})};
    CHECK(reason("").find("tensors: none") != std::string::npos);
  }

  TEST_CASE("a colon in a path is part of the path when that exists") {
    const Folder folder;
    std::filesystem::create_directories(folder / "a:b");
    const std::string plain = folder.write("a:b/t:u.bin", "x").string();
    CHECK(split_table_name(plain).file == plain);
    CHECK(split_table_name(plain).tensor.empty());
    CHECK(split_table_name(plain + ":h.0.w").file == plain);
    CHECK(split_table_name(plain + ":h.0.w").tensor == "h.0.w");
    CHECK(split_table_name(plain + ":x:y").tensor == "x:y");
    CHECK_THROWS_AS(split_table_name((folder / "none:w").string()), MissingInputError);
  }

  TEST_CASE("an npy array that is no table is refused") {
    const Folder folder;
    write_npy(folder / "t.npy", tensor_of("", Dtype::f32, {6}).view());
    CHECK_THROWS_AS(open_table((folder / "t.npy").string()), std::invalid_argument);
    write_npy(folder / "t.npy", tensor_of("", Dtype::f32, {3, 2}).view());
    CHECK_THROWS_AS(open_table((folder / "t.npy").string() + ":wte"), std::invalid_argument);
  }
}
