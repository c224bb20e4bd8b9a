#include "kb/sqlite_lexicon.hpp"

#include <algorithm>
#include <mutex>

#include "kb/database.hpp"
#include "kb/packed_sememes.hpp"
#include "kb/sense_order.hpp"
#include "kb/statement.hpp"

namespace sememe::kb {
namespace {

/// The join order is given, not left to the planner: it has no statistics and would be right by
/// luck.
constexpr std::string_view kColumns =
    "SELECT s.rowid, l.part_of_speech, s.rank, s.frequency, s.source, y.steps, y.sememes, ";
constexpr std::string_view kJoin =
    "CROSS JOIN senses AS s INDEXED BY senses_by_lemma ON s.lemma = l.rowid "
    "LEFT JOIN synset_sememes AS y ON y.synset = s.synset ";
constexpr std::string_view kOwnJoin =
    "LEFT JOIN definitions AS d INDEXED BY definitions_by_sense ON d.sense = s.rowid AND "
    "length(d.sememes) > 0 ";
constexpr std::string_view kFromKey = "FROM lemmas AS l INDEXED BY lemmas_by_key ";
constexpr std::string_view kFromForm =
    "FROM (SELECT DISTINCT lemma FROM forms WHERE key = ?1) AS f CROSS JOIN lemmas AS l ON "
    "l.rowid = f.lemma AND l.key <> ?1 ";

/// One row per sense, or one for each definition of its own; read from indexes alone. All in one
/// statement: in WAL mode each costs the locks of a transaction, as much as finding a sense.
std::string senses_sql(bool by_form, bool with_own) {
  std::string sql(kColumns);
  sql.append(with_own ? "d.sememes, d.rowid " : "NULL, NULL ")
      .append(by_form ? kFromForm : kFromKey);
  sql.append(kJoin).append(with_own ? kOwnJoin : "").append(by_form ? "" : "WHERE l.key = ?1");
  return sql;
}

/// One connection with the statements of every call prepared.
struct Session {
  explicit Session(const std::filesystem::path& file)
      : database(file),
        has_own(database.scalar("SELECT EXISTS (SELECT 1 FROM definitions WHERE sense > 0)") != 0),
        has_forms(database.scalar("SELECT EXISTS (SELECT 1 FROM forms)") != 0),
        by_key(database, senses_sql(false, has_own)),
        by_form(database, senses_sql(true, has_own)),
        exists(database,
               "SELECT 1 FROM lemmas WHERE key = ?1 UNION ALL SELECT 1 FROM forms WHERE key = ?1 "
               "LIMIT 1"),
        bases(database,
              "SELECT DISTINCT lemma FROM exceptions WHERE form = ?1 AND (?2 = 'u' OR "
              "part_of_speech = ?2) ORDER BY lemma"),
        name(database, "SELECT name FROM sememes WHERE rowid = ?") {}

  void read(Statement& statement, std::string_view key, std::vector<Sense>& senses) {
    const Rewind rewind(statement);
    statement.bind(1, key);
    while (statement.step()) {
      const auto id = static_cast<SenseId>(statement.integer(0));
      if (senses.empty() || senses.back().id != id) {
        merge_definitions(senses);
        read_sense(statement, senses.emplace_back());
        first_definition = statement.integer(8);
      } else {
        if (further.empty()) further.push_back({first_definition, senses.back().sememes});
        further.push_back({statement.integer(8), {}});
        unpack_sememes(statement.blob(7), further.back().sememes);
      }
    }
    merge_definitions(senses);
  }

  /// Where the last sense has several definitions: stated before derived ones, each in order of
  /// writing.
  void merge_definitions(std::vector<Sense>& senses) {
    if (further.empty()) return;
    std::sort(further.begin(), further.end(), [](const OwnDefinition& a, const OwnDefinition& b) {
      const bool a_derived = a.sememes.front().derived, b_derived = b.sememes.front().derived;
      return a_derived != b_derived ? b_derived : a.row < b.row;
    });
    std::vector<SenseSememe>& merged = senses.back().sememes;
    merged.clear();
    for (const OwnDefinition& each : further)
      merged.insert(merged.end(), each.sememes.begin(), each.sememes.end());
    further.clear();
  }

  static void read_sense(const Statement& row, Sense& sense) {
    sense.id = static_cast<SenseId>(row.integer(0));
    const std::string_view part_of_speech = row.text(1);
    sense.part_of_speech = part_of_speech.empty() ? 'u' : part_of_speech.front();
    sense.rank = static_cast<std::int32_t>(row.integer(2));
    sense.frequency = row.integer(3);
    sense.source = static_cast<SourceId>(row.integer(4));
    const bool inherits = row.is_null(7);
    if (inherits) sense.inherited_steps = static_cast<int>(row.integer(5));
    unpack_sememes(row.blob(inherits ? 6 : 7), sense.sememes);
  }

  Database database;
  struct OwnDefinition {
    std::int64_t row;
    std::vector<SenseSememe> sememes;  ///< at least one
  };
  bool has_own, has_forms;
  std::int64_t first_definition = 0;   ///< of the sense being read
  std::vector<OwnDefinition> further;  ///< all of them, once there is more than one
  Statement by_key, by_form, exists, bases, name;
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
  session->read(session->by_key, key, senses);
  if (session->has_forms) session->read(session->by_form, key, senses);
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
