// How fast packed tables are read:  codec_decode_bench [TOKENS DIMS RATIO]    # default 30522 768
// 20
//
// Makes rows of a falling spectrum, packs them (the trellis of 8 states, which is quick to search;
// its number of states changes nothing for a reader), reads and prints medians of repeated reads.
// First on one thread, in CPU time of the process: the whole table in MB/s of fp32 output, one
// random row, 64 adjacent rows and 64 random rows a call, and both as rows/s beside single rows.
// Then the same batches on two threads beside single rows on one, both in wall-clock time, which
// says something only where two cores have nothing else to do. Random rows come in two kinds: any
// row alike, and rows as text asks for them (Zipf's law over tokens sorted by frequency).
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/random.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/packed/packed_table.hpp"
#include "lib/packing/encode.hpp"
#include "lib/tensor/dense_table.hpp"

using namespace sememe;

namespace {

/// @param clock  CLOCK_PROCESS_CPUTIME_ID or CLOCK_MONOTONIC
double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median_seconds(clockid_t clock, int times, const std::function<void()>& work) {
  std::vector<double> spent;
  for (int i = 0; i < times; ++i) {
    const double start = seconds(clock);
    work();
    spent.push_back(seconds(clock) - start);
  }
  std::nth_element(spent.begin(), spent.begin() + times / 2, spent.end());
  return spent[static_cast<std::size_t>(times / 2)];
}

/// Independent columns of falling size, then a few reflections, which mix them.
Matrix made_rows(Index tokens, Index dims) {
  Random random(1);
  Matrix rows(tokens, dims);
  for (Index t = 0; t < tokens; ++t) {
    const double size = std::exp(0.3 * random.normal());
    for (Index j = 0; j < dims; ++j)
      rows(t, j) =
          static_cast<float>(size * random.normal() / std::sqrt(1.0 + static_cast<double>(j)));
  }
  for (int turn = 0; turn < 3; ++turn) {
    Vector axis(dims);
    for (Index j = 0; j < dims; ++j) axis[j] = static_cast<float>(random.normal());
    axis.normalize();
    const Vector along = rows * axis;
    rows -= 2 * along * axis.transpose();
  }
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  const Index tokens = argc > 1 ? std::stoll(argv[1]) : 30522;
  const Index dims = argc > 2 ? std::stoll(argv[2]) : 768;
  const double ratio = argc > 3 ? std::stod(argv[3]) : 20;
  Fit fit;
  fit.target = Target(std::make_shared<DenseTable>(made_rows(tokens, dims)));
  EncodeOptions options;
  options.file_bytes = formats::safetensors_bytes;
  options.tuning.trellis_bits = 3;
  const Encoded encoded = encode(fit, {Budget::Kind::ratio, ratio}, options);
  const TensorBundleView seen = view(encoded.bundle);
  const PackedTable table(seen);
  const auto width = static_cast<std::size_t>(dims);
  std::printf("(%td, %td) at %.1fx, relative error %.4f\n", tokens, dims, encoded.report.ratio,
              encoded.report.relative_error);

  std::vector<float> all(static_cast<std::size_t>(tokens) * width);
  const double whole =
      median_seconds(CLOCK_PROCESS_CPUTIME_ID, 5, [&] { table.rows(0, tokens, all); });
  std::printf("whole table      %8.0f MB/s of fp32 output\n",
              4e-6 * static_cast<double>(all.size()) / whole);

  Random random(2);
  const auto any = [&] {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(tokens)));
  };
  const auto by_frequency = [&] {
    const double rank = std::exp(random.uniform() * std::log(static_cast<double>(tokens)));
    return std::min<std::int64_t>(static_cast<std::int64_t>(rank) - 1, tokens - 1);
  };
  std::vector<float> row(width), batch(64 * width);
  std::vector<std::int64_t> asked(64);
  const auto measure = [&](clockid_t clock, int threads) {
    const double single = median_seconds(clock, 4000, [&] { table.row(any(), row); });
    std::printf("one random row   %8.1f us\n", 1e6 * single);
    const auto print = [&](const char* name, double spent) {
      std::printf("%-16s %8.1f us a row, %.1f times the rows/s of single rows\n", name,
                  1e6 * spent / 64, 64 * single / spent);
    };
    print("64 adjacent", median_seconds(clock, 300, [&] {
            table.rows(any() % std::max<Index>(1, tokens - 64), 64, batch, threads);
          }));
    print("64 random", median_seconds(clock, 300, [&] {
            for (std::int64_t& token : asked) token = any();
            table.gather(asked, batch, threads);
          }));
    print("64 by frequency", median_seconds(clock, 300, [&] {
            for (std::int64_t& token : asked) token = by_frequency();
            table.gather(asked, batch, threads);
          }));
  };
  measure(CLOCK_PROCESS_CPUTIME_ID, 1);
  std::printf("two threads a batch, wall-clock time:\n");
  measure(CLOCK_MONOTONIC, 2);
  return 0;
}
