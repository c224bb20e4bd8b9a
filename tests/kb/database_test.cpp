#include "kb/database.hpp"

#include <doctest/doctest.h>

#include "kb/statement.hpp"
#include "lib/base/error.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;
using sememe::kb::Database;
using sememe::kb::Statement;

namespace {

std::string message_of(const std::filesystem::path& file) {
  try {
    Database database(file);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_SUITE("kb/database") {
  TEST_CASE("a file that is not there is a missing input") {
    const Folder folder;
    CHECK_THROWS_AS(Database(folder / "none.db"), MissingInputError);
    CHECK_THROWS_AS(Database(folder / "none.db", Database::Mode::update), MissingInputError);
    CHECK_THROWS_AS(Database(folder.path()), IoError);
  }

  TEST_CASE("a file that is no database is told apart, with what to do") {
    const Folder folder;
    std::ofstream(folder / "text.db") << std::string(5000, 'x');
    CHECK_THROWS_AS(Database(folder / "text.db"), SchemaError);
    CHECK(message_of(folder / "text.db").find("name another file with --kb") != std::string::npos);
    std::ofstream(folder / "empty.db").flush();
    CHECK_THROWS_AS(Database(folder / "empty.db"), SchemaError);
  }

  TEST_CASE("another program's database is refused and says what was found") {
    const Folder folder;
    {
      Database foreign(folder / "foreign.db", Database::Mode::build);
      foreign.run("CREATE TABLE t (x); PRAGMA application_id = 7");
    }
    CHECK_THROWS_AS(Database(folder / "foreign.db"), SchemaError);
    CHECK(message_of(folder / "foreign.db").find("application_id 7 and 1 tables") !=
          std::string::npos);
  }

  TEST_CASE("another schema version is refused and says which") {
    const Folder folder;
    write(folder / "kb.db", source("mini"), mini());
    {
      Database database(folder / "kb.db", Database::Mode::update);
      database.run("PRAGMA user_version = 9");
    }
    CHECK_THROWS_AS(Database(folder / "kb.db"), SchemaError);
    CHECK(message_of(folder / "kb.db").find("schema version 9, this program knows 2") !=
          std::string::npos);
  }

  TEST_CASE("a reader cannot write") {
    const Folder folder;
    write(folder / "kb.db", source("mini"), mini());
    Database database(folder / "kb.db");
    CHECK_THROWS_AS(database.run("DELETE FROM sources"), Error);
    CHECK(database.scalar("SELECT count(*) FROM sources") == 1);
  }

  TEST_CASE("a path with signs that mean something in a URI is taken as it is") {
    const Folder folder;
    write(folder / "a b?mode=memory#%41.db", source("mini"), mini());
    CHECK(std::filesystem::exists(folder / "a b?mode=memory#%41.db"));
    CHECK(Database(folder / "a b?mode=memory#%41.db").scalar("SELECT count(*) FROM senses") == 8);
  }

  TEST_CASE("a read-only copy in a read-only folder opens") {
    const Folder folder;
    std::filesystem::create_directories(folder / "media");
    write(folder.path() / "media" / "kb.db", source("mini"), mini());
    std::filesystem::permissions(
        folder / "media", std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    CHECK(Database(folder.path() / "media" / "kb.db").scalar("SELECT count(*) FROM senses") == 8);
    std::filesystem::permissions(folder / "media", std::filesystem::perms::owner_all);
  }

  TEST_CASE("a broken statement names its SQL") {
    const Folder folder;
    write(folder / "kb.db", source("mini"), mini());
    const Database database(folder / "kb.db");
    CHECK_THROWS_WITH_AS(Statement(database, "SELECT nothing FROM nowhere"),
                         doctest::Contains("[SELECT nothing FROM nowhere]"), DatabaseError);
  }
}
