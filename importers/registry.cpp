#include "importers/registry.hpp"

#include <cerrno>

#include "importers/babelsememe/reader.hpp"
#include "importers/definitions/reader.hpp"
#include "importers/ehownet/reader.hpp"
#include "importers/hownet/reader.hpp"
#include "importers/hownet2000/reader.hpp"
#include "importers/hownet_flat/reader.hpp"
#include "importers/lmf/reader.hpp"
#include "importers/openhownet/reader.hpp"
#include "importers/tsv/reader.hpp"
#include "importers/wordnet/reader.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers {
namespace {

template <class R>
std::unique_ptr<Reader> open(const std::filesystem::path& path, const OpenOptions& options) {
  return std::make_unique<R>(path, options);
}

// name, summary, detector, opener. Detection goes from the most particular format to the least.
constexpr Format kFormats[] = {
    {"wordnet", "WordNet dictionary folder: data.*, index.*, *.exc", is_wordnet,
     open<WordnetReader>},
    {"lmf", "wordnet in WN-LMF 1.0 to 1.4: .xml or .xml.gz", is_lmf, open<LmfReader>},
    {"definitions", "KDML definitions of WordNet synsets: wn:<offset><pos> TAB id TAB ={...}",
     is_definitions, open<DefinitionsReader>},
    {"babelsememe", "BabelSememe: bn:<offset><pos> TAB en|zh ...", is_babelsememe,
     open<BabelSememeReader>},
    {"openhownet", "OpenHowNet resources, folder or zip: HowNet_dict_complete, sememe_all ...",
     is_openhownet, open<OpenHownetReader>},
    {"hownet", "HowNet records: NO.= W_C= ... DEF= blocks, UTF-8 or GB18030", is_hownet,
     open<HownetReader>},
    {"hownet2000", "HowNet 2000: glossary.dat and WHOLE.DAT, UTF-8 or GB18030", is_hownet2000,
     open<Hownet2000Reader>},
    {"tsv", "your own entries: lemma TAB language TAB part of speech TAB sememes", is_tsv,
     open<TsvReader>},
    {"ehownet", "E-HowNet expressions: word TAB tag TAB expression", is_ehownet,
     open<EhownetReader>},
    {"hownet-flat", "HowNet, flat: a word and its sememes on alternate lines", is_hownet_flat,
     open<HownetFlatReader>},
};

}  // namespace

std::span<const Format> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format& format : kFormats)
    if (format.name == name) return &format;
  return nullptr;
}

const Format* detect_format(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) throw MissingInputError("open", path, ENOENT);
  for (const Format& format : kFormats)
    if (format.detects(path)) return &format;
  return nullptr;
}

}  // namespace sememe::importers
