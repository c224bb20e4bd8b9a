"""Imports the real WordNet and holds what comes out against its dictionary files, read here by a few lines of their own."""
import json
import sqlite3

from support import NO_MATCH, folder, need_wordnet, run, run_json, shared

FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}


def raw_counts(wordnet):
    """(synsets, (lemma, synset) pairs, lemmas per part of speech, different pointers, exceptions)"""
    synsets = pairs = lemmas = 0
    exceptions, pointers, words_of = set(), set(), {}
    for letter, name in FILES.items():
        for line in (wordnet / f"data.{name}").read_text("latin-1").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            words = int(fields[3], 16)
            synsets += 1
            spelled = [fields[4 + 2 * i].split("(")[0].lower() for i in range(words)]
            words_of[fields[0], letter] = spelled
            pairs += len(set(spelled))
            for i in range(int(fields[4 + 2 * words])):
                symbol, offset, kind, ends = fields[5 + 2 * words + 4 * i:9 + 2 * words + 4 * i]
                pointers.add((fields[0], letter, symbol.replace("$", "&"), offset, kind.replace("s", "a"), ends))
        lemmas += sum(not line.startswith(" ") for line in (wordnet / f"index.{name}").open("r", encoding="latin-1"))
        for line in (wordnet / f"{name}.exc").read_text("latin-1").splitlines():
            form, *bases = line.split()
            exceptions |= {(form, base, letter) for base in bases}
    # Two spellings of a lemma in one synset are one sense, so a word is named by its lower case.
    def word(offset, letter, number):
        return words_of[offset, letter][number - 1] if number else None
    pointers = {(a, la, s, b, lb, word(a, la, int(ends[:2], 16)), word(b, lb, int(ends[2:], 16)))
                for a, la, s, b, lb, ends in pointers}
    return synsets, pairs, lemmas, len(pointers), len(exceptions)


wordnet = need_wordnet()
with folder() as here:
    kb = here / "kb.db"
    report = run_json("import", "wordnet", wordnet, "--kb", kb)
    assert report["rejected"] == 0 and not report["unchanged"], report
    synsets, pairs, lemmas, pointers, exceptions = raw_counts(wordnet)
    assert (synsets, pairs, lemmas) == (117659, 206941, 155287)
    [source] = run_json("sources", "--kb", kb)
    counts = source["counts"]
    assert (counts["synsets"], counts["senses"], counts["lemmas"]) == (synsets, pairs, lemmas), counts
    assert counts["definitions"] == synsets and 1000 <= counts["sememes"] <= 2000, counts
    assert source["name"] == "wordnet" and source["version"] == "3.0" and source["license"] and source["checksum"]

    database = sqlite3.connect(f"file:{kb}?mode=ro", uri=True)
    one = lambda sql: database.execute(sql).fetchone()[0]
    assert one("PRAGMA integrity_check") == "ok"
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    stored = one("SELECT (SELECT count(*) FROM synset_relations) + (SELECT count(*) FROM sense_relations)")
    assert stored == pointers, (stored, pointers)
    assert one("SELECT count(*) FROM exceptions") == exceptions
    assert report["rows"] == sum(report["rows_by_table"].values())
    for table, rows in report["rows_by_table"].items():
        assert one(f"SELECT count(*) FROM {table}") == rows, (table, rows)
    # Every synset says something; every rank of a lemma is there once.
    assert one("SELECT count(*) FROM synset_sememes WHERE length(sememes) > 0") == synsets
    assert one("SELECT count(*) FROM (SELECT lemma, rank FROM senses GROUP BY 1, 2 HAVING count(*) > 1)") == 0

    again = run_json("import", "wordnet", wordnet, "--kb", kb)
    assert again["unchanged"] and again["rows"] == 0, again

    dog = run_json("query", "dog", "--kb", kb)
    assert [s["part_of_speech"] for s in dog] == ["n"] * 7 + ["v"], dog
    assert dog[0]["gloss"].startswith("a member of the genus Canis") and dog[0]["frequency"] == 42
    assert "animal.n.01" in dog[0]["sememes"] and dog[0]["source"] == "wordnet" and dog[0]["language"] == "en"
    assert json.loads(run("query", "xyzzyx", "--kb", kb, "--json", expect=NO_MATCH).stdout) == []
    assert {s["lemma"] for s in run_json("query", "turkey", "--kb", kb)} == {"Turkey", "turkey"}
    assert run_json("query", "geese", "--lemmatised", "--kb", kb)[0]["lemma"] == "goose"

    if shared():
        definitions = shared() / "lexicons" / "wordnet_synset_definitions.tsv"
        report = run_json("import", "definitions", definitions, "--kb", kb)
        lines = definitions.read_text("utf-8").splitlines()
        assert report["rejected"] == 0 and report["rows_by_table"]["definitions"] == len(lines) == 41461, report
        stored = {(t, e) for t, e in database.execute(
            "SELECT text, external_id FROM definitions WHERE derived = 0")}
        for line in lines:
            _, external, text = line.rstrip("\t").split("\t")
            assert (text, external) in stored or (text.removeprefix("="), external) in stored, line
        first = run_json("query", "dog", "--kb", kb)[0]
        assert first["sememes"][0] == "livestock|牲畜" and first["definition"]["text"] == "livestock|牲畜", first
        assert first["definition"]["children"][0]["role"] == "modifier"
        assert "animal.n.01" in first["sememes"]
        inherited = one("SELECT count(*) FROM synset_sememes WHERE steps > 0")
        own = one("SELECT count(DISTINCT synset) FROM definitions WHERE derived = 0")
        print(f"{own} synsets with definitions of their own, {inherited} more inherit, of {synsets}")
    else:
        print("without the definitions of synsets: no ../shared/data")
