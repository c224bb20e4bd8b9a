#include "kb/edit.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>

#include "kb/query.hpp"
#include "lib/base/error.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb::testing;
using sememe::kb::Database;
using sememe::kb::Edit;
using sememe::kb::Writer;

namespace {

/// The number of a process that has just ended.
pid_t dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_SUITE("kb/edit") {
  TEST_CASE("a new file given up leaves nothing behind") {
    const Folder folder;
    {
      Edit edit(folder / "kb.db");
      CHECK(edit.is_new());
      Writer writer(edit.database(), source("mini"));
      writer.add(mini().front());
    }
    CHECK(folder.names().empty());
  }

  TEST_CASE("an existing file given up stays as it was") {
    const Folder folder;
    write(folder / "kb.db", source("mini"), mini());
    {
      Edit edit(folder / "kb.db");
      CHECK_FALSE(edit.is_new());
      Writer writer(edit.database(), source("more"));
      for (const Record& record : mini()) writer.add(record);
      writer.finish();
    }
    const Database database(folder / "kb.db");
    CHECK(database.scalar("SELECT count(*) FROM synsets") == 6);
    CHECK(database.scalar("SELECT count(*) FROM sources") == 1);
    CHECK(database.scalar("SELECT count(*) FROM synset_sememes") == 0);
  }

  TEST_CASE("a reader sees the state before an edit until it is committed") {
    const Folder folder;
    write(folder / "kb.db", source("mini"), mini());
    const Database reader(folder / "kb.db");
    Edit edit(folder / "kb.db");
    {
      Writer writer(edit.database(), source("more"));
      writer.add(synset("1-n", "again"));
      writer.finish();
      CHECK(reader.scalar("SELECT count(*) FROM synsets") == 6);
    }
    edit.commit();
    CHECK(reader.scalar("SELECT count(*) FROM synsets") == 7);
  }

  TEST_CASE("two that build the same new file cannot lose either's work") {
    const Folder folder;
    Edit edit(folder / "kb.db");
    {
      Writer writer(edit.database(), source("mini"));
      writer.add(synset("1-n", "mine"));
      writer.finish();
    }
    {
      // Another process, so another temporary file: simulated by moving a finished one into place.
      write(folder / "other.db", source("other"), mini());
      std::filesystem::rename(folder / "other.db", folder / "kb.db");
    }
    CHECK_THROWS_AS(edit.commit(), DatabaseLockedError);
    CHECK(Database(folder / "kb.db").scalar("SELECT count(*) FROM synsets") == 6);
  }

  TEST_CASE("leftovers of a process that is gone are removed, those of a living one are not") {
    const Folder folder;
    const std::string dead = "kb.db.tmp-" + std::to_string(dead_process());
    const std::string alive = "kb.db.tmp-" + std::to_string(::getppid());
    for (const std::string& name : {dead, dead + "-journal", alive, std::string("kb.db.tmp-x")})
      std::ofstream(folder / name) << "x";
    CHECK(kb::remove_leftovers(folder / "kb.db") == 1);
    auto names = folder.names();
    std::sort(names.begin(), names.end());
    std::vector<std::string> expected = {alive, "kb.db.tmp-x"};
    std::sort(expected.begin(), expected.end());
    CHECK(names == expected);
  }

  TEST_CASE("a folder that is not there cannot hold a new file") {
    const Folder folder;
    CHECK_THROWS_AS(Edit(folder.path() / "no" / "kb.db"), CreateError);
  }
}
