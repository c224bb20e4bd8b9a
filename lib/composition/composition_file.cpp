#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/composition/composition.hpp"

// Layout, format "sememe.composition.1":
//   atom.names    U8  (bytes)     names, each ended by a line feed
//   atom.kinds    U8  (atoms)     AtomKind
//   token.routes  U8  (tokens)    Route
//   slot.J.counts U8 or I32 (tokens)   atoms of each row, I32 only if a row has more than 255
//   slot.J.columns I16 or I32 (entries)  I16 only if there are at most 32,768 atoms
//   slot.J.weights U8 or F32 (entries)  U8 n means n / 255, only if every weight is one of those
//   metadata: format, slots, vocabulary_checksum, provenance (one source per line)
// The composer makes weights that are n / 255, so its files are exact and small.

namespace sememe {
namespace {

constexpr std::string_view kFormat = "sememe.composition.1";

float unit_weight(std::uint8_t n) { return static_cast<float>(n) / 255.0F; }

template <class To, class From>
std::vector<To> narrowed(const std::vector<From>& values) {
  std::vector<To> out(values.size());
  std::transform(values.begin(), values.end(), out.begin(),
                 [](From v) { return static_cast<To>(v); });
  return out;
}

template <class T>
void add(TensorBundle& bundle, std::string name, Dtype dtype, const std::vector<T>& values) {
  bundle.tensors.push_back(
      make_tensor<T>(std::move(name), dtype, {static_cast<std::int64_t>(values.size())}, values));
}

void add_slot(TensorBundle& bundle, const SparseRows& slot, std::size_t number, std::size_t atoms) {
  const std::string prefix = "slot." + std::to_string(number) + ".";
  std::vector<std::int32_t> counts;
  for (std::size_t t = 0; t + 1 < slot.row_start.size(); ++t)
    counts.push_back(static_cast<std::int32_t>(slot.row_start[t + 1] - slot.row_start[t]));
  if (std::all_of(counts.begin(), counts.end(), [](std::int32_t n) { return n <= 255; })) {
    add(bundle, prefix + "counts", Dtype::u8, narrowed<std::uint8_t>(counts));
  } else {
    add(bundle, prefix + "counts", Dtype::i32, counts);
  }
  if (atoms <= 32768) {
    add(bundle, prefix + "columns", Dtype::i16, narrowed<std::int16_t>(slot.column));
  } else {
    add(bundle, prefix + "columns", Dtype::i32, slot.column);
  }
  std::vector<std::uint8_t> levels;
  for (const float w : slot.weight) {
    const float level = std::clamp(w * 255.0F + 0.5F, 0.0F, 255.0F);
    levels.push_back(static_cast<std::uint8_t>(level));
  }
  if (std::equal(levels.begin(), levels.end(), slot.weight.begin(),
                 [](std::uint8_t n, float w) { return unit_weight(n) == w; })) {
    add(bundle, prefix + "weights", Dtype::u8, levels);
  } else {
    add(bundle, prefix + "weights", Dtype::f32, slot.weight);
  }
}

/// The values of a one-axis tensor.
template <class T>
std::vector<T> values_of(const TensorView& tensor) {
  std::vector<T> out(tensor.bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = load<T>(tensor.bytes.subspan(i * sizeof(T)));
  return out;
}

class Reader {
 public:
  explicit Reader(const TensorBundleView& bundle) : bundle_(bundle) {}

  [[noreturn]] void fail(const std::string& message) const {
    throw FormatError(bundle_.path, 0, message);
  }

  const TensorView& vector_of(const std::string& name, std::initializer_list<Dtype> allowed) const {
    const TensorView& tensor = bundle_.at(name);
    if (tensor.shape.size() != 1) fail("tensor " + name + " has more than one axis");
    if (std::find(allowed.begin(), allowed.end(), tensor.dtype) == allowed.end())
      fail("tensor " + name + " holds " + std::string(dtype_name(tensor.dtype)));
    return tensor;
  }

  std::vector<Atom> atoms() const {
    std::string_view names = as_text(vector_of("atom.names", {Dtype::u8}).bytes);
    const auto kinds = values_of<std::uint8_t>(vector_of("atom.kinds", {Dtype::u8}));
    if (std::count(names.begin(), names.end(), '\n') != static_cast<std::int64_t>(kinds.size()))
      fail("atom.names and atom.kinds do not hold the same number of atoms");
    std::vector<Atom> atoms;
    for (const std::uint8_t kind : kinds) {
      const std::size_t end = names.find('\n');
      atoms.push_back({static_cast<AtomKind>(kind), std::string(names.substr(0, end))});
      names.remove_prefix(end + 1);
    }
    if (!names.empty()) fail("atom.names does not end after its last name");
    return atoms;
  }

  SparseRows slot(std::size_t number) const {
    const std::string prefix = "slot." + std::to_string(number) + ".";
    SparseRows rows;
    const TensorView& counts = vector_of(prefix + "counts", {Dtype::u8, Dtype::i32});
    if (counts.dtype == Dtype::u8) {
      fill_starts(values_of<std::uint8_t>(counts), prefix, rows);
    } else {
      fill_starts(values_of<std::int32_t>(counts), prefix, rows);
    }
    const TensorView& columns = vector_of(prefix + "columns", {Dtype::i16, Dtype::i32});
    rows.column = columns.dtype == Dtype::i16
                      ? narrowed<std::int32_t>(values_of<std::int16_t>(columns))
                      : values_of<std::int32_t>(columns);
    const TensorView& weights = vector_of(prefix + "weights", {Dtype::u8, Dtype::f32});
    if (weights.dtype == Dtype::f32) {
      rows.weight = values_of<float>(weights);
    } else {
      for (const std::uint8_t n : values_of<std::uint8_t>(weights))
        rows.weight.push_back(unit_weight(n));
    }
    return rows;
  }

 private:
  template <class T>
  void fill_starts(const std::vector<T>& counts, const std::string& prefix,
                   SparseRows& rows) const {
    std::int64_t at = 0;
    rows.row_start.reserve(counts.size() + 1);
    for (const T count : counts) {
      if (std::is_signed_v<T> && count < T{0}) fail(prefix + "counts holds a negative count");
      at += static_cast<std::int64_t>(count);
      rows.row_start.push_back(at);
    }
  }

  const TensorBundleView& bundle_;
};

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

TensorBundle to_bundle(const Composition& composition) {
  composition.check();
  TensorBundle bundle;
  std::string names;
  std::vector<std::uint8_t> kinds;
  for (const Atom& atom : composition.atoms) {
    names += atom.name + '\n';
    kinds.push_back(static_cast<std::uint8_t>(atom.kind));
  }
  add(bundle, "atom.names", Dtype::u8, std::vector<char>(names.begin(), names.end()));
  add(bundle, "atom.kinds", Dtype::u8, kinds);
  std::vector<std::uint8_t> routes;
  for (const Route route : composition.route) routes.push_back(static_cast<std::uint8_t>(route));
  add(bundle, "token.routes", Dtype::u8, routes);
  for (std::size_t j = 0; j < composition.slots.size(); ++j)
    add_slot(bundle, composition.slots[j], j, composition.atoms.size());
  std::string provenance;
  for (const std::string& source : composition.provenance) provenance += source + '\n';
  bundle.metadata = {{"format", std::string(kFormat)},
                     {"slots", std::to_string(composition.slots.size())},
                     {"tokens", std::to_string(composition.tokens())},
                     {"vocabulary_checksum", composition.vocabulary_checksum},
                     {"provenance", provenance}};
  return bundle;
}

Composition composition_from_bundle(const TensorBundleView& bundle) {
  const Reader reader(bundle);
  const auto format = bundle.metadata.find("format");
  if (format == bundle.metadata.end() || format->second != kFormat)
    reader.fail(
        "not a composition: metadata \"format\" is " +
        (format == bundle.metadata.end() ? std::string("missing") : "\"" + format->second + "\"") +
        ", expected \"" + std::string(kFormat) + "\"; make one with `sememe compose`");
  Composition composition;
  composition.atoms = reader.atoms();
  for (const auto r : values_of<std::uint8_t>(reader.vector_of("token.routes", {Dtype::u8})))
    composition.route.push_back(static_cast<Route>(r));
  const std::string& slots = bundle.text("slots");
  if (slots.empty() || slots.size() > 2 || slots.find_first_not_of("0123456789") != slots.npos)
    reader.fail("metadata \"slots\" is \"" + slots + "\", expected a number from 1 to 99");
  for (std::size_t j = 0; j < std::stoul(slots); ++j) composition.slots.push_back(reader.slot(j));
  composition.vocabulary_checksum = bundle.text("vocabulary_checksum");
  composition.provenance = split_lines(bundle.text("provenance"));
  try {
    composition.check();
  } catch (const std::invalid_argument& broken) {
    reader.fail(broken.what());
  }
  return composition;
}

}  // namespace sememe
