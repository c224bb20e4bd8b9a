"""How fast lexicons are imported and asked.

    PYTHONPATH=tests SEMEME=build/release/sememe /usr/bin/python3 tests/bench/kb_import_bench.py [SENSES, 1000000]

Imports are processes writing into a new file; medians of three (the large synthetic one: once) of the wall time the command
reports, from the first record to the durable commit, with the CPU seconds and the peak resident memory of the process. A
synthetic lexicon has one line per sense, 1.75 senses a lemma in random order, three sememes of 2,000 each; a small one of
100,000 senses stands beside the large one. Lookups by tests/bench/kb_lookup_bench.cpp, if it was built beside the command
(cmake --build --preset release --target kb_lookup_bench). Queries are whole processes, 50 of them. Run it alone on the machine.
"""
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

from support import command, folder, need_wordnet, run, shared

SMALL = 100_000


def cpu():
    times = os.times()
    return times.children_user + times.children_system


def measure(name, *arguments, kb=None, times=3):
    """Median rows a second."""
    reports, busy, peak = [], [], 0
    for _ in range(times):
        with folder() as here:
            before = cpu()
            done = run(*arguments, "--kb", kb or here / "kb.db", "--json", timeout=3600)
            busy.append(cpu() - before)
            reports.append(json.loads(done.stdout))
            peak = max(peak, done.peak_bytes)
    rate = statistics.median(r["rows_per_s"] for r in reports)
    print(f"{name:<30} {reports[0]['rows']:>11,} rows {statistics.median(r['seconds'] for r in reports):8.2f} s wall "
          f"{statistics.median(busy):7.2f} s CPU {rate:>10,.0f} rows/s   peak {peak / 2**20:5.0f} MiB", flush=True)
    return rate, reports[0]["rows"] / statistics.median(busy)


def lookups(kb, only=True):
    program = pathlib.Path(command()).parent / "tests" / "kb_lookup_bench"
    if program.exists():
        print(subprocess.run([program, kb, "100000", *(["only"] if only else [])], capture_output=True, text=True).stdout, end="",
              flush=True)


def queries(kb, words):
    times = []
    for word in words:
        start = time.perf_counter()
        run("query", word, "--kb", kb, "--json", expect=None)
        times.append((time.perf_counter() - start) * 1e3)
    print(f"query as a process: median {statistics.median(times):.1f} ms of {len(times)}, the cost of starting it from Python in it")


def write_synthetic(path, senses):
    """Returns some of its words."""
    chooser = random.Random(1)
    names = [f"unit{i}|单{i}" for i in range(2000)]
    word = lambda: f"w{chooser.randrange(senses * 4 // 5):x}"
    with path.open("w", encoding="utf-8") as out:
        for _ in range(senses):
            a, b, c = (names[chooser.randrange(2000)] for _ in "abc")
            out.write(f"{word()}\ten\tn\t{a} {b} {c}\n")
    return [word() for _ in range(50)]


def synthetic(here, senses, times):
    words = write_synthetic(here / "senses.tsv", senses)
    kb = here / f"{senses}.db"
    if times > 1:
        measure(f"synthetic, {senses:,} senses", "import", "tsv", here / "senses.tsv", times=times - 1)
    rates = measure(f"synthetic, {senses:,} senses", "import", "tsv", here / "senses.tsv", kb=kb, times=1)
    lookups(kb)
    queries(kb, words)
    return rates


wordnet = need_wordnet()
with folder() as here:
    measure("WordNet", "import", "wordnet", wordnet)
    run("import", "wordnet", wordnet, "--kb", here / "kb.db", "-q")
    if shared():
        measure("HowNet, flat", "import", shared() / "lexicons" / "hownet_zh.txt")
        run("import", shared() / "lexicons" / "hownet_zh.txt", "--kb", here / "zh.db", "-q")
        lookups(here / "zh.db", only=False)
        run("import", shared() / "lexicons" / "wordnet_synset_definitions.tsv", "--kb", here / "kb.db", "-q")
    lookups(here / "kb.db", only=False)
    queries(here / "kb.db", random.Random(2).choices(["dog", "run", "blue", "quickly", "house", "set"], k=50))
    small = synthetic(here, SMALL, 2)
    large = synthetic(here, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, 1)
    print(f"rate of the large one over the small one's: {large[0] / small[0]:.2f} by wall, {large[1] / small[1]:.2f} by CPU")
