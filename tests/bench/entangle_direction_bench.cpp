// The direction table in closed form:  entangle_direction_bench TABLE RANK...
// prints one line per rank: rank, seconds, mean cosine, relative error.
#include <chrono>
#include <cstdio>
#include <string>

#include "lib/entangle/measures.hpp"
#include "lib/table/open.hpp"
#include "lib/tensor/low_rank_table.hpp"

using namespace sememe;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s TABLE RANK...\n", argv[0]);
    return 2;
  }
  const std::unique_ptr<Table> table = open_table(argv[1]);
  for (int i = 2; i < argc; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const LowRankTable low = nearest_directions(*table, std::stoll(argv[i]), 8, 0);
    const double spent =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const TableErrors errors = measure(Target(*table), low);
    std::printf("%s %.3f %.6f %.6f\n", argv[i], spent, errors.mean_cosine, errors.relative_error);
  }
  return 0;
}
