#include "lib/compose/routes.hpp"

#include <algorithm>

#include "lib/compose/routes/steps.hpp"

namespace sememe {
namespace {

constexpr std::array<RouteStep, 13> kSteps = {{
    {Route::special, "a control, unknown, unused or byte token, a padding row", routes::special,
     false, true},
    {Route::exact, "a function word of English: its senses that fit, or typed if none does",
     routes::function_word, true, true},
    {Route::morphology, "a piece that is an English suffix", routes::suffix},
    {Route::exact, "a lemma key of which the lexicon says more than a category", routes::exact},
    {Route::variant, "a key but for accents, hyphens or Traditional and Simplified characters",
     routes::variant},
    {Route::lemma, "an inflected form", routes::lemma},
    {Route::typed, "a number, date, sign, currency, address, code or single letter", routes::typed,
     false},
    {Route::multiword, "a hyphenated, apostrophised or CamelCase word", routes::multiword},
    {Route::morphology, "affixes and a stem, a compound, a run of Chinese words or learned morphs",
     routes::morphology},
    {Route::typed, "a key of which the lexicon says no more than a category", routes::thin},
    {Route::continuation, "a piece that begins or ends known words", routes::continuation},
    {Route::predicted, "with --predict: a row of a table, near those of known words"},
    {Route::hashed, "nothing but its spelling", nullptr, false, true},
}};

}  // namespace

std::span<const RouteStep> route_steps() { return kSteps; }

std::array<Route, kRoutes> routes_in_order() {
  std::array<Route, kRoutes> order{};
  auto end = order.begin();
  for (const RouteStep& step : kSteps)
    if (std::find(order.begin(), end, step.route) == end) *end++ = step.route;
  return order;
}

Finding find_by_routes(const Token& token, const Knowledge& known, RouteSet allowed) {
  allowed |= route_bit(Route::special) | route_bit(Route::hashed);
  const Reading reading = reading_of(token);
  Finding finding;
  for (const RouteStep& step : kSteps) {
    if (step.letters && !reading.letters) continue;
    if (!step.always && (allowed & route_bit(step.route)) == 0) continue;
    finding.route = step.route;
    if (step.understands != nullptr && step.understands(known, reading, finding)) break;
  }
  if ((allowed & route_bit(finding.route)) == 0) finding = Finding();
  if (finding.route == Route::special) return finding;
  routes::add_morphs(known, reading, finding);
  settle(finding);
  add_place(reading, finding);
  return finding;
}

}  // namespace sememe
