#include "importers/lines.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

namespace {

/// All lines; a refused one as "!line:column".
std::vector<std::string> lines_of(const std::filesystem::path& path) {
  LineReader reader(path);
  std::vector<std::string> all;
  for (;;) {
    try {
      const auto line = reader.next();
      if (!line) return all;
      all.emplace_back(*line);
    } catch (const InputError& error) {
      all.push_back('!' + std::to_string(error.line) + ':' + std::to_string(error.column));
    }
  }
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("importers/lines") {
  TEST_CASE("lines end in LF or CRLF and the last may lack its end") {
    const testing::Folder folder;
    CHECK(lines_of(folder.write("a", "")) == Lines{});
    CHECK(lines_of(folder.write("b", "\n")) == Lines{""});
    CHECK(lines_of(folder.write("c", "a\r\n\nb")) == Lines{"a", "", "b"});
    CHECK(lines_of(folder.write("d", "\xEF\xBB\xBF甲\n")) == Lines{"甲"});
  }

  TEST_CASE("a bad line is refused with its place and reading goes on") {
    const testing::Folder folder;
    // Enough sound UTF-8 for one bad byte not to look like another encoding.
    const std::string sound = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸";
    CHECK(lines_of(folder.write("a", sound + "\na\xC0\x80z\nb\n")) == Lines{sound, "!2:2", "b"});
    CHECK(lines_of(folder.write("b", std::string("a\0b\nc", 5))) == Lines{"!1:2", "c"});
    CHECK(lines_of(folder.write("c", "a\rb\nc\n")) == Lines{"!1:2", "c"});
    CHECK(lines_of(folder.write("d", "\xED\xA0\x80\n\xF4\x90\x80\x80\nz")) ==
          Lines{"!1:1", "!2:1", "z"});
  }

  TEST_CASE("a line longer than the limit is refused whatever its length and never held") {
    const testing::Folder folder;
    const std::string limit(static_cast<std::size_t>(LineReader::kMaxLineBytes), 'x');
    CHECK(lines_of(folder.write("a", limit + "\ny\n")) == Lines{limit, "y"});
    CHECK(lines_of(folder.write("b", "a\n" + limit + "x\ny\n")) == Lines{"a", "!2:0", "y"});
    CHECK(lines_of(folder.write("c", "a\n" + limit + limit + limit + "\ny")) ==
          Lines{"a", "!2:0", "y"});
    CHECK(lines_of(folder.write("d", limit + limit)) == Lines{"!1:0"});
  }

  TEST_CASE("GB18030 and UTF-16 are told from UTF-8 and decoded") {
    const testing::Folder folder;
    // The words 中国 and 人, from the GB 2312 table: D6D0 B9FA, C8CB.
    CHECK(lines_of(folder.write("a", "\xD6\xD0\xB9\xFA\n\xC8\xCB\n")) == Lines{"中国", "人"});
    CHECK(lines_of(folder.write("b", std::string("\xFF\xFE\x2D\x4E\r\0\n\0\xBA\x4E", 10))) ==
          Lines{"中", "人"});
    CHECK(lines_of(folder.write("c", std::string("\xFE\xFF\x4E\x2D\0\n\x4E\xBA\0\n", 10))) ==
          Lines{"中", "人"});
    CHECK(lines_of(folder.write("d", "\xD6\xD0\xB9\xFA\n\xC8\xCB\xFF\n\xC8\xCB\n\xD6\xD0\n")) ==
          Lines{"中国", "!2:4", "人", "中"});
  }

  TEST_CASE("what is no regular file is refused at once, a missing one by its own error") {
    const testing::Folder folder;
    CHECK_THROWS_AS(LineReader(folder.path() / "none"), MissingInputError);
    CHECK_THROWS_AS(LineReader(folder.path()), IoError);
    REQUIRE(::mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
    CHECK_THROWS_AS(LineReader(folder.path() / "fifo"), IoError);
  }
}
