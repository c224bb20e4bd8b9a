#include "importers/openhownet/pickle.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

using namespace sememe;
using namespace sememe::importers;
using Kind = PickleValue::Kind;

namespace {

template <std::size_t N>
std::string bytes(const char (&literal)[N]) {
  return std::string(literal, N - 1);
}

/// Reads a whole pickle and gives its outermost members as text: "key=value" or "value".
std::string members_of(const std::string& pickle) {
  PickleReader reader(as_bytes(pickle), "p");
  std::string all;
  while (const auto item = reader.next()) {
    const auto show = [&reader](const PickleValue& value) -> std::string {
      if (value.kind == Kind::text || value.kind == Kind::bytes) {
        return std::string(reader.text(value));
      }
      if (value.kind == Kind::integer || value.kind == Kind::boolean) {
        return std::to_string(reader.integer(value));
      }
      if (is_container(value.kind)) {
        return std::string(kind_name(value.kind)) + ':' +
               std::to_string(reader.members(value).size());
      }
      return std::string(kind_name(value.kind));
    };
    if (item->key) all += show(*item->key) + '=';
    all += show(item->value) + ' ';
  }
  return all;
}

/// The message a pickle is refused with.
std::string refusal(const std::string& pickle) {
  try {
    members_of(pickle);
    return "accepted";
  } catch (const FormatError& error) {
    return error.what();
  }
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("importers/openhownet/pickle") {
  // What Python's pickle.dumps gives for {'a': 1, 'b': ['c', -2], 'd': True, 'e': '中\n'}.
  TEST_CASE("a dict is read the same in an old and in a new protocol") {
    const std::string expected = "a=1 b=a list:2 d=1 e=中\n ";
    CHECK(members_of(bytes("(dp0\nVa\np1\nI1\nsVb\np2\n(lp3\nVc\np4\naI-2\nasVd\np5\nI01\nsVe\np6\n"
                           "V\\u4e2d\\u000a\np7\ns.")) == expected);
    CHECK(members_of(bytes("\x80\x04\x95\x27\0\0\0\0\0\0\0}\x94(\x8c\x01"
                           "a\x94K\x01\x8c\x01"
                           "b\x94]\x94(\x8c\x01"
                           "c\x94J\xfe\xff\xff\xff"
                           "e\x8c\x01"
                           "d\x94\x88\x8c\x01"
                           "e\x94\x8c\x04\xe4\xb8\xad\n\x94u.")) == expected);
  }

  TEST_CASE("every data opcode is understood") {
    CHECK(members_of(bytes("].")).empty());
    CHECK(members_of(bytes("](NI00\n\x89M\x01\x02L7\nL123456789012345678901234567890L\n"
                           "\x8a\x02\xff\xff\x8b\x01\0\0\0\x05"
                           "F1.5\nG?\xf8\0\0\0\0\0\0e.")) ==
          "None 0 0 513 7 a long int -1 5 a float a float ");
    CHECK(members_of(bytes("](S'a\\x41\\n\\'b'\nT\x02\0\0\0hiU\x01xC\x01yB\x01\0\0\0z"
                           "X\x01\0\0\0q\x8d\x01\0\0\0\0\0\0\0r\x8e\x01\0\0\0\0\0\0\0s"
                           "\x96\x01\0\0\0\0\0\0\0te.")) == "aA\n'b hi x y z q r s t ");
    CHECK(members_of(bytes("]()K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87(K\x01l\x8f(K\x01\x90("
                           "K\x01\x91(K\x01K\x02"
                           "d}K\x01K\x02se.")) ==
          "a tuple:0 a tuple:1 a tuple:2 a tuple:3 a list:1 a set:1 a set:1 a dict:2 a dict:2 ");
    CHECK(members_of(bytes("]q\0(K\x01q\1K\x02r\2\0\0\0h\1j\2\0\0\0g1\np3\n2K\x09"
                           "0(K\x08"
                           "1e.")) == "1 2 1 2 1 1 ");
    CHECK(members_of(bytes("(K\x01K\x02t.")) == "1 2 ");
  }

  TEST_CASE("every opcode that could run code is refused by name") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {bytes("cos\nsystem\n(S'true'\ntR."), "GLOBAL"},
        {bytes("](\x8c\x02os\x8c\x06system\x93"), "STACK_GLOBAL"},
        {bytes("]R"), "REDUCE"},
        {bytes("]b"), "BUILD"},
        {bytes("(ios\nsystem\n"), "INST"},
        {bytes("(o"), "OBJ"},
        {bytes("]\x81"), "NEWOBJ"},
        {bytes("]\x92"), "NEWOBJ_EX"},
        {bytes("\x82\x01"), "EXT1"},
        {bytes("\x83\x01\x01"), "EXT2"},
        {bytes("\x84\x01\x01\x01\x01"), "EXT4"},
        {bytes("Px\n"), "PERSID"},
        {bytes("]Q"), "BINPERSID"},
        {bytes("\x97"), "NEXT_BUFFER"},
        {bytes("]\x98"), "READONLY_BUFFER"}};
    for (const auto& [pickle, name] : cases) {
      CAPTURE(name);
      CHECK(contains(refusal(pickle), "got opcode " + name + ", which could run code"));
    }
  }

