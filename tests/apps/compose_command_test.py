"""compose, explain, coverage and predict as a user runs them, on a small WordNet-shaped knowledge base."""
import json
import pathlib
import struct
import sys

import support


def main():
    with support.folder() as folder:
        kb = support.wordnet_kb(folder)
        vocab = folder / "vocab.txt"
        words = ["[PAD]", "[UNK]", "[CLS]", "dog", "dogs", "geese", "unhappiness", "##ing", "42", "...", "qqqq", "the",
                 "well-known", "paris", "running", "found", "caf\u00e9", "##mation"]
        vocab.write_bytes("\r\n".join(words).encode())

        one = folder / "one.sememes"
        two = folder / "two.sememes"
        report = support.run_json("compose", "--vocab", vocab, "--kb", kb, "--out", one, "--threads", "1")
        support.run("compose", "--vocab", vocab, "--kb", kb, "--out", two, "--threads", "2")
        assert one.read_bytes() == two.read_bytes(), "the thread count changed the file"
        assert report["tokens"] == len(words), report
        assert sum(report["routes"].values()) == len(words), report
        routes = report["routes"]
        assert routes["special"] == 3 and routes["lemma"] >= 1 and routes["hashed"] >= 1, routes
        assert report["covered"] == sum(routes[r] for r in ("exact", "variant", "lemma", "multiword", "morphology",
                                                            "continuation", "predicted")), report
        header, metadata, _ = support.read_safetensors(one)
        assert metadata["format"] == "sememe.composition.1", metadata
        assert header["token.routes"]["shape"] == [len(words)], header
        assert "wordnet@3.0" in metadata["provenance"], metadata

        (geese,) = support.run_json("explain", "geese", "--vocab", vocab, "--kb", kb)
        assert geese["route"] == "lemma" and geese["evidence"][0]["key"] == "goose", geese
        (word,) = support.run_json("explain", "unhappiness", "--kb", kb)
        assert abs(sum(e["weight"] for e in word["evidence"]) - 1) < 1e-6, word
        assert [b["key"] for b in geese["bases"]] == ["goose"], geese
        assert all(abs(sum(atom["weight"] for atom in slot) - 1) < 1e-5 for slot in geese["slots"] if slot), geese["slots"]
        assert geese["slots"][2] == [{"name": "<rank:5>", "kind": "type", "weight": 1.0}], geese["slots"]
        text = support.run("explain", "geese", "--vocab", vocab, "--kb", kb).stdout
        assert "base form goose (n, -s)" in text and "slot 2" in text and "<rank:5> 1.000" in text, text

        plain = support.run_json("compose", "--vocab", vocab, "--kb", kb, "--routes", "exact,lemma", "--out", two)
        assert {r for r, n in plain["routes"].items() if n} == {"special", "exact", "lemma", "hashed"}, plain["routes"]
        assert plain["routes"]["special"] == 3 and plain["examples"]["lemma"], plain
        support.refused("compose", "--vocab", vocab, "--kb", kb, "--routes", "exact,lema", "--out", two, code=support.USAGE,
                        says=["'lema'", "lemma"])
        page = (pathlib.Path(__file__).resolve().parents[2] / "lib" / "compose" / "README.md").read_text(encoding="utf-8")
        table = page.split("| route | what the step takes a token for | evidence |\n|---|---|---|\n")[1].split("\n\n")[0]
        order = list(dict.fromkeys(row.split("|")[1].strip() for row in table.splitlines()))
        assert list(report["routes"]) == order, report["routes"]
        for verb in ("compose", "explain"):
            shown = " ".join(support.run(verb, "--help").stdout.split())
            assert ", ".join(order) in shown, shown
        corpus = folder / "corpus.txt"
        corpus.write_text("The dogs ran. A dog, the DOG!\nunhappiness caf\u00e9\n" * 50, encoding="utf-8")
        support.run("compose", "--vocab", vocab, "--kb", kb, "--corpus", corpus, "--out", two)
        (dog,) = support.run_json("explain", "dog", "--vocab", vocab, "--kb", kb, "--corpus", corpus)
        assert dog["slots"][2][0]["name"] == "<count:13>", dog["slots"]  # 100 times: 2 log2(101) = 13.3
        support.refused("compose", "--vocab", vocab, "--kb", kb, "--corpus", folder / "none", "--out", two,
                        code=support.NO_INPUT)

        missing = support.run("explain", "zebra", "--vocab", vocab, "--kb", kb, "--json", expect=support.NO_MATCH)
        assert json.loads(missing.stdout) == [], missing.stdout

        page = folder / "coverage.html"
        coverage = support.run_json("coverage", "--vocab", vocab, "--composition", one, "--html", page)
        assert coverage["tokens"] == len(words) and coverage["scripts"], coverage
        html = page.read_text(encoding="utf-8")
        assert "http" not in html and "<script" not in html, "the page must need nothing else"
        for heading in ("By script", "By id", "only the spelling is known", "qqqq"):
            assert heading in html, heading

        rows, dims = len(words) + 2, 5
        table = folder / "table.safetensors"
        data = b"".join(struct.pack("<f", ((7 * i) % 11) - 5) for i in range(rows * dims))
        head = json.dumps({"embed_tokens.weight": {"dtype": "F32", "shape": [rows, dims],
                                                   "data_offsets": [0, len(data)]}}).encode()
        head += b" " * (-len(head) % 8)
        table.write_bytes(struct.pack("<Q", len(head)) + head + data)
        padded = support.run_json("compose", "--vocab", vocab, "--kb", kb, "--table", table, "--predict", table,
                                  "--out", two)
        assert padded["tokens"] == rows and padded["routes"]["special"] == 5, padded
        assert padded["routes"]["hashed"] == 0 and padded["routes"]["predicted"] >= 1, padded
        (unknown,) = support.run_json("explain", "qqqq", "--vocab", vocab, "--kb", kb, "--predict", table)
        assert unknown["route"] == "predicted", unknown
        assert all(atom["kind"] == "sememe" for atom in unknown["slots"][0]), unknown["slots"]
        support.refused("explain", "qqqq", "--kb", kb, "--predict", table, code=support.USAGE, says="--vocab")
        (guess,) = support.run_json("predict", "dog", "--table", table, "--vocab", vocab, "--composition", one)
        assert guess["id"] == words.index("dog"), guess
        quality = support.run_json("predict", "--evaluate", "--table", table, "--vocab", vocab, "--composition", one)
        assert 0 <= quality["mean_average_precision"] <= 1, quality

        support.refused("compose", "--vocab", vocab, "--kb", kb, "--rows", "3", "--out", two, code=support.USAGE,
                        says=["18 tokens", "3 rows"])
        support.refused("compose", "--vocab", folder / "none", "--kb", kb, "--out", two, code=support.NO_INPUT)
        support.refused("compose", "--vocab", vocab, "--kb", kb, "--score", "--out", two, code=support.USAGE,
                        says="--table")
        support.refused("coverage", "--vocab", vocab, "--composition", table, code=support.BAD_DATA,
                        says="not a composition")
        slots = folder / "slots.txt"
        slots.write_text("slot main\nslot further morphem\n")
        support.refused("compose", "--vocab", vocab, "--kb", kb, "--slots", slots, "--out", two, code=support.BAD_DATA,
                        says="slots.txt:2:14")
        slots.write_text("# order 3\nslot main | type | surface\nslot further | surface\nslot morpheme grammar=0.5 | surface\n")
        support.run("compose", "--vocab", vocab, "--kb", kb, "--slots", slots, "--out", two)
        _, metadata, _ = support.read_safetensors(two)
        assert metadata["slots"] == "3", metadata
    print("compose, explain, coverage, predict: as documented")


if __name__ == "__main__":
    sys.exit(main())
