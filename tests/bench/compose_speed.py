"""How long composing takes: wall and CPU seconds, median of five runs, on one thread and on two, against a knowledge base of
WordNet, the HowNet definitions of its synsets, and whatever other lexicons are in the shared folder.

    SEMEME=build/release/sememe PYTHONPATH=tests /usr/bin/python3 tests/bench/compose_speed.py

SEMEME_KB names a knowledge base to use instead of one made for the occasion. The large vocabulary is a real mixture: the
tokens of GPT-2 and BERT, WordNet's lemmas, Chinese words, and endings of English words, 256,000 in all.
"""
import json
import os
import pathlib
import resource
import statistics
import sys
import time

import support

RUNS = 5
LEXICONS = (("definitions", "wordnet_synset_definitions.tsv"), ("hownet-flat", "hownet_zh.txt"),
            ("hownet2000", "glossary.utf8.dat"), ("babelsememe", "babelnet_synset_sememes.tsv"))


def large_vocabulary(shared, wordnet, size=256000):
    words = {}

    def add(word):
        if word and "\n" not in word and len(words) < size:
            words.setdefault(word, None)

    for token in json.loads((shared / "vocabularies" / "gpt2" / "vocab.json").read_text(encoding="utf-8")):
        if token.startswith("\u0120"):
            add(token[1:])
    for line in (shared / "vocabularies" / "bert-base-uncased-vocab.txt").read_text(encoding="utf-8").split("\n"):
        add(line.strip().removeprefix("##"))
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"index.{part}").read_text(encoding="latin-1").split("\n"):
            if line and not line.startswith(" "):
                add(line.split(" ")[0].replace("_", " "))
    english = list(words)
    chinese = shared / "lexicons" / "hownet_zh.txt"
    if chinese.exists():
        for word in chinese.read_text(encoding="utf-8").split("\n")[0::2][:70000]:
            add(word)
    for length in (4, 5, 6, 7):
        for word in english:
            if word.isalpha() and len(word) > length + 2:
                add(word[-length:])
    for first, second in zip(english, english[777:]):
        add(first + "-" + second)
    return list(words)


def seconds_of(*arguments):
    """Medians of (wall, CPU) seconds."""
    walls, cpus = [], []
    for _ in range(RUNS):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        support.run(*arguments)
        walls.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(walls), statistics.median(cpus)


def main():
    shared = support.need_shared("vocabularies").parent
    wordnet = support.need_wordnet()
    with support.folder() as folder:
        kb = pathlib.Path(os.environ.get("SEMEME_KB", folder / "kb.db"))
        if not kb.exists():
            support.run("import", "wordnet", wordnet, "--kb", kb)
            for form, name in LEXICONS:
                if (shared / "lexicons" / name).exists():
                    language = ("--language", "zh") if form == "hownet-flat" else ()
                    support.run("import", form, shared / "lexicons" / name, "--kb", kb, *language)
        large = folder / "large.txt"
        words = large_vocabulary(shared, wordnet)
        large.write_text("".join(word + "\n" for word in words), encoding="utf-8")
        gpt2 = shared / "vocabularies" / "gpt2" / "vocab.json"
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for name, vocab, limit in (("gpt2, 50,257 tokens", gpt2, 1.5), (f"mixture, {len(words):,} tokens", large, 6.0)):
            for threads in (1, 2):
                wall, cpu = seconds_of("compose", "--vocab", vocab, "--kb", kb, "--threads", threads,
                                       "--out", folder / "out.sememes")
                print(f"{name:24} {threads} threads: wall {wall:5.2f} s, CPU {cpu:5.2f} s (limit on two: {limit} s wall)")


if __name__ == "__main__":
    sys.exit(main())
