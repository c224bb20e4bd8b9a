"""Whether two builds of the command write the same bytes: the proof that a change of structure changed nothing.

    SEMEME=old/sememe /usr/bin/python3 tests/bench/digests.py --out digests.json [--quick]
    SEMEME=new/sememe /usr/bin/python3 tests/bench/digests.py --against digests.json [--quick]

Runs every verb that writes a table, fit, composition or dump on the shipped sample and WordNet (Debian's wordnet-base): dumps in
both forms, compositions of several kinds, every prior form and residual at 10x, 40x and 80x, with and without counts and hidden
states, on one thread and on two, cuts of a fit, extensions, exports, and what verify prints; priors on tables made so that they pay. One line a case: its name and the
first 16 hex digits of the SHA-256 of all it wrote. Exit status 1 if a digest differs or a case is missing, naming it.
About 25 minutes of CPU; --quick takes the cases at 40x on two threads alone. --only TEXT runs the cases whose names hold TEXT.
"""
import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import support  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
SEMEME = os.environ.get("SEMEME", str(ROOT / "build" / "release" / "sememe"))
COUNTS = ["--counts", SAMPLES / "counts.txt"]
HIDDEN = ["--hidden", SAMPLES / "hidden_moment.npy"]
WORDS = ["dog", "doghouse", "greenish", "telephoned", "quux", "unbelievably", "Paris"]


def run(*arguments):
    """Standard output of the command, which must succeed."""
    done = subprocess.run([SEMEME, *map(str, arguments)], capture_output=True)
    if done.returncode:
        sys.exit(f"{SEMEME} {' '.join(map(str, arguments))}\nexit {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return done.stdout


class Cases:
    """Names and digests of what was run, in order."""

    def __init__(self, work, only, quick):
        self.work, self.only, self.quick, self.found = work, only, quick, {}

    def wants(self, name):
        return self.only in name

    def add(self, name, *parts):
        """@param parts  bytes, or paths of files"""
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part if isinstance(part, bytes) else pathlib.Path(part).read_bytes())
        self.found[name] = digest.hexdigest()[:16]
        print(f"{self.found[name]}  {name}", flush=True)

    def file(self, name, *arguments):
        """A case that writes one file with --out."""
        if not self.wants(name):
            return
        out = self.work / "out"
        out.unlink(missing_ok=True)
        run(*arguments, "--out", out, "-q")
        self.add(name, out)


def knowledge(cases, kb):
    """Dumps, answers and compositions."""
    vocab = SAMPLES / "tokenizer.model"
    if cases.wants("dump"):
        for form in ("jsonl", "tsv", "graphml", "dot", "lmf"):
            source = ["--source", "wordnet"] if form == "lmf" else []
            cases.add(f"dump {form}", run("dump", "--as", form, *source, "--kb", kb, "-q"))
    for name, arguments in {
            "query": ["query", "dog", "--json"], "lemmatised": ["query", "geese", "--lemmatised", "--json"],
            "taxonomy": ["sememes", "dog", "--json"]}.items():
        if cases.wants(f"answer {name}"):
            cases.add(f"answer {name}", run(*arguments, "--kb", kb))
    corpus = cases.work / "corpus.txt"
    corpus.write_text("The dogs ran to the bank of the river.\nMoney lies in a bank.\n" * 200)
    slots = cases.work / "slots.txt"
    slots.write_text("slot main | type | surface\nslot further | surface\nslot morpheme grammar=0.5 | surface\n")
    for name, extra in {
            "plain": [], "counts": COUNTS, "corpus": ["--corpus", corpus], "slots": ["--slots", slots],
            "learnt": ["--learn-morphemes"], "predicted": ["--predict", SAMPLES / "embed_tokens.safetensors"],
            "routes": ["--routes", "exact,lemma"], "one thread": ["--threads", 1]}.items():
        cases.file(f"compose {name}", "compose", "--vocab", vocab, "--kb", kb, *extra)
    composition = cases.work / "tokens.sememes"
    run("compose", "--vocab", vocab, "--kb", kb, *COUNTS, "--out", composition, "-q")
    if cases.wants("explain"):
        cases.add("explain", run("explain", "▁dog", "▁green", "--vocab", vocab, "--kb", kb, "--json"))
    return composition


def made_table(work):
    """A (2000, 30) table whose rows are sums and products of atoms, so that priors pay in packed files too, its composition in two
    slots, counts and hidden states: (arguments of none, arguments of priors, arguments of weights)."""
    rng = np.random.default_rng(8)
    first, second = rng.integers(0, 40, 2000), rng.integers(0, 30, 2000)
    sums = rng.normal(size=(40, 30))[first] + 0.7 * rng.normal(size=(30, 30))[second]
    products = np.einsum("ti,tj->tij", rng.normal(size=(40, 6))[first], rng.normal(size=(30, 5))[second]).reshape(2000, 30)
    for name, rows in (("sums", sums), ("products", products)):
        support.write_table(work / f"{name}.safetensors", (rows + 0.1 * rng.normal(size=rows.shape)).astype("f4"))
    slots = [[[(int(a), 255)] for a in first], [[(int(40 + b), 255)] for b in second]]
    support.write_composition(work / "two.sememes", slots[0], [f"atom{i}" for i in range(70)], slots[1])
    (work / "made-counts.txt").write_text("".join(f"t{i}\t{int(c)}\n" for i, c in enumerate(1e4 / (1 + np.arange(2000)))))
    np.save(work / "made-hidden.npy", rng.normal(size=(500, 30)).astype("f4") * np.linspace(0.3, 2, 30, dtype="f4"))


