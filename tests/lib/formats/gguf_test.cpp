#include "lib/formats/gguf.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/half.hpp"
#include "lib/base/random.hpp"
#include "lib/formats/gguf_blocks.hpp"
#include "lib/formats/table_file.hpp"
#include "tests/lib/formats/files.hpp"

using namespace sememe;
using namespace sememe::formats;
using testing::Folder;
using testing::raw;

namespace {

std::string text_of(const std::string& text) {
  return raw(static_cast<std::uint64_t>(text.size())) + text;
}

std::string info_of(const std::string& name, const std::vector<std::int64_t>& innermost_first,
                    std::uint32_t type, std::uint64_t offset) {
  std::string info = text_of(name) + raw(static_cast<std::uint32_t>(innermost_first.size()));
  for (const std::int64_t extent : innermost_first) info += raw(extent);
  return info + raw(type) + raw(offset);
}

/// A file of the given infos, and data from the next multiple of `alignment`.
std::string file_of(const std::vector<std::string>& infos, const std::string& data,
                    const std::vector<std::string>& keys = {}, std::size_t alignment = 32) {
  std::string file = "GGUF" + raw(std::uint32_t{3}) + raw(std::uint64_t{infos.size()}) +
                     raw(std::uint64_t{keys.size()});
  for (const std::string& key : keys) file += key;
  for (const std::string& info : infos) file += info;
  file.append((alignment - file.size() % alignment) % alignment, '\0');
  return file + data;
}

std::string message_of(const std::filesystem::path& path) {
  try {
    const GgufFile file(path);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "accepted";
}

std::string random_bytes(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(random.bits());
  return bytes;
}

}  // namespace

TEST_SUITE("lib/formats/gguf") {
  TEST_CASE("extents are turned outermost first, and the table is found by its usual name") {
    const Folder folder;
    std::string data;
    for (int i = 0; i < 6; ++i) data += raw(static_cast<float>(i));
    const auto path = folder.write(
        "m.gguf", file_of({info_of("token_embd.weight", {2, 3}, 0, 0)}, data,
                          {text_of("general.name") + raw(std::uint32_t{8}) + text_of("x"),
                           text_of("n") + raw(std::uint32_t{9}) + raw(std::uint32_t{8}) +
                               raw(std::uint64_t{2}) + text_of("a") + text_of("bc")}));
    const GgufFile file(path);
    REQUIRE(file.tensors().size() == 1);
    CHECK(file.tensors()[0].shape == std::vector<std::int64_t>{3, 2});
    CHECK(file.metadata().at("general.name") == "x");
    CHECK(file.metadata().at("n") == "array of 2");
    const auto table = open_dense(path.string());
    std::vector<float> rows(4);
    table->rows(1, 2, rows);
    CHECK(rows == std::vector<float>{2, 3, 4, 5});
  }

  TEST_CASE("general.alignment moves the data, and tensors are padded to it") {
    const Folder folder;
    const std::string alignment = text_of("general.alignment") + raw(std::uint32_t{4});
    const std::string data = std::string(4, 'a') + std::string(60, '\0') + std::string(8, 'b');
    const auto path =
        folder.write("m", file_of({info_of("x", {4}, 24, 0), info_of("y", {8}, 24, 64)}, data,
                                  {alignment + raw(std::uint32_t{64})}, 64));
    const GgufFile file(path);
    CHECK(as_text(file.tensors()[1].bytes) == "bbbbbbbb");
    for (const std::uint32_t bad : {0U, 3U, 12U, 0x80000000U})
      CHECK(message_of(folder.write("m", file_of({info_of("x", {4}, 24, 0)}, "aaaa",
                                                 {alignment + raw(bad)}))) != "accepted");
  }

  TEST_CASE("blocks are decoded as their layout says, bit by bit") {
    for (const std::uint32_t id : {8U, 2U, 14U}) {
      const GgmlType& type = *ggml_type(id);
      CAPTURE(type.name);
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::string block = random_bytes(static_cast<std::size_t>(type.bytes), seed);
        const std::size_t scale_at = id == 14 ? 208 : 0;
        const std::uint16_t scale_bits = f32_to_f16(0.25F * static_cast<float>(seed + 1));
        block.replace(scale_at, 2, raw(scale_bits));
        std::vector<float> got(static_cast<std::size_t>(type.elements));
        decode_blocks(type, as_bytes(block), got);
        const auto bits = [&](std::size_t first_bit, int count) {
          int value = 0;
          for (int b = 0; b < count; ++b) {
            const std::size_t at = first_bit + static_cast<std::size_t>(b);
            value |= ((static_cast<unsigned char>(block[at / 8]) >> (at % 8)) & 1) << b;
          }
          return value;
        };
        const float scale = f16_to_f32(scale_bits);
        for (std::size_t e = 0; e < got.size(); ++e) {
          double want = 0;
          if (id == 8) {
            want = bits(16 + 8 * e, 8);
            if (want > 127) want -= 256;
          } else if (id == 2) {
            want = bits(16 + 8 * (e % 16) + (e < 16 ? 0 : 4), 4) - 8;
          } else {
            // Low bits: numbers 0-31 and 64-95 of a half share bytes, as do 32-63 and 96-127.
            const std::size_t h = e / 128;
            const std::size_t r = e % 128;
            const int low = bits(512 * h + 8 * (r % 64) + (r < 64 ? 0 : 4), 4);
            const int high = bits(1024 + 256 * h + 8 * (r % 32) + 2 * (r / 32), 2);
            int factor = bits(1536 + 8 * (e / 16), 8);
            if (factor > 127) factor -= 256;
            want = static_cast<double>(factor) * (low + 16 * high - 32);
          }
          REQUIRE(got[e] == doctest::Approx(static_cast<double>(scale) * want));
        }
      }
    }
  }

