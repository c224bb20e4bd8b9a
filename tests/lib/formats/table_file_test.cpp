#include "lib/formats/table_file.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/half.hpp"
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
      const auto table = open_dense((folder / "t.safetensors").string());
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
    const auto table = open_dense(folder.write("t.npy", bytes).string());
    std::vector<float> rows(4);
    table->rows(1, 2, rows);
    CHECK(rows == std::vector<float>{-2, 5, 3, -6});
  }

  TEST_CASE("a sharded model is read through its index, and only the shard that matters") {
    const Folder folder;
    write_safetensors(folder / "model-2.safetensors",
                      bundle_of({"model.embed_tokens.weight", "model.norm.weight"}));
    const auto index = folder.write(
        "model.safetensors.index.json",
        R"({"metadata":{"total_size":96,"x":[{"y":null}]},"weight_map":{)"
        R"("model.embed_tokens.weight":"model-2.safetensors","lm_head.weight":"model-1.safetensors"}})");
    CHECK(open_dense(index.string())->tokens() == 3);
    CHECK(open_dense((folder / "").string())->dims() == 2);
    CHECK(open_dense((folder / "").string() + ":model.embed_tokens")->dims() == 2);
    CHECK_THROWS_AS(open_dense(index.string() + ":lm_head"), MissingInputError);
    CHECK_THROWS_AS(open_dense(index.string() + ":other"), MissingInputError);
    write_safetensors(folder / "model-1.safetensors", bundle_of({"lm_head.weight"}));
    CHECK(open_dense(index.string() + ":lm_head")->tokens() == 3);
    CHECK_THROWS_AS(open_dense(index.string() + ":other"), std::invalid_argument);
  }

  TEST_CASE("an index that breaks a rule is refused") {
    const Folder folder;
    for (const char* const text :
         {R"({})", R"({"weight_map":[]})", R"({"weight_map":{"a":1}})",
          R"({"weight_map":{"a":{}}})", R"({"weight_map":{"wte":"../x"}})",
          R"({"weight_map":{"wte":"/etc/passwd"}})", R"({"weight_map":{"wte":".."}})",
          R"({"weight_map":{"wte":""}})", R"({"weight_map":{"wte":"a","wte":"b"}})",
          R"({"weight_map":{},"weight_map":{}})", R"({"weight_map":{"wte":"a"})",
          R"({"metadata":{"weight_map":{"wte":"a"}}})", "{[1]}"}) {
      CAPTURE(text);
      CHECK_THROWS_AS(open_dense(folder.write("i.json", text).string()), FormatError);
    }
    CHECK_THROWS_AS(open_dense(folder.write("i.json", R"({"weight_map":{}})").string()),
                    std::invalid_argument);
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
    CHECK_THROWS_AS(open_dense((folder / "t.npy").string()), std::invalid_argument);
    write_npy(folder / "t.npy", tensor_of("", Dtype::f32, {3, 2}).view());
    CHECK_THROWS_AS(open_dense((folder / "t.npy").string() + ":wte"), std::invalid_argument);
  }
}
