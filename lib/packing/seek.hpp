#pragma once

#include <functional>

namespace sememe {

/// Where to look and how closely; see seek().
struct Seek {
  double low, high, width;
  int rounds;
};

/// Finds x with -width <= f(x) <= 0 for a falling f, by Newton's steps with a slope learnt from the
/// calls so far, held inside the bracket while that is wide. f may waver a little (an encoder that
/// goes on from its last state does): once the bracket is narrow it is no longer believed. Stops
/// after `rounds` calls or when x would leave [low, high]; returns the best feasible x met (f(x) <=
/// 0, largest f), or `high` if none was.
/// @param x, slope  the first call and a guess of f's slope, < 0, for the first step
double seek(const std::function<double(double)>& f, double x, double slope, const Seek& bounds);

}  // namespace sememe
