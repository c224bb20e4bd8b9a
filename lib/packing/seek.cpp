#include "lib/packing/seek.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sememe {

double seek(const std::function<double(double)>& f, double x, double slope, const Seek& bounds) {
  const auto [low, high, width, rounds] = bounds;
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  constexpr double kNarrow = 0.02;  // a bracket below this may be an artefact of wavering
  double above = -kInfinite, below = kInfinite;  // f > 0 | f <= 0
  double best = high, f_best = -kInfinite, x_old = 0, f_old = 0;
  const double aim = -0.5 * width;
  x = std::clamp(x, low, high);
  for (int round = 0; round < rounds; ++round) {
    const double y = f(x);
    if (y <= 0 && y > f_best) {
      best = x;
      f_best = y;
    }
    if (y <= 0 && y >= -width) break;
    if (round > 0 && std::abs(x - x_old) > 1e-4) {
      const double seen = (y - f_old) / (x - x_old);
      slope = std::clamp(seen, 4 * slope, slope / 4);
    }
    (y > 0 ? above : below) = x;
    x_old = x;
    f_old = y;
    double next = std::clamp(x + std::clamp((aim - y) / slope, -2.0, 2.0), low, high);
    if (below - above > kNarrow) {
      // Past the far end, or too near it to learn: halve instead.
      const double margin = std::isinf(below - above) ? 0 : 0.02 * (below - above);
      if (next <= above + margin || next >= below - margin) next = 0.5 * (above + below);
    }
    if (next == x || !std::isfinite(next)) break;
    x = next;
  }
  return best;
}

}  // namespace sememe
