#include "lib/base/file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

using namespace sememe;

namespace {

/// A folder of its own for one test case.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("sememe-file-test-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path)) count += entry.exists();
    return count;
  }
};

}  // namespace

TEST_SUITE("lib/base/file") {
  TEST_CASE("an output appears whole at commit and not before") {
    const Folder folder;
    const auto path = folder.path / "out";
    std::ofstream(path) << "old";
    {
      OutputFile file(path);
      file.write(std::string_view("new "));
      file.write(as_bytes(std::string(3'000'000, 'x')));
      CHECK(file.written_bytes() == 3'000'004);
      CHECK(read_file(path) == "old");
      file.commit();
    }
    CHECK(read_file(path).size() == 3'000'004);
    CHECK(read_file(path).starts_with("new xxx"));
    CHECK(folder.files() == 1);
  }

  TEST_CASE("an output that is not committed leaves nothing") {
    const Folder folder;
    {
      OutputFile file(folder.path / "out");
      file.write(std::string_view("half"));
      OutputFile moved(std::move(file));
      moved.write(std::string_view(" a file"));
    }
    CHECK(folder.files() == 0);
  }

  TEST_CASE("an output that cannot be created is refused at once") {
    const Folder folder;
    CHECK_THROWS_AS(OutputFile(folder.path / "none" / "out"), CreateError);
    std::filesystem::create_directories(folder.path / "taken");
    OutputFile file(folder.path / "taken");
    file.write(std::string_view("x"));
    CHECK_THROWS_AS(file.commit(), IoError);
  }

  TEST_CASE("a write the system refuses is an I/O error with its number, and leaves nothing") {
    const Folder folder;
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1 << 20, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    int code = 0;
    try {
      OutputFile file(folder.path / "out");
      file.write(as_bytes(std::string(3 << 20, 'x')));
      file.commit();
    } catch (const IoError& error) {
      code = error.code;
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    CHECK(code == EFBIG);
    CHECK(folder.files() == 0);
  }

  TEST_CASE("a mapped file shows its bytes, also after a move, and an empty one none") {
    const Folder folder;
    std::ofstream(folder.path / "a") << "bytes";
    std::ofstream(folder.path / "empty") << "";
    MappedFile file(folder.path / "a");
    CHECK(as_text(file.bytes()) == "bytes");
    const MappedFile moved(std::move(file));
    CHECK(as_text(moved.bytes()) == "bytes");
    CHECK(moved.path() == folder.path / "a");
    CHECK(MappedFile(folder.path / "empty").bytes().empty());
  }

  TEST_CASE("what cannot be mapped is refused by its kind") {
    const Folder folder;
    CHECK_THROWS_AS(MappedFile(folder.path / "none"), MissingInputError);
    std::ofstream(folder.path / "a") << "x";
    CHECK_THROWS_AS(MappedFile(folder.path / "a" / "b"), MissingInputError);
    CHECK_THROWS_AS(MappedFile{folder.path}, IoError);
    CHECK_THROWS_AS(MappedFile("/dev/null"), IoError);
  }

  TEST_CASE("a checksum is the one of XXH3-128, of bytes and of a file") {
    CHECK(checksum({}) == "xxh128:99aa06d3014798d86001c324468d497f");
    const Folder folder;
    std::ofstream(folder.path / "a") << std::string(2'500'000, 'y');
    CHECK(file_checksum(folder.path / "a") == checksum(as_bytes(std::string(2'500'000, 'y'))));
    CHECK(checksum(as_bytes("a")) != checksum(as_bytes("b")));
  }
}