def tables(cases, composition, kb):
    """Packed tables and tables of floats, of every form."""
    work, table = cases.work, SAMPLES / "embed_tokens.safetensors"
    made_table(work)
    weights = ["--counts", work / "made-counts.txt", "--hidden", work / "made-hidden.npy"]
    sums = ["--table", work / "sums.safetensors", "--composition", work / "two.sememes"]
    products = ["--table", work / "products.safetensors", "--composition", work / "two.sememes"]
    see = ["--prior", "product", "--epochs", 3]
    made = {
        "none": [*sums, "--prior", "none"], "weighted": [*sums, "--prior", "none", *weights],
        "additive": [*sums, "--prior", "additive"], "additive weighted": [*sums, "--prior", "additive", *weights],
        "product": [*products, *see, "--order", 2, "--rank", 2], "product 3": [*products, *see, "--order", 3],
        "product weighted": [*products, *see, *weights], "auto": [*products, *weights],
        "floats low-rank": [*sums, "--prior", "none", "--residual", "low-rank"],
        "floats additive": [*sums, "--prior", "additive", "--residual", "low-rank", "--precision", "f16"],
        "floats order 1": [*sums, *see, "--order", 1, "--residual", "none"],
        "floats product": [*products, *see, "--residual", "none"],
        "floats product 3": [*products, *see, "--order", 3, "--residual", "low-rank", "--free", 1, *weights],
    }
    sample = {"none": ["--table", table, "--prior", "none"], "weighted": ["--table", table, "--prior", "none", *COUNTS, *HIDDEN]}
    for threads in (2,) if cases.quick else (2, 1):
        for ratio in (40,) if cases.quick else (10, 40, 80):
            for name, arguments in sample.items():
                cases.file(f"train sample {name} {ratio}x threads {threads}", "train", *arguments, "--ratio", ratio, "--threads", threads)
        for ratio in (10, 40) if cases.quick else (5, 10, 40, 80):
            for name, arguments in made.items():
                if ratio < 80 or "floats" not in name:
                    cases.file(f"train made {name} {ratio}x threads {threads}", "train", *arguments, "--ratio", ratio, "--threads", threads)
        cases.file(f"train made error .1 threads {threads}", "train", *sums, "--max-error", 0.1, "--threads", threads)
    if not cases.quick:
        cases.file("train sample auto 40x", "train", "--table", table, "--composition", composition, "--ratio", 40)
    if cases.wants("fit"):
        for name, arguments in {"additive": [*sums, "--prior", "additive"], "product": [*products, *see, *weights]}.items():
            run("fit", *arguments, "--out", work / "fit", "-q")
            cases.add(f"fit {name}", work / "fit")
            for ratio in (10, 40):
                cases.file(f"fit {name} cut {ratio}x", "cut", work / "fit", "--ratio", ratio)
    if cases.wants("read"):
        reading(cases, table, composition, kb)


def reading(cases, table, composition, kb):
    """What is read out of a table."""
    words = cases.work / "words.txt"
    words.write_text("\n".join(WORDS) + "\n")
    for name, arguments in {
            "packed": ["--prior", "none"], "floats": ["--composition", composition, "--prior", "additive", "--residual", "low-rank"]}.items():
        packed = cases.work / "packed"
        run("train", "--table", table, *arguments, "--ratio", 30, "--out", packed, "-q")
        for form in (["--to", "npy"], ["--to", "safetensors", "--dtype", "f16"]):
            cases.file(f"read {name} export {form[1]}", "export", packed, *form)
        cases.add(f"read {name} verify", run("verify", packed, "--against", table, "--thorough", "--queries", 200, *COUNTS, *HIDDEN, "--json", "-q"))
        if name != "packed":
            cases.file(f"read {name} extend", "extend", packed, "--words", words, "--composition", composition, "--kb", kb)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, help="file to keep the digests in")
    parser.add_argument("--against", type=pathlib.Path, help="digests to be equal to")
    parser.add_argument("--only", default="", help="cases whose names hold this text")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sememe-digests-") as name:
        work = pathlib.Path(name)
        cases = Cases(work, options.only, options.quick)
        kb = work / "kb.db"
        run("import", "wordnet", "/usr/share/wordnet", "--kb", kb, "-q")
        composition = knowledge(cases, kb)
        tables(cases, composition, kb)
    if options.out:
        options.out.write_text(json.dumps(cases.found, indent=1) + "\n")
    if options.against:
        before = {name: digest for name, digest in json.loads(options.against.read_text()).items() if options.only in name}
        if options.quick:
            before = {name: before[name] for name in before if name in cases.found}
        other = [name for name in before | cases.found if before.get(name) != cases.found.get(name)]
        print(f"{len(cases.found)} cases, {len(other)} differ" + "".join(f"\n  {name}" for name in other))
        sys.exit(1 if other or not cases.found else 0)


if __name__ == "__main__":
    main()
