#include "importers/hownet2000/items.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/lexicon/definition.hpp"

using namespace sememe;
using namespace sememe::importers;

TEST_SUITE("importers/hownet2000/items") {
  TEST_CASE("items become KDML with a role for every sign") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"tool|用具", "{tool|用具}"},
        {"tool|用具,*cut|切削,#cry|喊", "{tool|用具:agent-of={cut|切削},related-to={cry|喊}}"},
        {"a|甲,%b|乙,&c|丙,@d|丁,$e|戊,?f|己,~g|庚,+h|辛,!i|壬",
         "{a|甲:part-of={b|乙},attribute-of={c|丙},site-of={d|丁},object-of={e|戊},made-of={f|己},"
         "likely={g|庚},implies={h|辛},marked-by={i|壬}}"},
        {"a|甲,^b|乙,^$c|丙", "{a|甲:not={b|乙},not-object-of={c|丙}}"},
        {"a|甲, b|乙 ,manner=c|丙", "{a|甲:{b|乙},manner={c|丙}}"},
        {"place|地方,(the Sea|大海),#(Rome|罗马)",
         "{place|地方:\"the Sea|大海\",related-to=\"Rome|罗马\"}"},
        {"a|甲,(b|乙=c|丙)", "{a|甲:{b|乙:equiv=\"c|丙\"}}"},
        {"{punc|标点}", "{~:function={punc|标点}}"},
        {"{he|他,mass|众}", "{~:function={he|他},function={mass|众}}"},
        {"{^able|能力}", "{~:function-not={able|能力}}"},
        {"^a|甲,b|乙", "{~:not={a|甲},{b|乙}}"},
        {"manner=a|甲", "{~:manner={a|甲}}"},
        {"{a|甲},b|乙", "{~:function={a|甲},{b|乙}}"},
        {"a|甲,role=(b|乙)", "{a|甲:role=\"b|乙\"}"},
        {"a|甲,*b|乙;c|丙", "{a|甲:agent-of={b|乙}};{c|丙}"},
        {"a|甲 ; ^b|乙", "{a|甲};{~:not={b|乙}}"},
        {"source", "{source}"}};
    for (const auto& [items, kdml] : cases) {
      CAPTURE(items);
      CHECK(kdml_of_items(items) == kdml);
      CHECK(print_definition(parse_definition(kdml)) == kdml);
    }
  }

  TEST_CASE("items that break the grammar are refused at their byte") {
    const auto refused_at = [](const std::string& items) {
      try {
        kdml_of_items(items);
        return std::int64_t{0};
      } catch (const InputError& error) {
        return error.column;
      }
    };
    CHECK(refused_at("") == 1);
    CHECK(refused_at("a|b,") == 5);
    CHECK(refused_at("a|b,,c|d") == 5);
    CHECK(refused_at("a|b,*") == 6);
    CHECK(refused_at("a|b,(c|d") == 9);
    CHECK(refused_at("a|b;") == 5);
    CHECK(refused_at("a|b;;c|d") == 5);
    CHECK(refused_at("a|b)") == 4);
    CHECK(refused_at("{a|b") == 5);
    CHECK(refused_at("{a|b,{c|d}}") == 6);
    CHECK(refused_at("a|b=c=d") == 6);
    CHECK(refused_at("*#%&$a|b") == 5);
    CHECK(refused_at("a|b\"c") == 4);
  }
}
