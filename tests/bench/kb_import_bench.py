"""How fast lexicons are imported and asked, as processes: kb_import_bench.py [SENSES of the synthetic lexicon, 1000000].

Medians of three runs, each into a new file, wall time as the command reports it (first record to durable commit); peak
memory from wait4. The synthetic lexicon has one line per sense, 1.25 senses a lemma in random order, three sememes of 2,000
each. Queries are whole processes, 50 of them. Run it alone on the machine.
"""
import random
import statistics
import sys
import time

from support import folder, need_wordnet, run, run_json, shared


def measure(name, *arguments, times=3):
    rates, seconds, peak = [], [], 0
    for _ in range(times):
        with folder() as here:
            done = run(*arguments, "--kb", here / "kb.db", "--json")
            import json
            report = json.loads(done.stdout)
            rates.append(report["rows_per_s"])
            seconds.append(report["seconds"])
            peak = max(peak, done.peak_bytes)
    print(f"{name:<34} {report['rows']:>11,} rows {statistics.median(seconds):8.2f} s "
          f"{statistics.median(rates):>10,.0f} rows/s  peak {peak / 2**20:6.0f} MiB")
    return statistics.median(rates)


def queries(kb, words):
    times = []
    for word in words:
        start = time.perf_counter()
        run("query", word, "--kb", kb, "--json", expect=None)
        times.append((time.perf_counter() - start) * 1e3)
    print(f"query as a process: median {statistics.median(times):.1f} ms of {len(times)} (with the cost of starting it from Python)")


def write_synthetic(path, senses):
    """Returns some of its words."""
    chooser = random.Random(1)
    names = [f"unit{i}|单{i}" for i in range(2000)]
    with path.open("w", encoding="utf-8") as out:
        for i in range(senses):
            word = f"w{chooser.randrange(senses * 4 // 5):x}"
            out.write(f"{word}\ten\tn\t{' '.join(chooser.sample(names, 3))}\n")
    return [f"w{chooser.randrange(senses * 4 // 5):x}" for _ in range(50)]


wordnet = need_wordnet()
small = measure("WordNet", "import", "wordnet", wordnet)
if shared():
    measure("HowNet, flat", "import", shared() / "lexicons" / "hownet_zh.txt")
with folder() as here:
    run("import", "wordnet", wordnet, "--kb", here / "kb.db", "-q")
    queries(here / "kb.db", random.Random(2).choices(["dog", "run", "blue", "quickly", "house", "set"], k=50))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    words = write_synthetic(here / "synthetic.tsv", count)
    large = measure(f"synthetic, {count:,} senses", "import", "tsv", here / "synthetic.tsv", times=1)
    print(f"rate of the synthetic over WordNet's: {large / small:.2f}")
    run("import", "tsv", here / "synthetic.tsv", "--kb", here / "large.db", "-q")
    queries(here / "large.db", words)