  TEST_CASE("a damaged pickle is refused at its byte") {
    CHECK(refusal("") == "p: byte 0: the file ends before its STOP; it is cut or no pickle");
    CHECK(contains(refusal("K"), "got 0 bytes, expected 1 of a number"));
    CHECK(contains(refusal(bytes("X\xff\xff\xff\xffq")), "got 1 bytes, expected 4294967295"));
    CHECK(contains(refusal(bytes("\x8d\xff\xff\xff\xff\xff\xff\xff\xffq")), "expected 1844674407"));
    CHECK(contains(refusal(bytes("\x95\xff\0\0\0\0\0\0\0].")), "longer than the file"));
    CHECK(contains(refusal(bytes("\x80\x06].")), "protocol 6"));
    CHECK(contains(refusal("."), "got STOP with values left over"));
    CHECK(contains(refusal("]]."), "got STOP with values left over"));
    CHECK(contains(refusal("K\x01."), "got an int, expected a dict or a list"));
    CHECK(contains(refusal("0"), "the stack is empty"));
    CHECK(contains(refusal("(0]0t"), "there is no mark"));
    CHECK(contains(refusal("]t"), "there is no mark"));
    CHECK(contains(refusal("a"), "the stack is empty"));
    CHECK(contains(refusal("]a"), "the stack is empty"));
    CHECK(contains(refusal("}Ns"), "the stack is empty"));
    CHECK(contains(refusal("}(Nu"), "a key without a value"));
    CHECK(contains(refusal("(Nd"), "a key without a value"));
    CHECK(contains(refusal("}Na"), "got members for a list, found a dict"));
    CHECK(contains(refusal("](\x85"), "the stack is empty"));
    CHECK(contains(refusal(bytes("]h\x05")), "memo index 5 was never stored"));
    CHECK(contains(refusal(bytes("]q\x05h\x04")), "memo index 4 was never stored"));
    CHECK(contains(refusal(bytes("]r\xff\xff\xff\x7f")), "memo index 2147483647 is far past"));
    CHECK(contains(refusal("]g-1\n"), "memo index that is no number"));
    CHECK(contains(refusal("q\x01"), "the stack is empty"));
    CHECK(contains(refusal("Ix\n"), "an int that is no number"));
    CHECK(contains(refusal("Sa\n"), "without its quotes"));
    CHECK(contains(refusal("Vabc"), "no line end"));
    CHECK(contains(refusal("\xFE"), "0xFE, which is no pickle opcode"));
    CHECK(contains(refusal("](U\x02\xC3\x28"
                           "e."),
                   "not well-formed UTF-8"));
    CHECK(contains(refusal("}(K\x01K\x02u}\x86."), "expected one dict or one list"));
  }

  TEST_CASE("a container that holds itself does no harm") {
    CHECK(members_of(bytes("]q\0h\0a.")) == "a list:0 ");
    CHECK(members_of(bytes("](]q\0h\0ae.")) == "a list:1 ");
  }

  TEST_CASE("containers of earlier items are gone and using them again is refused") {
    CHECK(contains(refusal(bytes("]((K\x01lq\0eh\0a.")), "belongs to an earlier item"));
  }

  TEST_CASE("memory is bounded by the size of the file") {
    CHECK(contains(refusal(std::string(4'000'000, ']')), "needs more than 64 MiB"));
    CHECK(contains(refusal(std::string(12'000'000, '(')), "needs more than 64 MiB"));
    CHECK(contains(refusal("N" + std::string(12'000'000, '2')), "needs more than 64 MiB"));
  }

  TEST_CASE("values of a dict are found by key and the last one counts") {
    const std::string pickle = bytes(
        "](}(\x8c\x01"
        "aK\x01\x8c\x01"
        "bK\x02\x8c\x01"
        "aK\x03ue.");
    PickleReader reader(as_bytes(pickle), "p");
    const auto item = reader.next();
    REQUIRE(item.has_value());
    CHECK_FALSE(item->key.has_value());
    CHECK(reader.integer(*reader.find(item->value, "a")) == 3);
    CHECK_FALSE(reader.find(item->value, "c").has_value());
    CHECK_THROWS_AS(reader.text(item->value), FormatError);
    CHECK_FALSE(reader.next().has_value());
  }
}
