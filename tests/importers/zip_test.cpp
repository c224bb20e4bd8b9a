#include "importers/zip.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

#include "lib/base/error.hpp"
#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

namespace {

template <class T>
std::string raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// A zip archive of one stored file.
std::string stored(const std::string& name, const std::string& data) {
  const auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size())));
  const auto size = static_cast<std::uint32_t>(data.size());
  const std::string common = raw<std::uint16_t>(20) + raw<std::uint16_t>(0) +
                             raw<std::uint16_t>(0) + raw<std::uint32_t>(0) + raw(crc) + raw(size) +
                             raw(size) + raw(static_cast<std::uint16_t>(name.size())) +
                             raw<std::uint16_t>(0);
  const std::string local = "PK\x03\x04" + common + name + data;
  const std::string central = "PK\x01\x02" + raw<std::uint16_t>(20) + common +
                              raw<std::uint16_t>(0) + raw<std::uint16_t>(0) +
                              raw<std::uint16_t>(0) + raw<std::uint32_t>(0) +
                              raw<std::uint32_t>(0) + name;
  return local + central + std::string("PK\x05\x06\0\0\0\0", 8) + raw<std::uint16_t>(1) +
         raw<std::uint16_t>(1) + raw(static_cast<std::uint32_t>(central.size())) +
         raw(static_cast<std::uint32_t>(local.size())) + raw<std::uint16_t>(0);
}

}  // namespace

TEST_SUITE("importers/zip") {
  TEST_CASE("a file of an archive is found by its name in any folder and comes out whole") {
    const testing::Folder folder;
    const auto path = folder.write("a.zip", stored("x/../y/data", "hello"));
    CHECK(is_zip(path));
    const ZipArchive archive(path);
    REQUIRE(archive.entries().size() == 1);
    CHECK(archive.entries()[0].name == "x/../y/data");
    REQUIRE(archive.find("data") != nullptr);
    CHECK(archive.extract(*archive.find("data")) == "hello");
    CHECK(archive.find("x") == nullptr);
  }

  TEST_CASE("an archive with a changed or missing byte gives an error and nothing else") {
    const testing::Folder folder;
    const std::string whole = stored("data", "hello");
    int refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const bool cut : {true, false}) {
        std::string damaged = cut ? whole.substr(0, at) : whole;
        if (!cut) damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
        try {
          const ZipArchive archive(folder.write("a.zip", damaged));
          const ZipEntry* entry = archive.find("data");
          if (entry == nullptr) continue;
          const std::string data = archive.extract(*entry);
          CHECK(data == "hello");
        } catch (const Error&) {
          ++refused;
        }
      }
    }
    CHECK(refused >= static_cast<int>(whole.size()));
  }

  TEST_CASE("growth is plausible up to 64 MiB or 200-fold") {
    CHECK(is_plausible_expansion(1, 64 << 20));
    CHECK_FALSE(is_plausible_expansion(1, (64 << 20) + 1));
    CHECK(is_plausible_expansion(1 << 20, 200 << 20));
    CHECK_FALSE(is_plausible_expansion(1 << 20, 202 << 20));
  }
}
