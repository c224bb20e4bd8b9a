"""What packed tables cost in quality: reconstruction against rivals at equal bytes, and perplexity and BLEU of two real models.

    SEMEME=build/release/sememe /usr/bin/python3 tests/bench/encoder_quality.py [--error] [--task valid|test] [--ratios 10 20] [--model translator]

--error  unweighted relative error of each table against the best of SVD-int8, product quantisation and per-row integers at
         the bytes of our file; limits 0.3, 0.5, 0.6, 0.75 at 10x, 20x, 40x, 80x.
--task   the models' own scripts on the rebuilt tables, both sides of the tie, no fine-tuning; token weights counts^0.5 and, for
         the language model, the hidden metric. Needs the shared data folder and Debian's python3-torch.
Exit status 1 if a limit is missed. Method: every size is the size of the file on disk.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

import baselines

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("SEMEME_SHARED", ROOT.parent / "shared" / "data"))
SEMEME = os.environ.get("SEMEME", str(ROOT / "build" / "release" / "sememe"))
LIMITS = {10: 0.3, 20: 0.5, 40: 0.6, 80: 0.75}
MODELS = SHARED / "models"
TASKS = {
    "gloss-lm": dict(table=MODELS / "gloss-lm" / "model.safetensors", tensor="embed_tokens.weight", script="score_gloss_lm.py",
                     arguments=["--counts", MODELS / "gloss-lm" / "counts.txt", "--hidden", MODELS / "gloss-lm" / "hidden_moment.npy"],
                     word="perplexity", limits={10: 94.5, 20: 106, 40: 150, 80: 300}, lower=True),
    "translator": dict(table=MODELS / "translator" / "model.safetensors", tensor="decoder.embed_tokens.weight",
                       script="score_translator.py", arguments=["--counts", MODELS / "translator" / "counts.en.txt"],
                       word="BLEU", limits={10: 34.4, 20: 34.4, 40: 34.2, 80: 33.5}, lower=False),
}


def run(*command):
    """Standard output of a command that must succeed."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nexit {done.returncode}\n{done.stderr}")
    return done.stdout


def cut(table, tensor, ratio, folder, *arguments):
    """(report, dense table) of one packed file."""
    packed, dense = folder / "table.safetensors", folder / "dense.npy"
    report = json.loads(run(SEMEME, "train", "--table", f"{table}:{tensor}", "--ratio", ratio, "--out", packed, "--prior", "none", "--json", "-q", *arguments))
    run(SEMEME, "export", packed, "--to", "npy", "--out", dense, "-q")
    assert packed.stat().st_size == report["file_bytes"]
    return report, np.load(dense)


def read_table(path, tensor, folder):
    out = folder / "target.npy"
    run(SEMEME, "export", f"{path}:{tensor}", "--to", "npy", "--out", out, "-q")
    return np.load(out)


def errors(ratios):
    """Prints one line a table and ratio; returns how many limits were missed."""
    tables = {"sample": (ROOT / "data" / "samples" / "embed_tokens.safetensors", "embed_tokens.weight")}
    if MODELS.is_dir():
        tables["translator decoder"] = (TASKS["translator"]["table"], "decoder.embed_tokens.weight")
        tables["translator encoder"] = (TASKS["translator"]["table"], "encoder.embed_tokens.weight")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, (path, tensor) in tables.items():
            target = read_table(path, tensor, folder)
            for ratio in ratios:
                report, dense = cut(path, tensor, ratio, folder)
                ours = baselines.relative_error(target, dense)
                rivals = [r for r in (f(target, report["file_bytes"]) for f in baselines.ALL) if r]
                best = min(rivals, key=lambda r: baselines.relative_error(target, r[1]))
                rival = baselines.relative_error(target, best[1])
                held = ours <= LIMITS[ratio] * rival
                missed += not held
                print(f"{name:20} {ratio:3}x {report['file_bytes']:8} B  ours {ours:.4f}  {best[0]:22} {rival:.4f}  "
                      f"quotient {ours / rival:.3f} (limit {LIMITS[ratio]}) {'ok' if held else 'MISSED'}", flush=True)
    return missed


def tasks(split, ratios, models):
    """Prints one line a model and ratio; returns how many limits were missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in models:
            task = TASKS[name]
            for ratio in ratios:
                report, _ = cut(task["table"], task["tensor"], ratio, folder, *task["arguments"])
                said = run("/usr/bin/python3", MODELS / task["script"], "--split", split, "--table", folder / "dense.npy")
                value = float(re.search(task["word"] + r" ([0-9.]+)", said).group(1))
                limit = task["limits"][ratio]
                held = value <= limit if task["lower"] else value >= limit
                missed += not held and split == "test"
                print(f"{name:12} {split} {ratio:3}x {report['file_bytes']:8} B  {task['word']} {value:.3f} (limit on test {limit}) "
                      f"error {report['relative_error']:.4f}  {'ok' if held else 'MISSED'}   {said.strip()}", flush=True)
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--error", action="store_true")
    parser.add_argument("--task", choices=["valid", "test"])
    parser.add_argument("--ratios", type=int, nargs="+", default=[10, 20, 40, 80], choices=list(LIMITS))
    parser.add_argument("--model", nargs="+", default=list(TASKS), choices=list(TASKS))
    options = parser.parse_args()
    missed = 0
    if options.error or not options.task:
        missed += errors(options.ratios)
    if options.task:
        missed += tasks(options.task, options.ratios, options.model)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
