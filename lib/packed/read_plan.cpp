#include "lib/packed/read_plan.hpp"

#include <algorithm>
#include <cassert>

namespace sememe {

namespace {

constexpr double kAddedDims = 300;     // added up for a number in the time that reads one
constexpr double kLeastShare = 2e4;    // numbers read: about 50 us, a few thread starts ...
constexpr double kLeastRows = 4;       // ... and rows added up: fewer take as long as these
constexpr double kLargestShare = 4e6;  // numbers read: about 10 ms

}  // namespace

std::vector<BlockJob> jobs_of(std::span<const Wanted> wanted, std::int64_t block_tokens) {
  std::vector<BlockJob> jobs;
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    const std::int64_t token = wanted[w].token, b = token / block_tokens;
    if (jobs.empty() || jobs.back().block != b) jobs.push_back({b, 0, 0, w, w});
    BlockJob& job = jobs.back();
    if (w == job.begin || wanted[w - 1].token != token) ++job.added;
    job.end = w + 1;
    job.rows = token % block_tokens + 1;
  }
  return jobs;
}

std::vector<std::size_t> shares_of(std::span<const BlockJob> jobs, std::int64_t coefficients,
                                   std::int64_t dims, int threads) {
  assert(threads >= 1);
  if (threads == 1) return {0, jobs.size()};
  const double numbers = static_cast<double>(coefficients) + 2;  // a gain and a class, too
  const double added = static_cast<double>(dims) / kAddedDims;
  const auto work_of = [&](const BlockJob& job) {
    return numbers * (static_cast<double>(job.rows) + added * static_cast<double>(job.added));
  };
  double all = 0, rows = 0;
  for (const BlockJob& job : jobs) {
    all += work_of(job);
    rows += static_cast<double>(job.added);
  }
  const double most =
      std::min({static_cast<double>(threads), all / kLeastShare, rows / kLeastRows});
  const auto count = static_cast<std::int64_t>(std::max({1.0, most, all / kLargestShare}));
  std::vector<std::size_t> bounds = {0};
  double before = 0;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    // A job belongs to the share its middle falls into.
    const double work = work_of(jobs[j]);
    const double share = (before + work / 2) * static_cast<double>(count) / all;
    if (share >= static_cast<double>(bounds.size()) && bounds.back() < j) bounds.push_back(j);
    before += work;
  }
  bounds.push_back(jobs.size());
  return bounds;
}

}  // namespace sememe
