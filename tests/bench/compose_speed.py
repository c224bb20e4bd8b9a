"""How long composing takes, best of five, against a knowledge base of WordNet and, if there, its HowNet definitions.

    SEMEME=build/release/sememe PYTHONPATH=tests /usr/bin/python3 tests/bench/compose_speed.py
"""
import json
import os
import pathlib
import sys
import time

import support


def best_of(times, *arguments):
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        support.run(*arguments)
        best = min(best, time.perf_counter() - start)
    return best


def main():
    shared = support.need_shared("vocabularies")
    definitions = support.shared() / "lexicons" / "wordnet_synset_definitions.tsv"
    with support.folder() as folder:
        kb = pathlib.Path(os.environ.get("SEMEME_KB", folder / "kb.db"))
        if not kb.exists():
            support.run("import", "wordnet", support.need_wordnet(), "--kb", kb)
            if definitions.exists():
                support.run("import", "definitions", definitions, "--kb", kb)
        gpt2 = shared / "gpt2" / "vocab.json"
        tokens = json.loads(gpt2.read_text(encoding="utf-8"))
        large = folder / "large.txt"  # 256,000 tokens: the same words, then words joined by two
        words = [t[1:] for t in tokens if t.startswith("\u0120") and t[1:].isalpha()]
        joined = [a + "-" + b for a, b in zip(words * 8, words[1:] * 8)]
        large.write_text("\n".join((words + joined)[:256000]), encoding="utf-8")
        for name, vocab, limit in (("gpt2, 50,257 tokens", gpt2, 1.5), ("256,000 tokens", large, 6.0)):
            for threads in (1, 2):
                seconds = best_of(5, "compose", "--vocab", vocab, "--kb", kb, "--threads", threads,
                                  "--out", folder / "out.sememes")
                print(f"{name:24} {threads} threads {seconds:6.2f} s  (limit on two: {limit} s)")


if __name__ == "__main__":
    sys.exit(main())
