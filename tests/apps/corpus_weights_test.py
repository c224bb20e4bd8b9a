"""`train --corpus` weighs tokens by what a plain count of the text says: the same table as with those counts in a file."""
import random

import numpy as np

from support import folder, refused, run

WORDS = [f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(300)]

with folder() as here:
    chooser = random.Random(4)
    text = [chooser.choices(WORDS[:250], weights=range(250, 0, -1), k=12) for _ in range(400)]  # fifty words never occur
    for part, lines in (("a.txt", text[:150]), ("b.txt", text[150:])):
        (here / part).write_text("\n".join(" ".join(line) + "." for line in lines), encoding="utf-8")
    counts = {word: 0 for word in WORDS}
    for line in text:
        for word in line:
            counts[word] += 1
    (here / "words.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    (here / "counts.txt").write_text("".join(f"{word}\t{n}\n" for word, n in counts.items()), encoding="utf-8")
    table = np.random.default_rng(1).normal(size=(len(WORDS), 16)) * np.linspace(2, 0.2, 16)
    np.save(here / "table.npy", table.astype("f4"))
    made = {}
    for name, arguments in (("counted", ["--corpus", here / "a.txt", "--corpus", here / "b.txt"]),
                            ("listed", ["--counts", here / "counts.txt"]), ("alike", [])):
        run("train", "--table", here / "table.npy", "--vocab", here / "words.txt", "--ratio", 8, "--out", here / name, "-q", *arguments)
        made[name] = (here / name).read_bytes()
    assert made["counted"] == made["listed"] != made["alike"]
    corpus = ["--table", here / "table.npy", "--corpus", here / "a.txt", "--out", here / "x"]
    refused("train", *corpus, "--ratio", 8, code=2, says="--vocab")
    refused("fit", *corpus, "--vocab", here / "words.txt", "--counts", here / "counts.txt", code=2, says="--counts")
    assert not (here / "x").exists()
print(f"{sum(counts.values())} tokens of text weigh as their counts do")
