"""compose, explain, coverage and predict as a user runs them, on a small WordNet-shaped knowledge base."""
import json
import struct
import sys

import support


def main():
    wordnet = support.need_wordnet()
    with support.folder() as folder:
        kb = folder / "kb.db"
        support.run("import", "wordnet", wordnet, "--kb", kb)
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
        missing = support.run("explain", "zebra", "--vocab", vocab, "--kb", kb, "--json", expect=support.NO_MATCH)
        assert json.loads(missing.stdout) == [], missing.stdout

        page = folder / "coverage.html"
        coverage = support.run_json("coverage", "--vocab", vocab, "--composition", one, "--html", page)
        assert coverage["tokens"] == len(words) and coverage["scripts"], coverage
        html = page.read_text(encoding="utf-8")
        assert "http" not in html and "<script" not in html, "the page must need nothing else"

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
