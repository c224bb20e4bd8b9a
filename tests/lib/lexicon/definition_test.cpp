#include "lib/lexicon/definition.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/base/error.hpp"

using namespace sememe;
using Kind = DefinitionNode::Kind;
using Join = DefinitionNode::Join;

namespace {

/// The byte column a text is refused at, 0 if it is accepted.
std::int64_t refused_at(const std::string& text) {
  try {
    parse_definition(text);
    return 0;
  } catch (const InputError& error) {
    return error.column;
  }
}

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth - 1; ++i) text += "{a|b:r=";
  text += "{a|b}";
  for (int i = 0; i < depth - 1; ++i) text += '}';
  return text;
}

}  // namespace

TEST_SUITE("lib/lexicon/definition") {
  TEST_CASE("a definition keeps roles, nesting and the defined word's sign") {
    const Definition d =
        parse_definition("{part|部件:whole={plant|植物},{eat|吃:patient={~},agent={?}}}");
    REQUIRE(d.roots.size() == 1);
    const DefinitionNode& root = d.roots[0];
    CHECK(root.kind == Kind::sememe);
    CHECK(root.text == "part|部件");
    CHECK(root.role.empty());
    REQUIRE(root.children.size() == 2);
    CHECK(root.children[0].role == "whole");
    CHECK(root.children[1].role.empty());
    REQUIRE(root.children[1].children.size() == 2);
    CHECK(root.children[1].children[0].kind == Kind::placeholder);
    CHECK(root.children[1].children[0].text == "~");
    CHECK(root.children[1].children[0].role == "patient");
    CHECK(root.children[1].children[1].text == "?");
  }

  TEST_CASE("values side by side share the role before them") {
    const Definition d =
        parse_definition(R"({fact|事情:scope={a|甲}{b|乙},at="X|某""Y|另"{c|丙}})");
    const std::vector<DefinitionNode>& members = d.roots[0].children;
    REQUIRE(members.size() == 5);
    CHECK(members[1].role == "scope");
    CHECK(members[1].role_carried);
    CHECK(members[1].join == Join::beside);
    CHECK(members[2].kind == Kind::quoted);
    CHECK(members[2].text == "X|某");
    CHECK_FALSE(members[2].braced);
    CHECK(members[4].role == "at");
  }

  TEST_CASE("alternatives are several roots and a semicolon inside carries the role on") {
    const Definition d = parse_definition("{few|少};{a|甲:r={b|乙};{c|丙};s={d|丁}}");
    REQUIRE(d.roots.size() == 2);
    CHECK(d.roots[1].join == Join::semicolon);
    const std::vector<DefinitionNode>& members = d.roots[1].children;
    REQUIRE(members.size() == 3);
    CHECK(members[1].role == "r");
    CHECK(members[1].role_carried);
    CHECK(members[2].role == "s");
    CHECK_FALSE(members[2].role_carried);
  }

  TEST_CASE("E-HowNet functions, co-indexes and restrictions are kept apart") {
    const Definition d = parse_definition(
        "{own|有_x1:telic={or({a|甲:at={~}},{b|乙})},p(/{c|丙}_x2)={x?},q={},n={1e-4},f()={~}}");
    const DefinitionNode& root = d.roots[0];
    CHECK(root.text == "own|有");
    CHECK(root.index == "x1");
    REQUIRE(root.children.size() == 5);
    CHECK(root.children[0].kind == Kind::function);
    CHECK(root.children[0].text == "or");
    CHECK(root.children[0].arguments.size() == 2);
    CHECK(root.children[1].role == "p");
    REQUIRE(root.children[1].role_arguments.size() == 1);
    CHECK(root.children[1].role_arguments[0].restriction);
    CHECK(root.children[1].role_arguments[0].outer_index == "x2");
    CHECK(root.children[1].kind == Kind::index);
    CHECK(root.children[2].kind == Kind::any);
    CHECK(root.children[3].kind == Kind::literal);
    CHECK(root.children[4].role_function);
    CHECK(parse_definition("At={},manner={urgent|急}").roots[1].role == "manner");
  }

  TEST_CASE("printing what was parsed gives the text back, without the white space around parts") {
    for (const std::string text : {
             "{a|甲}",
             "{a}",
             "{~}",
             "{a|甲};{b|乙}",
             "{a|甲}{b|乙}",
             R"({"Rome|罗马":{x|戊}})",
             R"({a|甲:r="North Sea|北海""B|乙"{c|丙},{d|丁}{e|戊};s={f|己};{g|庚}})",
             "{a|甲:r=many,s=~,t=b|乙,u=3.5}",
             "{or({a|甲},/{b|乙}_x)_x2:r(s,{~})={x},q()={}}",
             "{a/b|甲_x?:r=/{c|丙},s=/d}",
             "R={a|甲},{b|乙}",
         }) {
      CAPTURE(text);
      CHECK(print_definition(parse_definition(text)) == text);
    }
    CHECK(print_definition(parse_definition(" { a|甲 : r = { b c|乙 } , s = \" d \" } ; { ~ } ")) ==
          "{a|甲:r={b c|乙},s=\" d \"};{~}");
  }

  TEST_CASE("a definition is refused at the byte that breaks it") {
    CHECK(refused_at("") == 1);
    CHECK(refused_at("   ") == 4);
    CHECK(refused_at("{a|b") == 5);
    CHECK(refused_at("{a|b}}") == 6);
    CHECK(refused_at("{a|b:}") == 6);
    CHECK(refused_at("{a|b:r=}") == 8);
    CHECK(refused_at("{a|b:r={c},}") == 12);
    CHECK(refused_at("{:r={c}}") == 2);
    CHECK(refused_at("{a|b r={c}}") == 7);
    CHECK(refused_at("{a|甲:乙}") == 8);
    CHECK(refused_at("{a|b:r={c} d}") == 12);
    CHECK(refused_at("{a|b:r=\"c}") == 8);
    CHECK(refused_at("{a|b:r=\"\"}") == 8);
    CHECK(refused_at("{a|b:r=({c})}") == 8);
    CHECK(refused_at("{f({a},)}") == 8);
    CHECK(refused_at("{f({a}") == 7);
    CHECK(refused_at("{a|b}_y") == 6);
    CHECK(refused_at("{a|b};") == 7);
    CHECK(refused_at("a|b") == 4);
    CHECK(refused_at("{{a|b}}") == 2);
    CHECK_THROWS_WITH_AS(parse_definition("{a|b:\xFF}", "file.tsv", 7, 24),
                         "file.tsv:7:29: got byte 0xFF, expected '{', or a role and '='",
                         InputError);
    CHECK_THROWS_WITH_AS(parse_definition("{a|b:r={丁}丙}", "file.tsv", 1, 1),
                         "file.tsv:1:13: got '丙', expected ',', ';' or '}'", InputError);
  }

  TEST_CASE("nesting, names and whole definitions have limits") {
    CHECK(refused_at(nested(64)) == 0);
    CHECK(refused_at(nested(65)) == 1 + 64 * 7);
    CHECK(refused_at(std::string(60'000, '{')) == 2);
    CHECK(refused_at('{' + std::string(1'024, 'a') + '}') == 0);
    CHECK(refused_at('{' + std::string(1'025, 'a') + '}') == 2);
    CHECK(refused_at(std::string(65'536, ' ') + "{a}") == 1);
  }

  TEST_CASE("the sememes of a definition come in reading order with role and depth") {
    const std::vector<DefinedSememe> got = defined_sememes(parse_definition(
        R"({a|甲:r={b|乙:{c|丙}}{d|丁},{e|戊:s={~}},t="F|己",u="plain",v={w({g|庚})}})"));
    const std::vector<std::string> names = {"a|甲", "b|乙", "c|丙", "d|丁", "e|戊", "F|己", "g|庚"};
    const std::vector<std::string> roles = {"", "r", "r", "r", "", "t", "v"};
    const std::vector<int> depths = {0, 1, 2, 1, 1, 1, 2};
    REQUIRE(got.size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      CAPTURE(i);
      CHECK(got[i].name == names[i]);
      CHECK(got[i].role == roles[i]);
      CHECK(got[i].depth == depths[i]);
      CHECK(got[i].proper_name == (i == 5));
    }
  }
}
