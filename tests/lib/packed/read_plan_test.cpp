#include "lib/packed/read_plan.hpp"

#include <doctest/doctest.h>

using namespace sememe;

namespace {

/// Jobs that read `rows` rows of a block each and add up one.
std::vector<BlockJob> jobs_reading(const std::vector<std::int64_t>& rows) {
  std::vector<BlockJob> jobs;
  for (std::size_t i = 0; i < rows.size(); ++i)
    jobs.push_back({static_cast<std::int64_t>(i), rows[i], 1, i, i + 1});
  return jobs;
}

}  // namespace

TEST_SUITE("lib/packed/read_plan") {
  TEST_CASE("each block that rows are wanted of is one job, read up to the last of them") {
    const std::vector<Wanted> wanted = {{3, 0}, {3, 4}, {6, 1}, {7, 2}, {21, 3}};
    const std::vector<BlockJob> jobs = jobs_of(wanted, 7);
    REQUIRE(jobs.size() == 3);
    CHECK(jobs[0].block == 0);
    CHECK(jobs[0].rows == 7);
    CHECK(jobs[0].added == 2);
    CHECK(jobs[0].begin == 0);
    CHECK(jobs[0].end == 3);
    CHECK(jobs[1].block == 1);
    CHECK(jobs[1].rows == 1);
    CHECK(jobs[2].block == 3);
    CHECK(jobs[2].rows == 1);
    CHECK(jobs[2].begin == 4);
    CHECK(jobs[2].end == 5);
    CHECK(jobs_of({}, 7).empty());
  }

  TEST_CASE("shares follow each other, hold every job and have about equal work") {
    std::vector<std::int64_t> rows;
    for (int i = 0; i < 300; ++i) rows.push_back(1 + i % 7 + (i < 40 ? 20 : 0));
    const std::vector<BlockJob> jobs = jobs_reading(rows);
    for (const int threads : {1, 2, 3, 8}) {
      CAPTURE(threads);
      const std::vector<std::size_t> bounds = shares_of(jobs, 768, 768, threads);
      REQUIRE(bounds.size() == static_cast<std::size_t>(threads) + 1);
      CHECK(bounds.front() == 0);
      CHECK(bounds.back() == 300);
      std::int64_t least = 1 << 20, most = 0;
      for (std::size_t s = 0; s + 1 < bounds.size(); ++s) {
        REQUIRE(bounds[s] < bounds[s + 1]);
        // A row added up counts 768 / 300 of one that is read.
        std::int64_t work = 0;
        for (std::size_t j = bounds[s]; j < bounds[s + 1]; ++j) work += 300 * rows[j] + 768;
        least = std::min(least, work);
        most = std::max(most, work);
      }
      CHECK(most - least < 2 * (300 * 27 + 768));
    }
  }

  TEST_CASE("little work is one share, however many threads there are") {
    CHECK(shares_of({}, 768, 768, 8).size() == 2);
    CHECK(shares_of(jobs_reading({7}), 768, 768, 8).size() == 2);
    CHECK(shares_of(jobs_reading({7, 7, 7}), 4096, 4096, 8).size() == 2);  // three rows
    CHECK(shares_of(jobs_reading(std::vector<std::int64_t>(64, 4)), 0, 1, 8).size() == 2);
    CHECK(shares_of(jobs_reading(std::vector<std::int64_t>(64, 4)), 768, 768, 8).size() == 9);
  }

  TEST_CASE("much work is more shares than threads, on one thread it is one") {
    const std::vector<BlockJob> jobs = jobs_reading(std::vector<std::int64_t>(30000, 7));
    CHECK(shares_of(jobs, 768, 768, 2).size() > 20);
    CHECK(shares_of(jobs, 768, 768, 1).size() == 2);
  }

  TEST_CASE("a block larger than a share leaves no share empty") {
    std::vector<std::int64_t> rows(40, 1);
    rows[5] = 100000;
    const std::vector<std::size_t> bounds = shares_of(jobs_reading(rows), 768, 768, 4);
    CHECK(bounds.back() == 40);
    for (std::size_t s = 0; s + 1 < bounds.size(); ++s) CHECK(bounds[s] < bounds[s + 1]);
  }
}
