"""`sememe extend`: words a table has never seen, from their sememes: the rows numpy computes from the stored leaves, near words
that mean the same.
"""
import numpy as np

import support
from support import USAGE, refused

ANIMALS = "dog cat horse cow sheep goat wolf fox lion tiger bear mouse rabbit pig duck goose eagle owl trout salmon".split()
TOOLS = "hammer saw chisel wrench drill file axe spade shovel rake hoe knife scissors pliers clamp vise plane trowel".split()


def main():
    wordnet = support.need_wordnet()
    rng = np.random.default_rng(2)
    with support.folder() as work:
        kb = work / "kb.db"
        support.run("import", "wordnet", wordnet, "--kb", kb)
        # In turns, so that a word's rank in the vocabulary says nothing of its kind.
        words = [word for pair in zip(ANIMALS, TOOLS) for word in pair]
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

            def likeness(row):
                return [float(row @ c / np.linalg.norm(row) / np.linalg.norm(c)) for c in centres]
            for word, kind in ((0, 0), (1, 1), (2, 0)):
                like = likeness(rows[word])
                assert like[kind] > like[1 - kind] + 0.1, (prior, word, like)
            # A word of the table itself, composed anew, gets the row the table has for it, frequency aside.
            (work / "old.txt").write_text("tiger\n")
            support.run("extend", work / "table", "--composition", work / "c", "--kb", kb, "--words", work / "old.txt", "--to", "vec",
                        "--out", work / "old.vec")
            head, line = (work / "old.vec").read_text().splitlines()
            assert head == "1 16" and line.startswith("tiger "), (head, line)
            assert likeness(np.array(line.split()[1:], "f8"))[0] > 0.8
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
