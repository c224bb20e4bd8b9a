#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "importers/lmf/reader.hpp"
#include "importers/openhownet/pickle.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/lexicon/definition.hpp"
#include "tests/fuzz/input_file.hpp"

/// What each fuzz target does with one input. It may not crash, and throws nothing but what it
/// expects. The same functions replay the corpora in the ordinary tests.
namespace sememe::fuzz {

/// Ends the process: the fuzzer keeps the input that got here.
inline void must(bool holds) {
  if (!holds) std::abort();
}

inline void walk(const importers::PickleReader& reader, const importers::PickleValue& value,
                 int depth) {
  using Kind = importers::PickleValue::Kind;
  try {
    if (value.kind == Kind::text || value.kind == Kind::bytes) {
      must(reader.text(value).size() == value.length);
    } else if (value.kind == Kind::integer || value.kind == Kind::boolean) {
      reader.integer(value);
    } else if (importers::is_container(value.kind) && depth > 0) {
      for (const importers::PickleValue& member : reader.members(value)) {
        walk(reader, member, depth - 1);
      }
      if (value.kind == Kind::dict) reader.find(value, "key");
    }
  } catch (const FormatError&) {  // a value that is not what it seems; the next may be
  }
}

/// Printing what was parsed gives the same tree again; a refusal names a byte of the input.
inline void kdml(std::string_view input) {
  try {
    const Definition definition = parse_definition(input);
    const std::string printed = print_definition(definition);
    must(parse_definition(printed) == definition);
    must(print_definition(parse_definition(printed)) == printed);
    must(defined_sememes(definition).size() <= input.size());
  } catch (const InputError& error) {
    must(error.column >= 1 && error.column <= static_cast<std::int64_t>(input.size()) + 1);
  }
}

/// Walks every value it gets.
inline void pickle(std::string_view input) {
  try {
    importers::PickleReader reader(as_bytes(input), "fuzz");
    for (int items = 0; items < 1'000; ++items) {
      const auto item = reader.next();
      if (!item) return;
      if (item->key) walk(reader, *item->key, 2);
      walk(reader, item->value, 3);
    }
  } catch (const FormatError& error) {
    must(error.offset >= 0 && error.offset <= static_cast<std::int64_t>(input.size()));
  }
}

/// Plain or gzip, all four walks.
inline void lmf(std::string_view input) {
  const InputFile file(input);
  try {
    importers::LmfReader reader(file.path());
    for (;;) {
      try {
        if (!reader.next()) return;
      } catch (const InputError&) {  // one element; the next may be sound
      }
    }
  } catch (const InputError&) {
  } catch (const FormatError&) {
  }
}

}  // namespace sememe::fuzz
