#include "importers/lmf/reader.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

#include "tests/importers/support.hpp"

using namespace sememe;
using namespace sememe::importers;

namespace {

const std::string kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE LexicalResource SYSTEM "
    "\"http://globalwordnet.github.io/schemas/WN-LMF-1.1.dtd\">\n"
    "<LexicalResource xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
    "<Lexicon id=\"tiny\" label=\"Tiny\" language=\"en\" email=\"a@example.org\" "
    "license=\"CC0-1.0\" version=\"1.2\" url=\"u\" citation=\"c\">\n";

const std::string kBody =
    "<LexicalEntry id=\"e1\" status=\"draft\">\n"
    "<Lemma writtenForm=\"pen &amp; co\" partOfSpeech=\"n\"><Pronunciation variety=\"GB\">pɛn"
    "</Pronunciation><Tag category=\"gender\">none</Tag></Lemma>\n"
    "<Form writtenForm=\"pens\" script=\"Latn\"/>\n"
    "<Sense id=\"s1\" synset=\"y1\" n=\"2\" subcat=\"f1\" dc:source=\"here\">\n"
    "<SenseRelation relType=\"antonym\" target=\"s2\" confidenceScore=\"0.5\"/>\n"
    "<SenseRelation relType=\"domain_topic\" target=\"y2\"/>\n"
    "<Example>a red pen</Example><Count>3</Count><Count>4</Count></Sense>\n"
    "<Sense id=\"s2\" synset=\"y2\"/>\n"
    "</LexicalEntry>\n"
    "<LexicalEntry id=\"e2\"><Lemma writtenForm=\"go\" partOfSpeech=\"v\"/>\n"
    "<Sense id=\"s3\" synset=\"y2\"/>"
    "<SyntacticBehaviour subcategorizationFrame=\"Somebody %s\" senses=\"s3\"/></LexicalEntry>\n"
    "<Synset id=\"y1\" ili=\"i1\" partOfSpeech=\"n\" lexfile=\"noun.artifact\" members=\"s1\" "
    "dc:subject=\"tools\">\n"
    "<Definition>to write\n</Definition><Definition>second</Definition>"
    "<ILIDefinition>for ili</ILIDefinition>\n"
    "<SynsetRelation relType=\"hypernym\" target=\"y2\" note=\"sure\"/>\n"
    "<Example>write with a pen</Example></Synset>\n"
    "<Synset id=\"y2\" ili=\"in\" partOfSpeech=\"s\" "
    "lexicalized=\"false\"><Novelty><Deep/></Novelty>"
    "</Synset>\n"
    "<SyntacticBehaviour id=\"f1\" subcategorizationFrame=\"Somebody %s something\"/>\n";

const std::string kTail = "</Lexicon>\n</LexicalResource>\n";

std::string packed(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void check_tiny(const testing::Drained& all) {
  REQUIRE(all.synsets.size() == 2);
  CHECK(all.synsets[0].id == "y1");
  CHECK(all.synsets[0].gloss == "to write");
  CHECK(all.synsets[0].domain == "noun.artifact");
  CHECK(all.synsets[0].ili == "i1");
  CHECK(all.synsets[0].examples == std::vector<std::string>{"write with a pen"});
  CHECK(all.synsets[0].metadata ==
        Metadata{{"dc:subject", "tools"}, {"definition", "second"}, {"ili_definition", "for ili"}});
  CHECK(all.synsets[1].ili.empty());
  CHECK(all.synsets[1].part_of_speech == 's');
  CHECK(all.synsets[1].metadata == Metadata{{"ili", "in"}, {"lexicalized", "false"}});
  REQUIRE(all.senses.size() == 3);
  CHECK(all.senses[0].lemma == "pen & co");
  CHECK(all.senses[0].language == "en");
  CHECK(all.senses[0].rank == 1);
  CHECK(all.senses[0].frequency == 7);
  CHECK(all.senses[0].forms == std::vector<std::string>{"pens"});
  CHECK(all.senses[0].examples == std::vector<std::string>{"a red pen"});
  CHECK(all.senses[0].metadata == Metadata{{"syntactic_behaviour", "Somebody %s something"},
                                           {"dc:source", "here"},
                                           {"entry:status", "draft"},
                                           {"entry:Pronunciation@variety", "GB"},
                                           {"entry:pronunciation", "pɛn"},
                                           {"entry:tag:gender", "none"},
                                           {"entry:Form@script:pens", "Latn"}});
  CHECK(all.senses[1].rank == 1);
  CHECK(all.senses[1].forms.empty());
  CHECK(all.senses[2].part_of_speech == 'v');
  CHECK(all.senses[2].metadata == Metadata{{"syntactic_behaviour", "Somebody %s"}});
  REQUIRE(all.relations.size() == 3);
  CHECK(all.relations[0].from == "s1");
  CHECK(all.relations[0].to_end == RelationRecord::End::sense);
  CHECK(all.relations[0].metadata == Metadata{{"confidenceScore", "0.5"}});
  CHECK(all.relations[1].from_end == RelationRecord::End::sense);
  CHECK(all.relations[1].to_end == RelationRecord::End::synset);
  CHECK(all.relations[2].from == "y1");
  CHECK(all.relations[2].relation == "hypernym");
  CHECK(all.relations[2].metadata == Metadata{{"note", "sure"}});
}

/// The message a document is refused with at once.
std::string refusal(const std::filesystem::path& path) {
  try {
    testing::drain_file<LmfReader>(path);
    return "accepted";
  } catch (const Error& error) {
    return error.what();
  }
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("importers/lmf") {
  TEST_CASE("a document gives synsets, senses and relations, plain or packed") {
    const testing::Folder folder;
    for (const auto& path : {folder.write("a.xml", kHead + kBody + kTail),
                             folder.write("b.xml.gz", packed(kHead + kBody + kTail)),
                             folder.write("c.xml.gz", packed(kHead) + packed(kBody + kTail))}) {
      CHECK(is_lmf(path));
      LmfReader reader(path);
      CHECK(reader.source().name == "tiny");
      CHECK(reader.source().version == "1.2");
      CHECK(reader.source().license == "CC0-1.0");
      CHECK(reader.source().language == "en");
      const auto all = testing::drain(reader);
      check_tiny(all);
      CHECK(testing::joined(all.refusals) ==
            "4: 1 of Lexicon@email not kept, the first of them here\n"
            "4: 1 of Lexicon@label not kept, the first of them here\n"
            "21: 1 of Novelty not kept, the first of them here\n"
            "16: 1 of Synset@members not kept, the first of them here\n");
    }
  }

  TEST_CASE("several lexicons become one source with the language at each sense") {
    const testing::Folder folder;
    const auto path = folder.write(
        "two.xml",
        "<LexicalResource><Lexicon id='a' language='en' version='1' license='x'>"
        "<LexicalEntry id='e'><Lemma writtenForm='w' partOfSpeech='n'/><Sense id='s' synset='y'/>"
        "</LexicalEntry><Synset id='y' partOfSpeech='n' ili=''/></Lexicon>"
        "<Lexicon id='b' language='fr' version='1' license='x'>"
        "<LexicalEntry id='f'><Lemma writtenForm='v' partOfSpeech='n'/><Sense id='t' synset='y'/>"
        "</LexicalEntry></Lexicon></LexicalResource>");
    LmfReader reader(path);
    CHECK(reader.source().name == "two");
    CHECK(reader.source().language.empty());
    CHECK(reader.source().license == "x");
    const auto all = testing::drain(reader);
    REQUIRE(all.senses.size() == 2);
    CHECK(all.senses[0].language == "en");
    CHECK(all.senses[1].language == "fr");
  }

  TEST_CASE("an element without what it needs is refused and the rest is read") {
    const testing::Folder folder;
    const auto all = testing::drain_file<LmfReader>(folder.write(
        "a.xml",
        "<LexicalResource><Lexicon id='a' language='en' version='1'>\n"
        "<LexicalEntry id='e'><Lemma writtenForm='w' partOfSpeech='n'/>\n"
        "<Sense id='s'/><Sense id='t' synset='y'><SenseRelation "
        "target='s'/></Sense></LexicalEntry>\n"
        "<LexicalEntry id='f'><Sense id='u' synset='y'/></LexicalEntry>\n"
        "<LexicalEntry id='g'><Lemma writtenForm='z' partOfSpeech='n'/></LexicalEntry>\n"
        "<Synset partOfSpeech='n'/><Synset id='y'/></Lexicon></LexicalResource>"));
    CHECK(all.synsets.size() == 1);
    CHECK(all.senses.size() == 1);
    CHECK(testing::joined(all.refusals) ==
          "6: a Synset without id\n3: a Sense without id or synset\n"
          "4: a LexicalEntry without a Lemma\n3: a relation without relType or target\n"
          "5: 1 of LexicalEntry (without a Sense) not kept, the first of them here\n");
  }

  TEST_CASE("documents that are broken, bombs or no WN-LMF are refused whole") {
    const testing::Folder folder;
    CHECK(contains(refusal(folder.write("a", kHead + kBody)), "not well-formed XML: no element"));
    CHECK(contains(refusal(folder.write("b", kHead + "<a></b>")), "mismatched tag"));
    CHECK(contains(refusal(folder.write("c", "")), "not well-formed XML"));
    CHECK(contains(refusal(folder.write("d", "<Other/>")), "expected a WN-LMF document"));
    CHECK(contains(refusal(folder.write("e",
                                        "<!DOCTYPE l [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>"
                                        "<LexicalResource>&b;</LexicalResource>")),
                   "got an entity declaration"));
    CHECK(contains(refusal(folder.write("f",
                                        "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
                                        "<LexicalResource>&a;</LexicalResource>")),
                   "got an entity declaration"));
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    CHECK(contains(refusal(folder.write("g", deep)), "deeper than 16"));
    CHECK(contains(refusal(folder.write("h", "<a b='" + std::string(5 << 20, 'x'))),
                   "a tag or text of more than 2 MiB"));
    CHECK(contains(refusal(folder.write(
                       "i", kHead + "<Synset id='y'><Definition>" + std::string(2 << 20, 'x'))),
                   "a text of more than 1 MiB"));
    const std::string whole = packed(kHead + kBody + kTail);
    CHECK(contains(refusal(folder.write("j", whole.substr(0, whole.size() / 2))), "is cut"));
    std::string flipped = whole;
    flipped[flipped.size() - 6] ^= 1;  // in the CRC
    CHECK(contains(refusal(folder.write("k", flipped)), "damaged"));
    CHECK(contains(refusal(folder.write("l", whole + "tail")), "bytes behind the end"));
    CHECK(contains(refusal(folder.write("m", packed(whole))), "not well-formed"));
    CHECK(contains(refusal(folder.write("n", packed(kHead + std::string(66 << 20, ' ')))),
                   "grows more than 200-fold"));
    CHECK_FALSE(is_lmf(folder.path()));
    CHECK_FALSE(is_lmf(folder.write("o", "word\n")));
  }
}
