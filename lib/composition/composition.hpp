#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.hpp"
#include "lib/base/tensor_bundle.hpp"

namespace sememe {

/// What an atom is.
enum class AtomKind : std::uint8_t { sememe, morpheme, type, hashed };

/// One unit tokens are made of: a column of the composition.
struct Atom {
  AtomKind kind = AtomKind::sememe;
  std::string name;  ///< "livestock|牲畜", "-ness", "<number>", "#3f21"
};

/// How a token's atoms were found. The numbers are those of composition files, the names those of
/// the coverage report; lib/compose/routes.hpp says in which order routes are tried.
enum class Route : std::uint8_t {
  special,       ///< control, unknown, unused and byte tokens: an atom of their own kind
  exact,         ///< its lemma key is in the lexicon
  variant,       ///< a case, width, accent or script variant is
  lemma,         ///< its base form is
  multiword,     ///< parts of a hyphenated or joined form are
  morphology,    ///< affixes and a stem that is
  continuation,  ///< a piece that starts or ends known words
  typed,         ///< number, punctuation, currency, date, URL, code
  predicted,     ///< sememes of neighbours in the target table
  hashed         ///< nothing but its surface
};
inline constexpr int kRoutes = 10;
std::string_view route_name(Route route);

/// A sparse matrix in compressed rows. Within a row columns ascend; weights are > 0.
struct SparseRows {
  std::vector<std::int64_t> row_start = {0};  ///< rows + 1 offsets into the next two
  std::vector<std::int32_t> column;
  std::vector<float> weight;

  std::int64_t rows() const { return static_cast<std::int64_t>(row_start.size()) - 1; }
  std::span<const std::int32_t> columns_of(std::int64_t row) const;
  std::span<const float> weights_of(std::int64_t row) const;
};

/// Which atoms make up each token, and how much, by slot: slot j holds C_j (tokens, atoms). Each
/// row of a slot sums to 1 or is empty. An additive prior adds the slots; a product of order n
/// multiplies the first n.
struct Composition {
  std::vector<Atom> atoms;        ///< columns, shared by all slots
  std::vector<SparseRows> slots;  ///< at least one; every slot has tokens() rows
  std::vector<Route> route;       ///< by token
  std::string vocabulary_checksum;
  std::vector<std::string> provenance;  ///< Lexicon::provenance() of what it was composed from

  std::int64_t tokens() const { return static_cast<std::int64_t>(route.size()); }
  /// Tokens found by a route that carries meaning (exact .. continuation, predicted).
  std::int64_t covered() const;
  /// @throws std::invalid_argument naming the first broken relation (row counts, order of columns,
  /// weights, ranges).
  void check() const;
};

/// To and from what a composition file holds (metadata "format": "sememe.composition.1").
TensorBundle to_bundle(const Composition& composition);
/// @throws FormatError if it is not one, or a relation of check() does not hold.
Composition composition_from_bundle(const TensorBundleView& bundle);

/// The control for every claim about knowledge: the same rows (all slots together) dealt to other
/// tokens at random, so that every count is kept and every meaning is lost. Tokens without atoms in
/// any slot stay where they are.
Composition shuffled(const Composition& composition, std::uint64_t seed);

}  // namespace sememe
