#include "lib/entangle/batch_gradient.hpp"

#include <algorithm>

#include "lib/base/worker_pool.hpp"

namespace sememe {

namespace {

constexpr Index kTile = 32;
constexpr Index kGroup = 4096;     // tokens whose slot gradients are held at once
constexpr Index kAlone = 1 << 17;  // numbers made and derived sooner alone than with help

/// What one token adds to the gradient beside the shared values.
struct TokenGradient {
  std::array<std::vector<double>, kMaxOrder> d_g;
  std::vector<double> d_free;
};

struct TileResult {
  double loss = 0;
  VectorD shared;
};

}  // namespace

double batch_gradient(const EntangledModel& model, const std::vector<Index>& tokens,
                      EntangledModel::Part part, const TileLoss& loss, VectorD* gradient,
                      int threads) {
  if (gradient != nullptr) *gradient = VectorD::Zero(model.values.size());
  const Index shared_size = model.values.size() - model.map_at();
  double total = 0;
  for (Index from = 0; from < static_cast<Index>(tokens.size()); from += kGroup) {
    const Index count = std::min(kGroup, static_cast<Index>(tokens.size()) - from);
    std::vector<TokenGradient> by_token(gradient != nullptr ? static_cast<std::size_t>(count) : 0);
    std::vector<TileResult> tiles(static_cast<std::size_t>((count + kTile - 1) / kTile));
    const bool is_small = count * model.dims() * model.rank() < kAlone;
    parallel_tiles(
        count, kTile, is_small ? 1 : threads,
        [&](std::int64_t tile, std::int64_t first, std::int64_t last) {
          const std::span<const Index> here(tokens.data() + from + first,
                                            static_cast<std::size_t>(last - first));
          std::vector<EntangledModel::Scratch> scratch(here.size());
          MatrixD rows(last - first, model.dims());
          MatrixD d_rows(last - first, model.dims());
          for (std::size_t i = 0; i < here.size(); ++i)
            model.row(
                here[i], scratch[i],
                {rows.row(static_cast<Index>(i)).data(), static_cast<std::size_t>(model.dims())},
                part);
          TileResult& result = tiles[static_cast<std::size_t>(tile)];
          result.loss = loss(here, rows, d_rows);
          if (gradient == nullptr) return;
          result.shared = VectorD::Zero(shared_size);
          for (std::size_t i = 0; i < here.size(); ++i) {
            TokenGradient& own = by_token[static_cast<std::size_t>(first) + i];
            own.d_free.assign(static_cast<std::size_t>(model.free()), 0.0);
            model.gradient(
                here[i], scratch[i],
                {d_rows.row(static_cast<Index>(i)).data(), static_cast<std::size_t>(model.dims())},
                {result.shared.data(), static_cast<std::size_t>(shared_size)}, own.d_free);
            own.d_g = std::move(scratch[i].d_g);
          }
        });
    for (const TileResult& tile : tiles) {
      total += tile.loss;
      if (gradient != nullptr) gradient->tail(shared_size) += tile.shared;
    }
    for (std::size_t i = 0; i < by_token.size(); ++i) {
      const Index token = tokens[static_cast<std::size_t>(from) + i];
      for (Index j = 0; j < model.order(); ++j)
        model.scatter(token, j, by_token[i].d_g[static_cast<std::size_t>(j)], *gradient);
      for (Index k = 0; k < model.free(); ++k)
        (*gradient)[model.free_at() + token * model.free() + k] +=
            by_token[i].d_free[static_cast<std::size_t>(k)];
    }
  }
  return total;
}

}  // namespace sememe
