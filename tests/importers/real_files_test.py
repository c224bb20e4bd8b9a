"""The published lexicon files, imported whole: the rows in the knowledge base are what a few lines of Python count in the
files themselves.
"""
import sqlite3

import support


def lines(path):
    return path.read_bytes().decode("utf-8").split("\n")[:-1]


def imported(kind, path, kb):
    report = support.run_json("import", kind, path, "--kb", kb)
    assert report["rejected"] == 0, report["rejections"][:5]
    return report["rows_by_table"]


def one(kb, sql):
    with sqlite3.connect(f"file:{kb}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchone()[0]


def main():
    flat, inventory, glossary, whole, babel, definitions = support.need_shared(*(f"lexicons/{name}" for name in (
        "hownet_zh.txt", "sememe_all.txt", "glossary.utf8.dat", "whole.utf8.dat", "babelnet_synset_sememes.tsv",
        "wordnet_synset_definitions.tsv")))
    with support.folder() as work:
        kb = work / "flat.db"
        rows = imported("hownet-flat", flat, kb)
        words, sememes = lines(flat)[0::2], set(" ".join(lines(flat)[1::2]).split())
        assert rows["senses"] == len(words) == 126_740 and rows["lemmas"] == len(set(words)), rows
        assert one(kb, "SELECT count(*) FROM inventories WHERE origin = 'inventory'") == len(sememes) == 2_187
        assert rows["sememe_uses"] == sum(len(line.split()) for line in lines(flat)[1::2]), rows

        kb = work / "2000.db"
        rows = imported("hownet2000", glossary, kb)
        entries = [line.split("\t") for line in lines(glossary)]
        assert rows["senses"] == rows["definitions"] == len(entries) == 66_181, rows
        assert one(kb, "SELECT count(DISTINCT lemma) FROM lemmas") == len({e[0].strip() for e in entries}) == 53_335
        tree = [line.split() for line in lines(whole)]
        assert one(kb, "SELECT count(*) FROM inventories WHERE origin = 'inventory'") == len(tree) == 1_618
        assert rows["sememe_relations"] == sum(row[0] != row[2] for row in tree), rows

        kb = work / "babel.db"
        rows = imported("babelsememe", babel, kb)
        assert rows["synsets"] == rows["definitions"] == len(lines(babel)) == 15_756, rows
        assert rows["sememe_uses"] == sum(len(line.split("\t")[1].split()) for line in lines(babel)), rows

        support.need_wordnet()
        kb = work / "wordnet.db"
        support.run("import", "wordnet", support.WORDNET, "--kb", kb)
        rows = imported("definitions", definitions, kb)
        assert rows["definitions"] == len(lines(definitions)) == 41_461, rows
        # Every '|' of the file stands in a sememe or a quoted name of the form en|zh.
        assert rows["sememe_uses"] == sum(line.count("|") for line in lines(definitions)), rows
        with sqlite3.connect(f"file:{kb}?mode=ro", uri=True) as db:
            kept = {text for (text,) in db.execute("SELECT text FROM definitions WHERE derived = 0")}
        assert kept == {line.split("\t")[2][1:] for line in lines(definitions)}


main()
