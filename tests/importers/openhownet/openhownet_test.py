"""The resources of OpenHowNet, written by Python's own pickle in every protocol, as a folder and as a zip: what arrives in
the knowledge base is what Python put in. Pickles that would run code run none.
"""
import os
import pickle
import sqlite3
import zipfile

import support

SEMEMES = {"tool|用具": 12, "write|写": 7, "be_late|迟到": 1, "thing|万物": 3}
TRIPLES = "thing|万物 hyponym tool|用具\nwrite|写 converse be_late|迟到\nthing|万物 hyponym write|写\n"
SENSES = {
    "000000000001": {"No": "000000000001", "ch_word": "钢笔", "ch_grammar": "noun", "en_word": "pen", "en_grammar": "noun",
                     "Def": "{tool|用具:{write|写:instrument={~}}}"},
    "000000000002": {"No": 2, "ch_word": "迟到", "ch_grammar": "verb [x]", "en_word": "be late", "en_grammar": "verb",
                     "ch_example": "他~", "Def": "{be late|迟到};{write|写}RMK=seldom", "extra": ["a", "b"]},
    "000000000003": {"No": "3", "ch_word": "", "en_word": "", "Def": "{tool|用具}"},
    "000000000004": {"No": "4", "ch_word": "坏", "en_word": "bad", "Def": "{tool|用具"},
    "000000000005": {"No": "5", "ch_word": "𠀀", "ch_grammar": None, "en_word": "caf\u00e9\n", "Def": "{thing|万物}"},
}
BABEL = [
    {"bn": "bn:00000001n", "pos": "n", "en_synonyms": ["pen", "writing_pen"], "zh_synonyms": ["笔"], "en_glosses": ["to write"],
     "zh_glosses": [], "image_urls": ["http://example.org/p"], "sememes": ["tool|用具", "be_late|迟到"],
     "rel": {"hypernym": ["bn:00000002n"]}},
    {"bn": "bn:00000002n", "pos": "n", "en_synonyms": ["tool"], "zh_synonyms": [], "en_glosses": [], "zh_glosses": ["用具"],
     "image_urls": [], "sememes": [], "rel": {"hyponym": ["bn:00000001n", "bn:00000009n"]}},
]


def write(folder, protocol):
    folder.mkdir(parents=True)
    for name, value in (("sememe_all", SEMEMES), ("HowNet_dict_complete", SENSES), ("babel_data", BABEL)):
        (folder / name).write_bytes(pickle.dumps(value, protocol))
    (folder / "sememe_triples_taxonomy.txt").write_text(TRIPLES, encoding="utf-8")


def check(kb, refused):
    assert "3 lines refused" in refused or "3 refused" in refused or refused.count("refused") >= 1, refused
    db = sqlite3.connect(f"file:{kb}?mode=ro", uri=True)
    rows = lambda sql: db.execute(sql).fetchall()
    inventory = dict(rows("SELECT name, frequency FROM inventories JOIN sememes ON sememes.rowid = sememe WHERE origin = 'inventory'"))
    assert inventory == {name.replace("_", " "): count for name, count in SEMEMES.items()}, inventory
    links = set(rows("SELECT a.name, r.name, b.name FROM sememe_relations JOIN sememes a ON a.rowid = from_sememe "
                     "JOIN sememes b ON b.rowid = to_sememe JOIN relation_names r ON r.rowid = relation"))
    assert links == {("tool|用具", "hypernym", "thing|万物"), ("write|写", "hypernym", "thing|万物"),
                     ("write|写", "converse", "be late|迟到")}, links
    lemmas = set(rows("SELECT lemma, language, part_of_speech FROM lemmas"))
    assert lemmas == {("钢笔", "zh-Hans", "n"), ("pen", "en", "n"), ("迟到", "zh-Hans", "v"), ("be late", "en", "v"),
                      ("𠀀", "zh-Hans", "u"), ("café", "en", "u"), ("writing pen", "en", "n"), ("笔", "zh-Hans", "n"),
                      ("tool", "en", "n")}, lemmas
    texts = dict(rows("SELECT id, text FROM definitions JOIN synsets ON synsets.rowid = synset"))
    assert texts == {"000000000001": "{tool|用具:{write|写:instrument={~}}}", "2": "{be late|迟到};{write|写}",
                     "5": "{thing|万物}", "bn:00000001n": "{tool|用具};{be late|迟到}"}, texts
    relations = rows("SELECT a.id, r.name, b.id FROM synset_relations JOIN synsets a ON a.rowid = from_synset "
                     "JOIN synsets b ON b.rowid = to_synset JOIN relation_names r ON r.rowid = relation")
    assert sorted(relations) == [("bn:00000001n", "hypernym", "bn:00000002n"), ("bn:00000002n", "hyponym", "bn:00000001n")]
    notes = set(rows("SELECT key, value FROM metadata"))
    assert {("RMK", "seldom"), ("extra", "a; b"), ("image_url", "http://example.org/p"), ("G_C", "verb [x]")} <= notes, notes
    db.close()


class Canary:
    """Unpickled, it would create a file."""
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def main():
    with support.folder() as tmp:
        for protocol in range(6):
            for form in ("folder", "resources", "zip"):
                root = tmp / f"{form}{protocol}"
                write(root / "resources" if form == "resources" else root, protocol)
                source = root
                if form == "zip":
                    source = tmp / f"{protocol}.zip"
                    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
                        for file in root.iterdir():
                            archive.write(file, f"somewhere/{file.name}")
                kb = tmp / f"{form}{protocol}.db"
                check(kb, support.run("import", source, "--kb", kb).stderr)

        canary = tmp / "canary"
        for protocol in range(6):
            for at, value in enumerate([Canary(canary), {"a": Canary(canary)}, {"a": {"No": Canary(canary)}}, [Canary(canary)]]):
                root = tmp / f"bad{protocol}{at}"
                root.mkdir()
                (root / "HowNet_dict_complete").write_bytes(pickle.dumps(value, protocol))
                support.refused("import", "openhownet", root, "--kb", tmp / "bad.db", code=support.BAD_DATA,
                                says=["which could run code", "HowNet_dict_complete"])
                assert not canary.exists(), "the pickle was executed"
                assert not (tmp / "bad.db").exists()

        empty = tmp / "empty"
        empty.mkdir()
        support.refused("import", "openhownet", empty, "--kb", tmp / "bad.db", code=support.NO_INPUT)


main()
