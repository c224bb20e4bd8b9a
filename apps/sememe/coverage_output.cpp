#include "apps/sememe/coverage_output.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "apps/sememe/context.hpp"
#include "lib/compose/routes.hpp"
#include "lib/text/markup.hpp"
#include "lib/text/utf8.hpp"

namespace sememe::apps {
namespace {

using Json = nlohmann::ordered_json;

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string line(std::string_view name, std::int64_t part, std::int64_t whole) {
  return fmt::format("  {:<36} {:>9} {:>6.1f} %\n", name, grouped(part), percent(part, whole));
}

/// A token as a reader sees it: what it stands for, "…" before a piece of a word, no control
/// characters, cut if long.
std::string shown(const Token& token) {
  constexpr std::int64_t kMost = 24;
  if (token.kind != TokenKind::normal && token.kind != TokenKind::user)
    return text::repaired(token.text);
  std::string out = token.begins_word ? "" : "\u2026";
  std::int64_t written = 0;
  for (const char32_t point : text::code_points(token.surface)) {
    if (++written > kMost) return out + "\u2026";
    text::append(out, point < 0x20 || (point >= 0x7F && point < 0xA0) ? U'\u00B7' : point);
  }
  return out;
}

std::string escaped(std::string_view text) { return text::escape_markup(text::repaired(text)); }

// One colour per route, meaning routes in blues and greens, the others in greys and oranges.
constexpr std::array<const char*, kRoutes> kColours = {"#9e9e9e", "#1b5e9b", "#2f7fc1", "#4a9bd8",
                                                       "#6fb4e3", "#3a9a6f", "#7cc29b", "#c9a227",
                                                       "#8e6bbf", "#d9822b"};

std::string bar(const CoverageCount& group) {
  std::string out = "<div class=bar>";
  for (const Route route : routes_in_order()) {
    const auto r = static_cast<std::size_t>(route);
    if (group.routes[r] > 0)
      out += fmt::format("<i style=\"width:{:.3f}%;background:{}\" title=\"{}: {}, {:.1f} %\"></i>",
                         percent(group.routes[r], group.tokens), kColours[r], route_name(route),
                         grouped(group.routes[r]), percent(group.routes[r], group.tokens));
  }
  return out + "</div>";
}

std::string section(std::string_view heading, std::span<const CoverageCount> groups) {
  std::string out = fmt::format(
      "<h2>{}</h2>\n<table><tr><th></th><th class=n>tokens</th><th class=n>with meaning</th><th "
      "class=n>typed</th><th class=w></th></tr>\n",
      heading);
  for (const CoverageCount& group : groups)
    if (group.tokens > 0)
      out += fmt::format(
          "<tr><th>{}</th><td class=n>{}</td><td class=n>{:.1f} %</td><td class=n>{:.1f} "
          "%</td><td>{}</td></tr>\n",
          escaped(group.name), grouped(group.tokens), percent(group.covered, group.tokens),
          percent(group.typed(), group.tokens), bar(group));
  return out + "</table>\n";
}

std::string chip(TokenId token, const Vocabulary& vocabulary, std::string_view title) {
  const Token& named = vocabulary.tokens[static_cast<std::size_t>(token)];
  return fmt::format("<code title=\"id {}, {}{}\">{}</code> ", token, escaped(named.text), title,
                     escaped(shown(named)));
}

/// Every route with its colour, tokens and examples: the key of all bars below.
std::string route_section(const Coverage& coverage, const Vocabulary& vocabulary) {
  std::string out =
      "<table><tr><th>route</th><th class=n>tokens</th><th class=n>share</th><th class=e>for "
      "example</th></tr>\n";
  for (const Route route : routes_in_order()) {
    const auto r = static_cast<std::size_t>(route);
    out += fmt::format(
        "<tr><th><i class=key style=\"background:{}\"></i>{}</th><td class=n>{}</td><td "
        "class=n>{:.1f} %</td><td class=e>",
        kColours[r], route_name(route), grouped(coverage.all.routes[r]),
        percent(coverage.all.routes[r], coverage.all.tokens));
    for (const TokenId token : coverage.examples[r]) out += chip(token, vocabulary, "");
    out += "</td></tr>\n";
  }
  return out + "</table>\n";
}

Json json_of(const CoverageCount& count) {
  Json routes = Json::object();
  for (const Route route : routes_in_order())
    routes[std::string(route_name(route))] = count.routes[static_cast<std::size_t>(route)];
  return {{"tokens", count.tokens}, {"covered", count.covered}, {"routes", routes}};
}

}  // namespace

std::string coverage_json(const Coverage& coverage, const Vocabulary& vocabulary,
                          std::string_view more) {
  Json out = json_of(coverage.all);
  out["meaningful"] = json_of(coverage.meaningful);
  out["whole_words"] = json_of(coverage.whole_words);
  for (const auto& named : {std::make_pair("scripts", &coverage.scripts),
                            std::make_pair("deciles", &coverage.deciles)}) {
    Json list = Json::array();
    for (const CoverageCount& group : *named.second) {
      Json entry = {{"name", group.name}};
      entry.update(json_of(group));
      list.push_back(std::move(entry));
    }
    out[named.first] = std::move(list);
  }
  out["deciles_by"] = coverage.deciles_by_count ? "count" : "id";
  Json uncovered = Json::array();
  for (const UncoveredToken& token : coverage.uncovered)
    uncovered.push_back({{"id", token.token},
                         {"token", vocabulary.tokens[static_cast<std::size_t>(token.token)].text},
                         {"count", token.count}});
  out["uncovered"] = std::move(uncovered);
  Json examples = Json::object();
  for (const Route route : routes_in_order()) {
    const auto r = static_cast<std::size_t>(route);
    Json tokens = Json::array();
    for (const TokenId token : coverage.examples[r])
      tokens.push_back(vocabulary.tokens[static_cast<std::size_t>(token)].text);
    examples[std::string(route_name(route))] = std::move(tokens);
  }
  out["examples"] = std::move(examples);
  out["collisions"] = coverage.collisions;
  out.update(Json::parse(more));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string coverage_table(const Coverage& coverage, const Vocabulary& vocabulary,
                           std::int64_t atoms) {
  std::string out =
      fmt::format("{:<14} {:>9} {:>8}   {}\n", "route", "tokens", "share", "for example");
  for (const Route route : routes_in_order()) {
    const auto r = static_cast<std::size_t>(route);
    out += fmt::format("  {:<12} {:>9} {:>6.1f} %  ", route_name(route),
                       grouped(coverage.all.routes[r]),
                       percent(coverage.all.routes[r], coverage.all.tokens));
    for (const TokenId token : coverage.examples[r])
      out += ' ' + shown(vocabulary.tokens[static_cast<std::size_t>(token)]);
    out += '\n';
  }
  out += "covered by a route that carries meaning\n";
  const auto covered = [&out](std::string_view name, const CoverageCount& group) {
    out += line(fmt::format("{}, of {}", name, grouped(group.tokens)), group.covered, group.tokens);
  };
  covered("all rows", coverage.all);
  covered("all but special rows", coverage.meaningful);
  covered("whole words of letters", coverage.whole_words);
  return out + fmt::format("{} atoms; {} tokens share all their atoms with another\n",
                           grouped(atoms), grouped(coverage.collisions));
}

std::string coverage_page(const Coverage& coverage, const Vocabulary& vocabulary,
                          const std::string& title) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>Coverage of "
      "{0}</title>\n<meta name=viewport content=\"width=device-width\">\n<style>"
      "body{{font:15px/1.5 system-ui,sans-serif;max-width:58em;margin:2em auto;padding:0 "
      "1em;color:#222}}h1{{font-size:1.6em}}h2{{font-size:1.15em;margin:1.8em 0 .4em}}"
      "table{{border-collapse:collapse;width:100%}}th{{text-align:left;font-weight:400;white-space:"
      "nowrap}}tr:first-child th{{color:#666}}td,th{{padding:3px 10px 3px "
      "0}}.n{{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}}"
      ".w{{width:52%}}.e{{width:60%;padding-left:16px}}"
      ".bar{{display:flex;height:16px;background:#eee}}.bar i{{height:100%}}"
      ".key{{display:inline-block;width:12px;height:12px;margin-right:8px}}"
      "code{{background:#f2f2f2;border-radius:3px;padding:1px 5px;margin:2px "
      "1px;display:inline-block}}</style></head>\n<body><h1>Coverage of {0}</h1>\n<p>{1} of {2} "
      "tokens that are not special carry meaning ({3:.1f} %), and {4} are of a known type: "
      "function words, numbers, punctuation, code.</p>\n",
      escaped(title), grouped(coverage.meaningful.covered), grouped(coverage.meaningful.tokens),
      100 * coverage.meaningful.share(), grouped(coverage.meaningful.typed()));
  out += route_section(coverage, vocabulary);
  std::array<CoverageCount, 3> whole = {coverage.all, coverage.meaningful, coverage.whole_words};
  whole[1].name = "not special";
  whole[2].name = "words of letters";
  out += section("All tokens", whole);
  out += section("By script", coverage.scripts);
  out += section(coverage.deciles_by_count ? "By frequency, most frequent tenth first"
                                           : "By id, lowest tenth first",
                 coverage.deciles);
  out += fmt::format("<h2>{} tokens of which only the spelling is known</h2>\n<p>",
                     coverage.deciles_by_count ? "Most frequent" : "First");
  for (const UncoveredToken& token : coverage.uncovered)
    out += chip(token.token, vocabulary,
                coverage.deciles_by_count ? fmt::format(", count {}", token.count) : "");
  if (coverage.uncovered.empty()) out += "None.";
  return out +
         fmt::format("</p>\n<p>{} tokens share all their atoms with another.</p>\n</body></html>\n",
                     grouped(coverage.collisions));
}

}  // namespace sememe::apps
