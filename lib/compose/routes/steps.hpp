#pragma once

#include "lib/compose/finding.hpp"
#include "lib/compose/knowledge.hpp"
#include "lib/compose/reading.hpp"

/// The steps of the composer's routes, a file for each route; lib/compose/routes.cpp says in which
/// order they are asked and what each takes a token for. A step is true if the token was understood
/// by it; it adds evidence and shares of morphemes, grammar and types. Sememes are made from the
/// evidence afterwards (settle). Safe to share.
namespace sememe::routes {

using Step = bool(const Knowledge&, const Reading&, Finding&);

Step special;  // routes/special.cpp
Step
    function_word;  // routes/exact.cpp; sets the route itself: exact if senses are kept, else typed
Step exact;
Step variant;  // routes/variant.cpp
Step lemma;    // routes/lemma.cpp
Step typed;    // routes/typed.cpp
Step thin;
Step multiword;  // routes/multiword.cpp
Step suffix;     // routes/morphology.cpp
Step morphology;
Step continuation;  // routes/continuation.cpp

constexpr double kHeadShare = 0.6;  ///< English compounds mean a kind of their last part
constexpr std::size_t kShortestStem = 3;

// Of morphology, in routes/compound.cpp: words written together.
bool add_compound(const Knowledge& known, std::string_view key, Finding& finding);
bool add_han_words(const Knowledge& known, std::string_view key, Finding& finding);
bool add_segments(const Knowledge& known, std::string_view key, Finding& finding);
/// Learned morphs a word has, as atoms, whatever its route.
void add_morphs(const Knowledge& known, const Reading& reading, Finding& finding);

/// The most frequent words that end with `text` (routes/continuation.cpp).
std::vector<const KeyEntry*> words_ending(const Knowledge& known, std::string_view text,
                                          bool common_only);

}  // namespace sememe::routes
