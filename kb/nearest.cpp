#include "kb/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "kb/key_hash.hpp"
#include "kb/packed_sememes.hpp"
#include "kb/statement.hpp"

namespace sememe::kb {
namespace {

struct Posting {
  std::int32_t index;  ///< of a word in a sememe's list, of a sememe in a word's
  float weight;
};

}  // namespace

struct NearestWords::Tables {
  struct Word {
    std::string key, language;
  };
  std::vector<Word> words;
  std::unordered_map<std::string, std::int32_t, KeyHash, std::equal_to<>> by_key;
  std::vector<std::int32_t> start = {0};    ///< by word, into sememes
  std::vector<Posting> sememes;             ///< of each word, ascending; unit length
  std::vector<std::vector<Posting>> users;  ///< words of each sememe, ascending

  void read(const Database& database, const Options& options);
  void close_word(std::vector<Posting>& open);
  void weigh();
  std::int32_t find(std::string_view key) const {
    const auto found = by_key.find(key);
    return found == by_key.end() ? -1 : found->second;
  }
};

void NearestWords::Tables::close_word(std::vector<Posting>& open) {
  std::sort(open.begin(), open.end(), [](const Posting& a, const Posting& b) {
    return a.index != b.index ? a.index < b.index : a.weight > b.weight;
  });
  const auto last = std::unique(open.begin(), open.end(), [](const Posting& a, const Posting& b) {
    return a.index == b.index;
  });
  sememes.insert(sememes.end(), open.begin(), last);
  open.clear();
  start.push_back(static_cast<std::int32_t>(sememes.size()));
}

void NearestWords::Tables::read(const Database& database, const Options& options) {
  Statement senses(database,
                   "SELECT l.key, l.language, s.sememes, y.sememes FROM lemmas AS l INDEXED BY "
                   "lemmas_by_key CROSS JOIN senses AS s ON s.lemma = l.rowid LEFT JOIN "
                   "synset_sememes AS y ON y.synset = s.synset JOIN sources AS o ON o.rowid = "
                   "s.source WHERE (?1 = '' OR "
                   "l.language = ?1) AND (?2 = '' OR o.name = ?2 OR o.name || '@' || o.version = "
                   "?2) ORDER BY l.key");
  std::vector<SenseSememe> list;
  std::vector<Posting> open;
  for (senses.bind(1, options.language).bind(2, options.source); senses.step();) {
    if (words.empty() || words.back().key != senses.text(0)) {
      if (!words.empty()) close_word(open);
      words.push_back({std::string(senses.text(0)), std::string(senses.text(1))});
      by_key.emplace(words.back().key, static_cast<std::int32_t>(words.size() - 1));
    }
    list.clear();
    unpack_sememes(senses.is_null(2) ? senses.blob(3) : senses.blob(2), list);
    const bool stated =
        std::any_of(list.begin(), list.end(), [](const SenseSememe& s) { return !s.derived; });
    for (const SenseSememe& sememe : list)
      if (!sememe.derived || !stated || options.derived)
        open.push_back({static_cast<std::int32_t>(sememe.id), sememe.weight});
  }
  if (!words.empty()) close_word(open);
}

void NearestWords::Tables::weigh() {
  std::int32_t highest = 0;
  for (const Posting& posting : sememes) highest = std::max(highest, posting.index);
  std::vector<std::int32_t> count(static_cast<std::size_t>(highest) + 1, 0);
  for (const Posting& posting : sememes) ++count[static_cast<std::size_t>(posting.index)];
  users.resize(count.size());
  const auto all = static_cast<double>(words.size());
  for (std::size_t word = 0; word < words.size(); ++word) {
    double squares = 0;
    for (std::int32_t i = start[word]; i < start[word + 1]; ++i) {
      Posting& posting = sememes[static_cast<std::size_t>(i)];
      const double idf = std::log(all / count[static_cast<std::size_t>(posting.index)]);
      // A sememe all words have would weigh nothing; a word of it alone still has a direction.
      posting.weight = static_cast<float>(posting.weight * std::max(idf, 1e-3));
      squares += static_cast<double>(posting.weight) * posting.weight;
    }
    const double length = std::sqrt(squares);
    for (std::int32_t i = start[word]; i < start[word + 1]; ++i) {
      Posting& posting = sememes[static_cast<std::size_t>(i)];
      posting.weight = static_cast<float>(posting.weight / length);
      users[static_cast<std::size_t>(posting.index)].push_back(
          {static_cast<std::int32_t>(word), posting.weight});
    }
  }
}

NearestWords::NearestWords(const Database& database, const Options& options)
    : tables_(std::make_unique<Tables>()) {
  tables_->read(database, options);
  tables_->weigh();
}

NearestWords::~NearestWords() = default;

std::int64_t NearestWords::words() const { return std::ssize(tables_->words); }

std::vector<NearestWords::Neighbour> NearestWords::nearest(std::string_view key,
                                                           std::int64_t k) const {
  const Tables& t = *tables_;
  const std::int32_t word = t.find(key);
  if (word < 0 || k <= 0) return {};
  std::vector<float> score(t.words.size(), 0);
  const auto index = static_cast<std::size_t>(word);
  for (std::int32_t i = t.start[index]; i < t.start[index + 1]; ++i) {
    const Posting& mine = t.sememes[static_cast<std::size_t>(i)];
    for (const Posting& user : t.users[static_cast<std::size_t>(mine.index)])
      score[static_cast<std::size_t>(user.index)] += mine.weight * user.weight;
  }
  score[index] = 0;
  std::vector<std::int32_t> best;
  for (std::size_t i = 0; i < score.size(); ++i)
    if (score[i] > 0) best.push_back(static_cast<std::int32_t>(i));
  const auto better = [&](std::int32_t a, std::int32_t b) {
    const float x = score[static_cast<std::size_t>(a)], y = score[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  };
  const auto wanted = std::min<std::int64_t>(k, std::ssize(best));
  std::partial_sort(best.begin(), best.begin() + wanted, best.end(), better);
  std::vector<Neighbour> found;
  for (std::int64_t i = 0; i < wanted; ++i) {
    const auto at = static_cast<std::size_t>(best[static_cast<std::size_t>(i)]);
    found.push_back(
        {t.words[at].key, t.words[at].language, std::min(1.0, static_cast<double>(score[at]))});
  }
  return found;
}

double NearestWords::likeness(std::string_view a, std::string_view b) const {
  const Tables& t = *tables_;
  const std::int32_t x = t.find(a), y = t.find(b);
  if (x < 0 || y < 0) return 0;
  double sum = 0;
  std::int32_t i = t.start[static_cast<std::size_t>(x)], j = t.start[static_cast<std::size_t>(y)];
  const std::int32_t i_end = t.start[static_cast<std::size_t>(x) + 1];
  const std::int32_t j_end = t.start[static_cast<std::size_t>(y) + 1];
  while (i < i_end && j < j_end) {
    const Posting& p = t.sememes[static_cast<std::size_t>(i)];
    const Posting& q = t.sememes[static_cast<std::size_t>(j)];
    if (p.index == q.index) sum += static_cast<double>(p.weight) * q.weight;
    i += p.index <= q.index ? 1 : 0;
    j += q.index <= p.index ? 1 : 0;
  }
  return std::min(1.0, sum);
}

std::vector<NearestWords::Neighbour> NearestWords::identical(std::string_view key) const {
  const Tables& t = *tables_;
  const std::int32_t word = t.find(key);
  std::vector<Neighbour> found;
  if (word < 0) return found;
  const auto index = static_cast<std::size_t>(word);
  const auto row = [&](std::size_t of) {
    return std::pair(t.sememes.begin() + t.start[of], t.sememes.begin() + t.start[of + 1]);
  };
  const auto mine = row(index);
  if (mine.first == mine.second) return found;
  // Candidates are the users of the rarest of its sememes.
  const auto rarest = std::min_element(mine.first, mine.second, [&](const auto& a, const auto& b) {
    return t.users[static_cast<std::size_t>(a.index)].size() <
           t.users[static_cast<std::size_t>(b.index)].size();
  });
  for (const Posting& user : t.users[static_cast<std::size_t>(rarest->index)]) {
    const auto other = static_cast<std::size_t>(user.index);
    const auto theirs = row(other);
    if (other != index &&
        std::equal(mine.first, mine.second, theirs.first, theirs.second,
                   [](const Posting& a, const Posting& b) { return a.index == b.index; }))
      found.push_back({t.words[other].key, t.words[other].language, 1});
  }
  return found;
}

}  // namespace sememe::kb
