#include "apps/sememe/coverage_output.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "apps/sememe/context.hpp"
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

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text::repaired(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
    }
  }
  return out;
}

// One colour per route, meaning routes in blues and greens, the others in greys and oranges.
constexpr std::array<const char*, kRoutes> kColours = {"#9e9e9e", "#1b5e9b", "#2f7fc1", "#4a9bd8",
                                                       "#6fb4e3", "#3a9a6f", "#7cc29b", "#c9a227",
                                                       "#8e6bbf", "#d9822b"};

std::string bar(const CoverageCount& group) {
  std::string out =
      fmt::format("<tr><th>{}</th><td class=n>{}</td><td class=n>{:.1f} %</td><td><div class=bar>",
                  escaped(group.name), grouped(group.tokens), percent(group.covered, group.tokens));
  for (std::size_t r = 0; r < kRoutes; ++r)
    if (group.routes[r] > 0)
      out += fmt::format("<i style=\"width:{:.3f}%;background:{}\" title=\"{}: {}\"></i>",
                         percent(group.routes[r], group.tokens), kColours[r],
                         route_name(static_cast<Route>(r)), grouped(group.routes[r]));
  return out + "</div></td></tr>\n";
}

std::string section(std::string_view heading, std::span<const CoverageCount> groups) {
  std::string out = fmt::format(
      "<h2>{}</h2>\n<table><tr><th></th><th class=n>tokens</th><th class=n>covered</th><th "
      "class=w></th></tr>\n",
      heading);
  for (const CoverageCount& group : groups)
    if (group.tokens > 0) out += bar(group);
  return out + "</table>\n";
}

Json json_of(const CoverageCount& count) {
  Json routes = Json::object();
  for (std::size_t r = 0; r < kRoutes; ++r)
    routes[std::string(route_name(static_cast<Route>(r)))] = count.routes[r];
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
                         {"route", route_name(token.route)},
                         {"count", token.count}});
  out["uncovered"] = std::move(uncovered);
  out["collisions"] = coverage.collisions;
  out.update(Json::parse(more));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string coverage_table(const Coverage& coverage, std::int64_t atoms) {
  std::string out = fmt::format("{:<38} {:>9} {:>8}\n", "route", "tokens", "share");
  for (std::size_t r = 0; r < kRoutes; ++r)
    out += line(route_name(static_cast<Route>(r)), coverage.all.routes[r], coverage.all.tokens);
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
      "<!doctype html>\n<html lang=en><meta charset=utf-8><title>Coverage of {0}</title>\n<style>"
      "body{{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}"
      "table{{border-collapse:collapse;width:100%}}th{{text-align:left;font-weight:500;white-space:"
      "nowrap}}"
      "td,th{{padding:2px 8px}}.n{{text-align:right;white-space:nowrap}}.w{{width:60%}}"
      ".bar{{display:flex;height:16px;background:#eee}}.bar i{{height:100%}}"
      ".key span{{display:inline-block;margin-right:1.2em}}.key "
      "i{{display:inline-block;width:12px;height:12px;margin-right:5px}}"
      "code{{background:#f2f2f2;padding:0 4px;margin:2px;display:inline-block}}</style>\n"
      "<h1>Coverage of {0}</h1>\n<p class=key>",
      escaped(title));
  for (std::size_t r = 0; r < kRoutes; ++r)
    out += fmt::format("<span><i style=\"background:{}\"></i>{}</span>", kColours[r],
                       route_name(static_cast<Route>(r)));
  out += "</p>\n";
  const std::array<CoverageCount, 3> whole = {coverage.all, coverage.meaningful,
                                              coverage.whole_words};
  out += section("All tokens", whole);
  out += section("By script", coverage.scripts);
  out += section(coverage.deciles_by_count ? "By frequency, most frequent tenth first"
                                           : "By id, lowest tenth first",
                 coverage.deciles);
  out += fmt::format("<h2>{} tokens without meaning</h2>\n<p>",
                     coverage.deciles_by_count ? "Most frequent" : "First");
  for (const UncoveredToken& token : coverage.uncovered)
    out += fmt::format("<code title=\"id {}, {}, count {}\">{}</code> ", token.token,
                       route_name(token.route), token.count,
                       escaped(vocabulary.tokens[static_cast<std::size_t>(token.token)].text));
  return out + fmt::format("</p>\n<p>{} tokens share all their atoms with another.</p>\n</html>\n",
                           grouped(coverage.collisions));
}

}  // namespace sememe::apps
