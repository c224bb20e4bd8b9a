#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/compose/finding.hpp"
#include "lib/compose/knowledge.hpp"
#include "lib/compose/reading.hpp"
#include "lib/composition/composition.hpp"

namespace sememe {

/// Routes as a set: bit n for the route of number n.
using RouteSet = std::uint32_t;
inline constexpr RouteSet kAllRoutes = (RouteSet{1} << kRoutes) - 1;
inline RouteSet route_bit(Route route) { return RouteSet{1} << static_cast<unsigned>(route); }

/// One step on the way to what a token means. Some routes have two: which comes first decides.
struct RouteStep {
  Route route = Route::hashed;  ///< the route of the tokens it understands
  std::string_view takes;       ///< what it takes a token for
  /// True if the token was understood. Null: not asked of tokens one by one (predicted: of all that
  /// are left, by the composer), or what is left to the others (hashed).
  bool (*understands)(const Knowledge&, const Reading&, Finding&) = nullptr;
  bool letters = true;  ///< asked only of tokens that have a letter
  bool always = false;  ///< asked even if its route is not allowed
};

/// All steps in the order they are asked; the first that understands a token names its route. The
/// only list of that order: help, reports and pages quote it.
std::span<const RouteStep> route_steps();
/// Every route once, in the order of their first steps.
std::array<Route, kRoutes> routes_in_order();

/// What the steps make of a token, without atoms of its spelling and frequency.
/// @param allowed  routes that may be taken; special and hashed always are. A function word whose
///        route is not allowed is hashed.
Finding find_by_routes(const Token& token, const Knowledge& known, RouteSet allowed);

}  // namespace sememe
