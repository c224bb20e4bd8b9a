#include "kb/lemma_rows.hpp"

#include <functional>

#include "kb/schema.hpp"
#include "lib/text/normalize.hpp"

namespace sememe::kb {
namespace {

constexpr std::size_t kTagLimit = 8'500'000;

}  // namespace

LemmaRows::LemmaRows(Database& database, std::int64_t source, bool is_new)
    : database_(database),
      source_(source),
      next_(database.scalar("SELECT max(rowid) FROM lemmas") + 1),
      all_known_(is_new),
      tags_(kTagLimit),
      waiting_(database,
               "INSERT INTO lemmas (rowid, source, language, part_of_speech, lemma, key)"),
      compare_(database,
               "SELECT lemma = ?2 AND part_of_speech = ?3 AND language = ?4 FROM lemmas WHERE "
               "rowid = ?1") {}

std::int64_t LemmaRows::row(std::string_view lemma, char part_of_speech,
                            std::string_view language) {
  name_.assign(language) += '\n';
  name_ += part_of_speech;
  name_ += lemma;
  if (last_row_ != 0 && name_ == last_name_) return last_row_;
  const std::string_view tag(&part_of_speech, 1);
  const std::uint64_t hash = std::hash<std::string_view>()(name_);
  std::int64_t row = find(lemma, tag, language, hash);
  if (row == 0) {
    row = next_++;
    waiting_.row().add(row).add(source_).add(language).add(tag).add(lemma);
    waiting_.add(text::lemma_key(lemma));
    ++added_;
    tags_.add(hash, row);
  }
  last_name_.swap(name_);
  return last_row_ = row;
}

void LemmaRows::finish() {
  waiting_.flush();
  tags_ = RowTags(0);
}

std::int64_t LemmaRows::find(std::string_view lemma, std::string_view part_of_speech,
                             std::string_view language, std::uint64_t hash) {
  const std::int64_t row = tags_.find(hash, [&](std::int64_t candidate) {
    if (candidate >= next_ - waiting_.waiting()) waiting_.flush();
    const Rewind rewind(compare_);
    compare_.bind(1, candidate).bind(2, lemma).bind(3, part_of_speech).bind(4, language);
    return compare_.step() && compare_.integer(0) != 0;
  });
  if (row != 0 || (all_known_ && tags_.is_complete())) return row;
  waiting_.flush();
  if (!look_up_) {
    database_.run(schema_index("lemmas_by_key"));
    look_up_.emplace(database_,
                     "SELECT rowid FROM lemmas INDEXED BY lemmas_by_key WHERE key = ? AND source = "
                     "? AND lemma = ? AND part_of_speech = ? AND language = ?");
  }
  const std::string key = text::lemma_key(lemma);
  const Rewind rewind(*look_up_);
  look_up_->bind(1, key).bind(2, source_).bind(3, lemma);
  look_up_->bind(4, part_of_speech).bind(5, language);
  return look_up_->step() ? look_up_->integer(0) : 0;
}

}  // namespace sememe::kb
