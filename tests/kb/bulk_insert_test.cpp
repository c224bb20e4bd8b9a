#include "kb/bulk_insert.hpp"

#include <doctest/doctest.h>

#include "kb/edit.hpp"
#include "tests/kb/support.hpp"

using namespace sememe;
using namespace sememe::kb;

TEST_SUITE("kb/bulk_insert") {
  TEST_CASE("rows come out as they went in, whatever their number") {
    for (const int count : {0, 1, 63, 64, 65, 128, 200}) {
      CAPTURE(count);
      const kb::testing::Folder here;
      Edit edit(here.path() / "kb.db");
      Database& database = edit.database();
      BulkInsert metadata(database,
                          "INSERT INTO metadata (source, owner_table, owner, key, value)");
      for (int i = 0; i < count; ++i)
        metadata.row().add(7).add("senses").add(i).add("").add(std::string("v\0w", 3) +
                                                               std::to_string(i));
      metadata.flush();
      metadata.flush();
      CHECK(metadata.written() == count);
      CHECK(metadata.waiting() == 0);
      Statement all(database, "SELECT owner, key, value FROM metadata ORDER BY rowid");
      for (int i = 0; i < count; ++i) {
        REQUIRE(all.step());
        CHECK(all.integer(0) == i);
        CHECK_FALSE(all.is_null(1));
        CHECK(all.text(2) == std::string("v\0w", 3) + std::to_string(i));
      }
      CHECK_FALSE(all.step());
    }
  }

  TEST_CASE("an empty optional text and row 0 are NULL, rows that were there do not count") {
    const kb::testing::Folder here;
    Edit edit(here.path() / "kb.db");
    Database& database = edit.database();
    BulkInsert senses(database,
                      "INSERT INTO senses (rowid, source, lemma, synset, rank, frequency, id)");
    senses.row().add(1).add(1).add(1).add_row(0).add(0).add(0).add_optional("");
    senses.row().add(2).add(1).add(1).add_row(5).add(0).add(0).add_optional("x");
    senses.flush();
    CHECK(database.scalar("SELECT synset IS NULL AND id IS NULL FROM senses WHERE rowid = 1") == 1);
    CHECK(database.scalar("SELECT synset = 5 AND id = 'x' FROM senses WHERE rowid = 2") == 1);
    BulkInsert forms(database, "INSERT OR IGNORE INTO forms (lemma, form, key)");
    for (int i = 0; i < 130; ++i) forms.row().add(i % 100).add("a").add("a");
    forms.flush();
    CHECK(forms.written() == 100);
  }

  TEST_CASE("what waits is dropped with the object") {
    const kb::testing::Folder here;
    Edit edit(here.path() / "kb.db");
    {
      BulkInsert forms(edit.database(), "INSERT OR IGNORE INTO forms (lemma, form, key)");
      forms.row().add(1).add("a").add("a");
    }
    CHECK(edit.database().scalar("SELECT count(*) FROM forms") == 0);
  }
}