  TEST_CASE("a quantised table is read row by row") {
    const Folder folder;
    std::string data;
    for (int row = 0; row < 3; ++row)
      for (int block = 0; block < 2; ++block) {
        data += raw(f32_to_f16(0.5F));
        for (int e = 0; e < 32; ++e) data += static_cast<char>(row * 10 + block);
      }
    const auto table = open_dense(
        folder.write("m.gguf", file_of({info_of("token_embd.weight", {64, 3}, 8, 0)}, data))
            .string());
    std::vector<float> row(64);
    table->rows(2, 1, row);
    CHECK(row[0] == 10);
    CHECK(row[63] == 10.5F);
  }

  TEST_CASE("a header that lies is refused with the reason") {
    struct Case {
      std::string bytes;
      std::string reason;
    };
    const std::int64_t most = INT64_MAX;
    const std::string x = info_of("x", {4}, 24, 0);
    const std::vector<Case> cases = {
        {"", "gguf magic"},
        {"GGUE", "no \"GGUF\""},
        {"GGUF" + raw(std::uint32_t{1}) + raw(std::uint64_t{0}) + raw(std::uint64_t{0}),
         "version 1"},
        {"GGUF" + raw(std::uint32_t{3}) + raw(UINT64_MAX) + raw(std::uint64_t{0}),
         "at most 262,144"},
        {"GGUF" + raw(std::uint32_t{3}) + raw(std::uint64_t{0}) + raw(UINT64_MAX),
         "at most 65,536"},
        {file_of({info_of("x", {most, 2}, 0, 0)}, ""), "does not fit 63 bits"},
        {file_of({info_of("x", {most}, 0, 0)}, ""), "does not fit 63 bits"},
        {file_of({info_of("x", {0}, 0, 0)}, ""), "an extent of 0"},
        {file_of({info_of("x", {-1}, 0, 0)}, ""), "an extent of -1"},
        {file_of({info_of("x", {1, 1, 1, 1, 1}, 0, 0)}, "aaaa"), "5 axes"},
        {file_of({info_of("x", {33}, 8, 0)}, ""), "no whole number of blocks"},
        {file_of({info_of("x", {4}, 4, 0)}, "aaaa"), "unknown type 4"},
        {file_of({info_of("x", {4}, 99, 0)}, "aaaa"), "unknown type 99"},
        {file_of({x, info_of("x", {4}, 24, 32)}, "aaaa" + std::string(32, 'b')), "occurs twice"},
        {file_of({x, info_of("y", {4}, 24, 0)}, "aaaa" + std::string(32, 'b')), "a hole or an"},
        {file_of({x, info_of("y", {4}, 24, 64)}, std::string(68, 'b')), "a hole or an"},
        {file_of({info_of("x", {4}, 24, 32)}, std::string(68, 'b')), "a hole or an"},
        {file_of({info_of("x", {40}, 24, 0)}, "short"), "cut short"},
        {file_of({x}, "aaaa" + std::string(40, 'b')), "belong to none"},
        {file_of({info_of(std::string(65, 'n'), {4}, 24, 0)}, "aaaa"), "at most 64"},
        {file_of({}, "", {raw(std::uint64_t{65'536}) + std::string(65'536, 'k')}), "at most 65535"},
        {file_of({}, "", {text_of("k") + raw(std::uint32_t{8}) + raw(UINT64_MAX)}), "longer than"},
        {file_of({}, "", {text_of("k") + raw(std::uint32_t{13}) + raw(UINT64_MAX)}),
         "unknown type 13"},
        {file_of({}, "", {text_of("k") + raw(std::uint32_t{7}) + "\2"}), "a boolean of 2"},
        {file_of({}, "",
                 {text_of("k") + raw(std::uint32_t{9}) + raw(std::uint32_t{9}) +
                  raw(std::uint64_t{1})}),
         "an array of type 9"},
        {file_of({}, "",
                 {text_of("k") + raw(std::uint32_t{9}) + raw(std::uint32_t{10}) +
                  raw(UINT64_MAX / 8 + 1)}),
         "longer than the file"},
        {file_of({}, "",
                 {text_of("k") + raw(std::uint32_t{9}) + raw(std::uint32_t{8}) + raw(UINT64_MAX)}),
         "more texts than"},
        {file_of({}, "",
                 {text_of("k") + raw(std::uint32_t{4}) + raw(1U),
                  text_of("k") + raw(std::uint32_t{4}) + raw(1U)}),
         "key 'k' twice"},
        {file_of({x}, "aaaa",
                 {text_of("general.alignment") + raw(std::uint32_t{10}) + raw(std::uint64_t{32})}),
         "is not a u32"},
    };
    const Folder folder;
    for (const Case& c : cases) {
      const std::string message = message_of(folder.write("m", c.bytes));
      CAPTURE(c.reason);
      CAPTURE(message);
      CHECK(message.find(c.reason) != std::string::npos);
    }
  }

  TEST_CASE("a gguf file cut at any byte is refused") {
    const Folder folder;
    const std::string whole =
        file_of({info_of("x", {4}, 24, 0), info_of("y", {8}, 24, 32)}, std::string(40, 'a'),
                {text_of("k") + raw(std::uint32_t{8}) + text_of("v")});
    CHECK(message_of(folder.write("m", whole)) == "accepted");
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK(message_of(folder.write("m", whole.substr(0, size))) != "accepted");
    }
  }
}
