#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace sememe::importers {

/// The definition language of HowNet 2000, items parted by commas, as KDML:
///
///   items := list ( ';' list )*                  (several definitions of one word)
///   list  := item ( ',' item )*
///   item  := sign* word | role '=' sign* word | '{' [ sign* word ( ',' sign* word )* ] '}'
///   word  := name | '(' name [ '=' name ] ')'
///   sign  := one of # % & * $ @ ? ^ ~ + !
///
/// Each list becomes a root. Its first item, if it is a plain name, is the head; every other one
/// hangs below it by a role named after its signs (README.md of this folder lists them), by the
/// role it states, or by none. With no plain name in front, the head is the defined word itself,
/// {~}. Names in ( ) are words rather than sememes and become quoted; "(a=b)" is an a that is
/// called b. For example
///
///   tool|用具,*cut|切削,#(Rome|罗马)   ->   {tool|用具:agent-of={cut|切削},related-to="Rome|罗马"}
///
/// @param path, line, first_column  for messages, as in parse_definition
/// @throws InputError at the byte that breaks this grammar
std::string kdml_of_items(std::string_view items, const std::filesystem::path& path = "items",
                          std::int64_t line = 1, std::int64_t first_column = 1);

}  // namespace sememe::importers
