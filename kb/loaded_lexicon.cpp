#include "kb/loaded_lexicon.hpp"

#include <algorithm>
#include <cstdint>
#include <future>
#include <numeric>
#include <tuple>
#include <utility>

#include "kb/database.hpp"
#include "kb/packed_sememes.hpp"
#include "kb/sense_order.hpp"
#include "kb/statement.hpp"
#include "lib/lexicon/key_table.hpp"

// Tables are scanned in the order they lie on disk and put in order here: a join inside SQLite
// would jump about in the file once per sense. Lemmas are numbered in order of (key, rowid), senses
// lie lemma by lemma, and sememes stay packed until they are asked for. Lemmas and senses, each
// about half of the work, are scanned at the same time by two connections.

namespace sememe::kb {
namespace {

constexpr std::uint32_t kNone = KeyTable::kNone;

/// Texts end to end.
class Texts {
 public:
  void add(std::string_view text) {
    bytes_ += text;
    ends_.push_back(bytes_.size());
  }
  std::string_view operator[](std::size_t at) const {
    const std::uint64_t first = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(bytes_).substr(first, ends_[at] - first);
  }
  std::size_t size() const { return ends_.size(); }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> ends_;
};

/// Where each of ascending row numbers stands. They seldom have gaps, so the place is guessed.
class Rows {
 public:
  void add(std::int64_t row) { rows_.push_back(row); }
  std::size_t size() const { return rows_.size(); }
  std::uint32_t find(std::int64_t row) const {
    if (rows_.empty() || row < rows_.front() || row > rows_.back()) return kNone;
    const auto guess = static_cast<std::uint64_t>(row) - static_cast<std::uint64_t>(rows_.front());
    if (guess < rows_.size() && rows_[guess] == row) return static_cast<std::uint32_t>(guess);
    const auto found = std::lower_bound(rows_.begin(), rows_.end(), row);
    return *found == row ? static_cast<std::uint32_t>(found - rows_.begin()) : kNone;
  }

 private:
  std::vector<std::int64_t> rows_;
};

struct LemmaRow {
  std::uint32_t language = 0;  ///< place in languages
  char part_of_speech = 'u';
};

struct SenseRow {
  std::int64_t id = 0;
  std::int64_t frequency = 0;
  std::int64_t source = 0;
  std::int32_t rank = 0;
  std::uint32_t packed = kNone;  ///< place of its sememes in own or inherited; kNone: it has none
  std::uint32_t lemma = kNone;
  bool own = false;
};

/// Senses and sememes as they lie on disk, before it is known which lemmas they belong to.
struct SenseScan {
  std::vector<SenseRow> senses;
  std::vector<std::int64_t> lemma_rows;  ///< by sense
  Texts own;                             ///< packed sememes of senses' own definitions
  Texts inherited;                       ///< those of synsets
  std::vector<int> steps;                ///< by synset, beside `inherited`
};

SenseScan scan_senses(const Database& database) {
  SenseScan scan;
  Rows synsets;
  Statement packed(database, "SELECT synset, steps, sememes FROM synset_sememes ORDER BY synset");
  while (packed.step()) {
    synsets.add(packed.integer(0));
    scan.steps.push_back(static_cast<int>(packed.integer(1)));
    scan.inherited.add(packed.blob(2));
  }
  Statement all(
      database,
      "SELECT rowid, lemma, synset, rank, frequency, source, sememes FROM senses ORDER BY "
      "rowid");
  while (all.step()) {
    SenseRow sense;
    sense.id = all.integer(0);
    scan.lemma_rows.push_back(all.integer(1));
    sense.rank = static_cast<std::int32_t>(all.integer(3));
    sense.frequency = all.integer(4);
    sense.source = all.integer(5);
    sense.own = !all.is_null(6);
    if (sense.own) {
      sense.packed = static_cast<std::uint32_t>(scan.own.size());
      scan.own.add(all.blob(6));
    } else {
      sense.packed = all.is_null(2) ? kNone : synsets.find(all.integer(2));
    }
    scan.senses.push_back(sense);
  }
  return scan;
}

/// Begins a transaction on each of two connections to a file so that both see the same state of it:
/// tried again if somebody else commits between the two.
void begin_together(Database& first, Database& second) {
  const auto begin = [](Database& database) {
    database.run("BEGIN");
    database.scalar("SELECT count(*) FROM sources");  // a state is chosen by the first read
  };
  const auto version = [&first] { return first.scalar("PRAGMA data_version"); };
  for (;;) {
    const std::int64_t before = version();
    begin(second);
    begin(first);
    if (version() == before) return;
    first.run("ROLLBACK");
    second.run("ROLLBACK");
  }
}

/// Runs of things that belong to keys or lemmas: [first[i], first[i + 1]).
using Starts = std::vector<std::uint32_t>;

char letter(std::string_view text) { return text.empty() ? 'u' : text.front(); }

}  // namespace

struct LoadedLexicon::Tables {
  KeyTable keys;      ///< of lemmas
  Starts key_lemmas;  ///< by key
  Texts lemmas;
  std::vector<LemmaRow> lemma_rows;
  Starts lemma_senses;  ///< by lemma
  std::vector<SenseRow> senses;
  std::vector<std::string> languages;

