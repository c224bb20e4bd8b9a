#include "kb/sqlite_lexicon.hpp"

#include <algorithm>
#include <mutex>

#include "kb/database.hpp"
#include "kb/packed_sememes.hpp"
#include "kb/sense_order.hpp"
#include "kb/statement.hpp"

namespace sememe::kb {
namespace {

/// One row per sense, read from indexes alone; the second half is for written forms of a lemma that
/// are not its key. The join order is given, not left to the planner: it has no statistics and
/// would be right by luck. All in one statement: in WAL mode each costs the locks of a transaction,
/// as much as finding a sense.
std::string senses_sql() {
  const std::string columns =
      "SELECT s.rowid, l.part_of_speech, s.rank, s.frequency, s.source, s.sememes, y.steps, "
      "y.sememes ";
  const std::string senses =
      "CROSS JOIN senses AS s INDEXED BY senses_by_lemma ON s.lemma = l.rowid "
      "LEFT JOIN synset_sememes AS y ON y.synset = iif(s.sememes IS NULL, s.synset, NULL) ";
  return columns + "FROM lemmas AS l INDEXED BY lemmas_by_key " + senses +
         "WHERE l.key = ?1 UNION ALL " + columns +
         "FROM (SELECT DISTINCT lemma FROM forms WHERE key = ?1) AS f CROSS JOIN lemmas AS l ON "
         "l.rowid = f.lemma AND l.key <> ?1 " +
         senses;
}

/// One connection with the statements of every call prepared.
struct Session {
  explicit Session(const std::filesystem::path& file)
      : database(file, Database::Mode::map),
        senses(database, senses_sql()),
        exists(database,
               "SELECT 1 FROM lemmas WHERE key = ?1 UNION ALL SELECT 1 FROM forms WHERE key = ?1 "
               "LIMIT 1"),
        bases(database,
              "SELECT DISTINCT lemma FROM exceptions WHERE form = ?1 AND (?2 = 'u' OR "
              "part_of_speech = ?2) ORDER BY lemma"),
        name(database, "SELECT name FROM sememes WHERE rowid = ?") {}

  static void read_sense(const Statement& row, Sense& sense) {
    sense.id = static_cast<SenseId>(row.integer(0));
    const std::string_view part_of_speech = row.text(1);
    sense.part_of_speech = part_of_speech.empty() ? 'u' : part_of_speech.front();
    sense.rank = static_cast<std::int32_t>(row.integer(2));
    sense.frequency = row.integer(3);
    sense.source = static_cast<SourceId>(row.integer(4));
    if (!row.is_null(5)) {
      unpack_sememes(row.blob(5), sense.sememes);
    } else {
      sense.inherited_steps = static_cast<int>(row.integer(6));
      unpack_sememes(row.blob(7), sense.sememes);
    }
  }

  Database database;
  Statement senses, exists, bases, name;
};

}  // namespace

struct SqliteLexicon::Pool {
  explicit Pool(const std::filesystem::path& path) : file(path) {}

  std::unique_ptr<Session> take() {
    {
      const std::lock_guard lock(guard);
      if (!idle.empty()) {
        std::unique_ptr<Session> session = std::move(idle.back());
        idle.pop_back();
        return session;
      }
    }
    return std::make_unique<Session>(file);
  }
  void give(std::unique_ptr<Session> session) {
    const std::lock_guard lock(guard);
    idle.push_back(std::move(session));
  }

  /// A session for the length of one call.
  struct Lease {
    explicit Lease(Pool& from) : pool(from), session(from.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool.give(std::move(session)); }
    Session* operator->() { return session.get(); }
    Pool& pool;
    std::unique_ptr<Session> session;
  };

  std::filesystem::path file;
  std::mutex guard;
  std::vector<std::unique_ptr<Session>> idle;
};

SqliteLexicon::SqliteLexicon(const std::filesystem::path& file)
    : pool_(std::make_unique<Pool>(file)) {
  Pool::Lease opened(*pool_);
}
SqliteLexicon::~SqliteLexicon() = default;

std::vector<Sense> SqliteLexicon::senses(std::string_view key) const {
  Pool::Lease session(*pool_);
  std::vector<Sense> senses;
  const Rewind rewind(session->senses);
  for (session->senses.bind(1, key); session->senses.step();)
    Session::read_sense(session->senses, senses.emplace_back());
  sort_senses(senses);
  return senses;
}

bool SqliteLexicon::contains(std::string_view key) const {
  Pool::Lease session(*pool_);
  const Rewind rewind(session->exists);
  return session->exists.bind(1, key).step();
}

std::vector<std::string> SqliteLexicon::base_forms(std::string_view key,
                                                   char part_of_speech) const {
  Pool::Lease session(*pool_);
  const Rewind rewind(session->bases);
  session->bases.bind(1, key).bind(2, std::string_view(&part_of_speech, 1));
  std::vector<std::string> bases;
  while (session->bases.step()) bases.emplace_back(session->bases.text(0));
  return bases;
}

std::string SqliteLexicon::sememe_name(SememeId id) const {
  Pool::Lease session(*pool_);
  const Rewind rewind(session->name);
  session->name.bind(1, static_cast<std::int64_t>(id));
  return session->name.step() ? std::string(session->name.text(0)) : std::string();
}

void SqliteLexicon::for_each_lemma(const std::function<void(const LemmaView&)>& visit) const {
  Pool::Lease session(*pool_);
  Statement all(session->database,
                "SELECT lemma, key, language, part_of_speech, (SELECT sum(frequency) FROM senses "
                "WHERE senses.lemma = lemmas.rowid) FROM lemmas ORDER BY key, rowid");
  while (all.step()) {
    LemmaView view;
    view.lemma = all.text(0);
    view.key = all.text(1);
    view.language = all.text(2);
    const std::string_view part_of_speech = all.text(3);
    view.part_of_speech = part_of_speech.empty() ? 'u' : part_of_speech.front();
    view.frequency = all.integer(4);
    visit(view);
  }
}

std::vector<std::string> SqliteLexicon::provenance() const {
  Pool::Lease session(*pool_);
  Statement all(session->database, "SELECT name, version, checksum FROM sources ORDER BY rowid");
  std::vector<std::string> lines;
  while (all.step())
    lines.push_back(std::string(all.text(0)) + '@' + std::string(all.text(1)) + ' ' +
                    std::string(all.text(2)));
  return lines;
}

}  // namespace sememe::kb
