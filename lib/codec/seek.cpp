#include "lib/codec/seek.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sememe {

double seek(const std::function<double(double)>& f, double x, double slope, double low, double high,
            double width, int rounds) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  double above = -kInfinite, f_above = 0, below = kInfinite, f_below = 0;  // f > 0 | f <= 0
  double best = high, f_best = -kInfinite;
  const double aim = -0.4 * width;
  x = std::clamp(x, low, high);
  double reach = 1;  // widest step yet allowed outside a bracket
  for (int round = 0; round < rounds; ++round) {
    const double y = f(x);
    if (y <= 0 && y > f_best) {
      best = x;
      f_best = y;
    }
    if (y <= 0 && y >= -width) break;
    const bool first = std::isinf(above) && std::isinf(below);
    const double old = y > 0 ? above : below, f_old = y > 0 ? f_above : f_below;
    (y > 0 ? above : below) = x;
    (y > 0 ? f_above : f_below) = y;
    if (std::isinf(above) || std::isinf(below)) {
      if (!first && std::isfinite(old) && std::abs(x - old) > 1e-12 && (y - f_old) / (x - old) < 0)
        slope = (y - f_old) / (x - old);
      const double move = std::clamp((aim - y) / slope * 1.1, -reach, reach);
      reach *= 2;
      const double next = std::clamp(x + move, low, high);
      if (next == x) break;
      x = next;
    } else {
      const double share = std::clamp((f_above - aim) / (f_above - f_below), 0.05, 0.95);
      x = round % 5 == 4 ? 0.5 * (above + below) : above + share * (below - above);
      if (std::abs(above - below) < 1e-9) break;
    }
  }
  return best;
}

}  // namespace sememe