  Texts own;               ///< packed sememes of senses' own definitions
  Texts inherited;         ///< those of synsets
  std::vector<int> steps;  ///< by synset, beside `inherited`
  KeyTable form_keys;
  std::vector<std::vector<std::uint32_t>> form_lemmas;  ///< by form key, whose own key differs
  KeyTable exception_forms;
  std::vector<std::vector<std::pair<char, std::string>>> bases;  ///< by exception form, ascending
  Rows sememe_rows;
  Texts sememe_names;
  std::vector<std::string> provenance;

  explicit Tables(const std::filesystem::path& file, const Progress& progress);

 private:
  std::vector<std::uint32_t> read_lemmas(const Database& database, Rows& rows);
  void put_senses(SenseScan scan, const Rows& lemma_rows_by_id,
                  const std::vector<std::uint32_t>& place);
  void read_forms(const Database& database, const Rows& lemma_rows_by_id,
                  const std::vector<std::uint32_t>& place);
  void read_exceptions(const Database& database);
};

LoadedLexicon::Tables::Tables(const std::filesystem::path& file, const Progress& progress) {
  Database database(file);
  Database other(file);
  begin_together(database, other);
  const auto report = [&](std::int64_t stage) {
    if (progress) progress("reading the knowledge base", stage, 4);
  };
  report(0);
  std::future<SenseScan> scan =
      std::async(std::launch::async, [&other] { return scan_senses(other); });
  Rows rows;
  const std::vector<std::uint32_t> place = read_lemmas(database, rows);
  report(1);
  read_forms(database, rows, place);
  read_exceptions(database);
  report(2);
  Statement names(database, "SELECT rowid, name FROM sememes ORDER BY rowid");
  while (names.step()) {
    sememe_rows.add(names.integer(0));
    sememe_names.add(names.text(1));
  }
  Statement sources(database, "SELECT name, version, checksum FROM sources ORDER BY rowid");
  while (sources.step())
    provenance.push_back(std::string(sources.text(0)) + '@' + std::string(sources.text(1)) + ' ' +
                         std::string(sources.text(2)));
  put_senses(scan.get(), rows, place);
  report(4);
}

/// @param rows  filled with the rowids of lemmas. @return the number of each, in order of rowid
std::vector<std::uint32_t> LoadedLexicon::Tables::read_lemmas(const Database& database,
                                                              Rows& rows) {
  Texts unordered_keys;
  Texts unordered_lemmas;
  std::vector<LemmaRow> unordered;
  Statement all(database,
                "SELECT rowid, key, lemma, language, part_of_speech FROM lemmas ORDER BY rowid");
  while (all.step()) {
    rows.add(all.integer(0));
    unordered_keys.add(all.text(1));
    unordered_lemmas.add(all.text(2));
    const std::string_view language = all.text(3);
    auto known = std::find(languages.begin(), languages.end(), language);
    if (known == languages.end()) known = languages.emplace(languages.end(), language);
    unordered.push_back(
        {static_cast<std::uint32_t>(known - languages.begin()), letter(all.text(4))});
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(unordered.size());
  for (std::uint32_t i = 0; i < unordered.size(); ++i)
    order.emplace_back(order_prefix(unordered_keys[i]), i);
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const int compared = unordered_keys[a.second].compare(unordered_keys[b.second]);
    return compared != 0 ? compared < 0 : a.second < b.second;
  });
  std::vector<std::uint32_t> place(unordered.size());
  lemma_rows.reserve(unordered.size());
  for (const auto& entry : order) {
    const std::string_view key = unordered_keys[entry.second];
    if (keys.size() == 0 || keys[keys.size() - 1] != key) {
      keys.append(key);
      key_lemmas.push_back(static_cast<std::uint32_t>(lemma_rows.size()));
    }
    place[entry.second] = static_cast<std::uint32_t>(lemma_rows.size());
    lemma_rows.push_back(unordered[entry.second]);
    lemmas.add(unordered_lemmas[entry.second]);
  }
  key_lemmas.push_back(static_cast<std::uint32_t>(lemma_rows.size()));
  keys.finish();
  return place;
}

void LoadedLexicon::Tables::put_senses(SenseScan scan, const Rows& lemma_rows_by_id,
                                       const std::vector<std::uint32_t>& place) {
  own = std::move(scan.own);
  inherited = std::move(scan.inherited);
  steps = std::move(scan.steps);
  lemma_senses.assign(lemma_rows.size() + 1, 0);
  for (std::size_t i = 0; i < scan.senses.size(); ++i) {
    const std::uint32_t lemma = lemma_rows_by_id.find(scan.lemma_rows[i]);
    if (lemma == kNone) continue;
    scan.senses[i].lemma = place[lemma];
    ++lemma_senses[place[lemma] + 1];
  }
  std::partial_sum(lemma_senses.begin(), lemma_senses.end(), lemma_senses.begin());
  senses.resize(lemma_senses.back());
  Starts next = lemma_senses;
  for (const SenseRow& sense : scan.senses)
    if (sense.lemma != kNone) senses[next[sense.lemma]++] = sense;
}

