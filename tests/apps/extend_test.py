"""`sememe extend`: words a table has never seen, from their sememes: the rows numpy computes from the stored leaves, near words
that mean the same.
"""
import re

import numpy as np

import support
from support import USAGE, refused

NEW = ("zebra", "mallet", "wombat")


def words_of(wordnet, kind, count):
    """First words of single-word noun synsets of a lexicographer file (05 animals, 06 artefacts), evenly picked."""
    found = {}
    for line in (wordnet / "data.noun").read_text().splitlines():
        fields = line.split()
        if len(fields) > 4 and fields[1] == kind and re.fullmatch("[a-z]{3,8}", fields[4]) and fields[4] not in NEW:
            found[fields[4]] = None
    every = list(found)
    return every[::len(every) // count][:count]


def main():
    wordnet = support.need_wordnet()
    rng = np.random.default_rng(2)
    with support.folder() as work:
        kb = support.wordnet_kb(work)
        # In turns, so that a word's rank in the vocabulary says nothing of its kind.
        words = [word for pair in zip(words_of(wordnet, "05", 200), words_of(wordnet, "06", 200)) for word in pair]
        (work / "vocab.txt").write_text("\n".join(words) + "\n")
        support.run("compose", "--vocab", work / "vocab.txt", "--kb", kb, "--out", work / "c")
        centres = rng.normal(size=(2, 16))
        table = (np.tile(centres, (len(words) // 2, 1)) + 0.2 * rng.normal(size=(len(words), 16))).astype("f4")
        support.write_table(work / "t.safetensors", table)
        for prior, options in {"additive": ("--leaf", 4), "product": ("--order", 2, "--rank", 2, "--epochs", 3)}.items():
            support.run("train", "--table", work / "t.safetensors", "--composition", work / "c", "--prior", prior, *options,
                        "--residual", "none", "--bytes", 20_000, "--out", work / "table")
            (work / "new.txt").write_text("zebra\nmallet\nwombat\nqqzzxx\n")
            report = support.run_json("extend", work / "table", "--composition", work / "c", "--kb", kb, "--words", work / "new.txt",
                                      "--out", work / "new.npy")
            assert report["words"] == 4 and report["dims"] == 16 and report["prior"] == prior, report
            rows = np.load(work / "new.npy")
            assert rows.shape == (4, 16) and np.isfinite(rows).all()

            def side(row):
                """Above 0 on the animals' side of the table's mean, below on the tools'; 1 at the kind's own centre."""
                apart = (centres[0] - centres[1]) / 2
                return float((row - centres.mean(0)) @ apart / (apart @ apart))
            sides = [side(row) for row in rows]
            print(f"{prior}: zebra {sides[0]:.2f}, mallet {sides[1]:.2f}, wombat {sides[2]:.2f}")
            assert sides[0] > 0.2 and sides[1] < -0.2 and sides[2] > 0.2, (prior, sides)
            # Words of the table itself, composed anew, are what they were, frequency aside.
            (work / "old.txt").write_text("\n".join(words[:80:2]) + "\n")
            support.run("extend", work / "table", "--composition", work / "c", "--kb", kb, "--words", work / "old.txt", "--to", "vec",
                        "--out", work / "old.vec")
            head, *lines = (work / "old.vec").read_text().splitlines()
            assert head == "40 16" and [line.split()[0] for line in lines] == words[:80:2], (head, lines)
            assert np.mean([side(np.array(line.split()[1:], "f8")) for line in lines]) > 0.3
            support.run("extend", work / "table", "--composition", work / "c", "--kb", kb, "--words", work / "new.txt", "--to",
                        "safetensors", "--out", work / "new.safetensors")
            assert (support.tensor(work / "new.safetensors") == rows).all()

        support.run("train", "--table", work / "t.safetensors", "--ratio", 2, "--out", work / "plain")
        arguments = ("--composition", work / "c", "--kb", kb, "--words", work / "new.txt", "--out", work / "x")
        refused("extend", work / "plain", *arguments, code=USAGE, says="no prior")
        support.write_composition(work / "other", [[(0, 255)]] * len(words), ["a"])
        (work / "empty.txt").write_text("\n")
        refused("extend", work / "table", "--composition", work / "c", "--kb", kb, "--words", work / "empty.txt", "--out", work / "x",
                code=USAGE, says="no word")
        assert not (work / "x").exists()


if __name__ == "__main__":
    main()
