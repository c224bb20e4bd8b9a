#include "lib/base/error.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

using namespace sememe;

TEST_SUITE("lib/base/error") {
  TEST_CASE("messages say what, where and why") {
    CHECK(std::string(InputError("a.txt", 7, 3, "got x").what()) == "a.txt:7:3: got x");
    CHECK(std::string(InputError("a.txt", 7, 0, "got x").what()) == "a.txt:7: got x");
    CHECK(std::string(FormatError("a.bin", 12, "bad").what()) == "a.bin: byte 12: bad");
    CHECK(std::string(MissingInputError("open", "a", ENOENT).what()) ==
          "open a: No such file or directory");
    CHECK(InputError("a.txt", 7, 3, "x").column == 3);
    CHECK(IoError("write", "a", ENOSPC).code == ENOSPC);
    CHECK(Interrupted(15).signal == 15);
  }

  TEST_CASE("everything the library throws for the world's faults is an Error") {
    CHECK_THROWS_AS(throw InputError("a", 1, 1, "x"), Error);
    CHECK_THROWS_AS(throw FormatError("a", 1, "x"), Error);
    CHECK_THROWS_AS(throw CreateError("create", "a", EACCES), IoError);
    CHECK_THROWS_AS(throw SchemaError("x"), DatabaseError);
    CHECK_THROWS_AS(throw NumericError("x"), Error);
    CHECK_THROWS_AS(throw Interrupted(2), Error);
  }
}