void LoadedLexicon::Tables::read_forms(const Database& database, const Rows& lemma_rows_by_id,
                                       const std::vector<std::uint32_t>& place) {
  Statement all(database, "SELECT DISTINCT key, lemma FROM forms ORDER BY key, lemma");
  while (all.step()) {
    const std::string_view key = all.text(0);
    const std::uint32_t lemma = lemma_rows_by_id.find(all.integer(1));
    if (lemma == kNone) continue;
    if (form_keys.size() == 0 || form_keys[form_keys.size() - 1] != key) {
      form_keys.append(key);
      form_lemmas.emplace_back();
    }
    const std::uint32_t same_key = keys.find(key);
    if (same_key != kNone && place[lemma] >= key_lemmas[same_key] &&
        place[lemma] < key_lemmas[same_key + 1])
      continue;
    form_lemmas.back().push_back(place[lemma]);
  }
  form_keys.finish();
}

void LoadedLexicon::Tables::read_exceptions(const Database& database) {
  Statement all(database,
                "SELECT DISTINCT form, lemma, part_of_speech FROM exceptions ORDER BY form, lemma");
  while (all.step()) {
    const std::string_view form = all.text(0);
    if (exception_forms.size() == 0 || exception_forms[exception_forms.size() - 1] != form) {
      exception_forms.append(form);
      bases.emplace_back();
    }
    bases.back().emplace_back(letter(all.text(2)), all.text(1));
  }
  exception_forms.finish();
}

LoadedLexicon::LoadedLexicon(const std::filesystem::path& file, const Progress& progress)
    : tables_(std::make_unique<const Tables>(file, progress)) {}
LoadedLexicon::~LoadedLexicon() = default;

std::vector<Sense> LoadedLexicon::senses(std::string_view key) const {
  const Tables& t = *tables_;
  std::vector<Sense> senses;
  const auto add = [&](std::uint32_t lemma) {
    for (std::uint32_t i = t.lemma_senses[lemma]; i < t.lemma_senses[lemma + 1]; ++i) {
      const SenseRow& row = t.senses[i];
      Sense& sense = senses.emplace_back();
      sense.id = static_cast<SenseId>(row.id);
      sense.part_of_speech = t.lemma_rows[lemma].part_of_speech;
      sense.rank = row.rank;
      sense.frequency = row.frequency;
      sense.source = static_cast<SourceId>(row.source);
      if (row.packed == kNone) continue;
      if (!row.own) sense.inherited_steps = t.steps[row.packed];
      unpack_sememes(row.own ? t.own[row.packed] : t.inherited[row.packed], sense.sememes);
    }
  };
  if (const std::uint32_t found = t.keys.find(key); found != kNone)
    for (std::uint32_t i = t.key_lemmas[found]; i < t.key_lemmas[found + 1]; ++i) add(i);
  if (const std::uint32_t found = t.form_keys.find(key); found != kNone)
    for (const std::uint32_t lemma : t.form_lemmas[found]) add(lemma);
  sort_senses(senses);
  return senses;
}

bool LoadedLexicon::contains(std::string_view key) const {
  return tables_->keys.find(key) != kNone || tables_->form_keys.find(key) != kNone;
}

std::vector<std::string> LoadedLexicon::base_forms(std::string_view key,
                                                   char part_of_speech) const {
  const std::uint32_t found = tables_->exception_forms.find(key);
  std::vector<std::string> bases;
  if (found == kNone) return bases;
  for (const auto& base : tables_->bases[found])
    if ((part_of_speech == 'u' || base.first == part_of_speech) &&
        (bases.empty() || bases.back() != base.second))
      bases.push_back(base.second);
  return bases;
}

std::string LoadedLexicon::sememe_name(SememeId id) const {
  const std::uint32_t found = tables_->sememe_rows.find(static_cast<std::int64_t>(id));
  return found == kNone ? std::string() : std::string(tables_->sememe_names[found]);
}

void LoadedLexicon::for_each_lemma(const std::function<void(const LemmaView&)>& visit) const {
  const Tables& t = *tables_;
  for (std::uint32_t key = 0; key < t.keys.size(); ++key)
    for (std::uint32_t lemma = t.key_lemmas[key]; lemma < t.key_lemmas[key + 1]; ++lemma) {
      LemmaView view;
      view.lemma = t.lemmas[lemma];
      view.key = t.keys[key];
      view.language = t.languages[t.lemma_rows[lemma].language];
      view.part_of_speech = t.lemma_rows[lemma].part_of_speech;
      for (std::uint32_t i = t.lemma_senses[lemma]; i < t.lemma_senses[lemma + 1]; ++i)
        view.frequency += t.senses[i].frequency;
      visit(view);
    }
}

std::vector<std::string> LoadedLexicon::provenance() const { return tables_->provenance; }

}  // namespace sememe::kb
