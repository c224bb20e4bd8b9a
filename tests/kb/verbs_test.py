"""The verbs of the knowledge base on a small lexicon of one's own and on WordNet's adverbs and adjectives: own entries,
uses, nearest words, taxonomy, check, dumps that other programs read, and forgetting a source whole."""
import csv
import io
import json
import shutil
import sqlite3
import xml.etree.ElementTree as xml

from support import NO_MATCH, USAGE, folder, need_wordnet, refused, run, run_json

with folder() as here:
    kb = here / "kb.db"

    # Own entries, into a new file.
    for lemma, sememes in (("quokka", "{livestock|牲畜:modifier={small|小}}"), ("cow", "livestock|牲畜 big|大"),
                           ("ox", "livestock|牲畜 big|大"), ("vet", "{human|人:{doctor|医治:agent={~},patient={livestock|牲畜}}}"),
                           ("cow", "human|人 bad|坏")):
        run("add", lemma, sememes, "--pos", "n", "--kb", kb, "-q")
    cow = run_json("query", "cow", "--kb", kb)
    assert [s["sememes"] for s in cow] == [["livestock|牲畜", "big|大"], ["human|人", "bad|坏"]], cow
    assert [s["rank"] for s in cow] == [0, 1]
    [vet] = run_json("query", "VET", "--kb", kb)
    assert vet["definition"]["children"][0]["children"][1] == {"text": "livestock|牲畜", "role": "patient", "children": []}
    uses = run_json("uses", "livestock", "--kb", kb)
    assert [u["lemma"] for u in uses] == ["quokka", "cow", "ox", "vet"], uses
    assert [u["lemma"] for u in run_json("uses", "livestock", "--main", "--kb", kb)] == ["quokka", "cow", "ox"]
    assert [u["lemma"] for u in run_json("uses", "牲畜", "--role", "patient", "--kb", kb)] == ["vet"]
    assert run("sememes", "cow", "--merged", "--kb", kb).stdout.split() == ["livestock|牲畜", "big|大", "human|人", "bad|坏"]
    assert run("sememes", "vet", "--depth", "0", "--kb", kb).stdout == "human|人\n"
    assert "patient: livestock|牲畜" in run("sememes", "vet", "--as", "tree", "--kb", kb).stdout
    assert run("sememes", "vet", "--as", "dot", "--kb", kb).stdout.startswith("digraph")
    near = run_json("nearest", "ox", "-k", "2", "--kb", kb)
    assert near[0]["word"] == "cow" and 0 < near[1]["likeness"] <= near[0]["likeness"] < 1, near
    assert run_json("nearest", "quokka", "-k", "9", "--kb", kb)
    [same] = run_json("similarity", "ox", "ox", "--measure", "hownet", "--kb", kb)
    assert abs(same["value"] - 1) < 1e-12, same
    assert run("remove", "cow", "--kb", kb, "-q").returncode == 0
    assert json.loads(run("query", "cow", "--kb", kb, "--json", expect=NO_MATCH).stdout) == []
    run("remove", "cow", "--kb", kb, "-q", expect=NO_MATCH)
    run("add", "thing", "{never closed", "--kb", kb, expect=65)
    assert run_json("check", "--select", "E", "--kb", kb) == []
    rows = list(csv.reader(io.StringIO(run("dump", "--as", "tsv", "--kb", kb).stdout), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [r[0] for r in rows] == ["quokka", "ox", "vet"] and rows[1] == ["ox", "en", "n", "livestock|牲畜 big|大"], rows

    # A dump as TSV comes back through the importer.
    (here / "own.tsv").write_text(run("dump", "--as", "tsv", "--kb", kb).stdout)
    again = here / "again.db"
    report = run_json("import", "tsv", here / "own.tsv", "--kb", again)
    assert report["rejected"] == 0, report
    assert run_json("query", "ox", "--kb", again)[0]["sememes"] == ["livestock|牲畜", "big|大"]

    wordnet = need_wordnet()
    small = here / "small"
    small.mkdir()
    for name in ("noun", "verb"):
        for kind in ("data", "index"):
            (small / f"{kind}.{name}").write_text("  1 nothing\n")
    for name in ("adj", "adv"):
        for kind in ("data", "index"):
            shutil.copy(wordnet / f"{kind}.{name}", small)
    run("import", small, "--kb", kb, "--edition", "a", "-q")
    before = sqlite3.connect(kb).execute("SELECT count(*) FROM senses").fetchone()
    bridge = here / "bridge.tsv"
    bridge.write_text("wn:00001740a\tbn:00095280a\t={able|能}\t\n")
    report = run_json("import", "definitions", bridge, "--kb", kb)
    assert report["rejected"] == 0, report
    assert run_json("query", "able", "--kb", kb)[0]["definition"]["text"] == "able|能"
    assert run_json("identify", "bn:00095280a", "--kb", kb)[0]["lemma"] == "able"
    assert run_json("import", small, "--kb", kb, "--edition", "b")["unchanged"], "the same bytes, whatever their name"
    (small / "adj.exc").write_text("abler able\n")
    run("import", small, "--kb", kb, "--edition", "b", "--name", "other", "-q")
    assert {s["source"] for s in run_json("query", "able", "--kb", kb)} == {"wordnet", "other"}
    assert {s["source"] for s in run_json("query", "able", "--source", "wordnet@a", "--kb", kb)} == {"wordnet"}
    assert run("relations", "able", "--word", "--relation", "antonym", "--kb", kb).stdout.startswith("able (able%3")
    assert len(run_json("taxonomy", "roots", "--of", "synsets", "--source", "other", "--kb", kb)) == 18156 + 3621
    run("taxonomy", "roots", "--kb", kb, expect=NO_MATCH)
    refused("taxonomy", "lcs", "one", "--kb", kb, code=USAGE, says="takes 2 nodes")

    for line in run("dump", "--as", "jsonl", "--source", "own", "--kb", kb).stdout.splitlines():
        assert json.loads(line)["source"] == "own"
    graph = xml.fromstring(run("dump", "--as", "graphml", "--kb", kb).stdout.encode())
    assert len(graph.findall(".//{*}node")) == len(run_json("sememes", "--kb", kb))
    lmf = xml.fromstring(run("dump", "--as", "lmf", "--source", "other", "--kb", kb).stdout.encode())
    ids = [e.get("id") for e in lmf.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    known = set(ids)
    assert all(e.get("target") in known for e in lmf.iter() if e.get("target"))
    assert all(e.get("synset") in known for e in lmf.iter("Sense"))
    assert len(lmf.findall(".//Synset")) == 18156 + 3621
    [able] = [e for e in lmf.iter("LexicalEntry") if e.find("Lemma").get("writtenForm") == "able"]
    assert [f.get("writtenForm") for f in able.iter("Form")] == ["abler"]
    refused("dump", "--as", "lmf", "--kb", kb, code=USAGE, says="--source")

    # Forgetting takes a source and all that hung on it, and nothing else.
    gone = run_json("forget", "wordnet", "--kb", kb)
    assert gone[0] == "wordnet@a" and len(gone) == 2, gone
    assert [s["name"] for s in run_json("sources", "--kb", kb)] == ["own", "other"]
    database = sqlite3.connect(kb)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("SELECT count(*) FROM senses").fetchone() == before
    assert [u["lemma"] for u in run_json("uses", "livestock", "--kb", kb)] == ["quokka", "ox", "vet"]
    database.close()
    run("forget", "nobody", "--kb", kb, expect=NO_MATCH)
    assert run_json("check", "--select", "E", "--kb", kb) == []
