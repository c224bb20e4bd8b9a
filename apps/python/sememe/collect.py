"""Token counts and hidden-state moment of a PyTorch model, in one command.

    python3 -m sememe.collect my_model.py:load --text train.txt --out statistics/

`my_model.py` defines `load()`, which returns (model, encode, head): a torch.nn.Module called as model(ids) with ids
(batch, time) int64; a function from one line of text to a list of token ids; and the name of the sub-module whose input is
the final hidden state, as named_modules() spells it (for a transformers model: "lm_head"). The folder then holds

    counts.txt  one line a token, in table order: id TAB count     for `sememe train --counts`
    hidden.npy  (dims, dims) float64, mean of h hT                 for `sememe train --hidden`

Cost: one forward pass over the text; memory of one (dims, dims) float64 matrix beside the model.
"""
import argparse
import importlib.util
import os
import pathlib
import sys
from dataclasses import dataclass

import numpy as np


@dataclass
class Statistics:
    """What was measured. `counts` (tokens,) int64; `moment` (dims, dims) float64; `states`: hidden states summed over."""

    counts: np.ndarray
    moment: np.ndarray
    states: int


def collect(model, sequences, head, tokens, *, batch=8, length=512, most_states=None, on_batch=None):
    """Counts the tokens of `sequences` and averages h hT over the inputs of the sub-module named `head`.

    sequences    iterable of lists of token ids; joined and cut into rows of `length` ids
    tokens       rows of the table
    most_states  stop measuring the moment after so many hidden states (counting goes on); None: all of them
    on_batch     called with (ids counted so far, states so far) after each batch
    Raises ValueError if an id is outside the table, no text came, or `head` is not in the model.
    """
    import torch

    modules = dict(model.named_modules())
    if head not in modules:
        raise ValueError(f"no sub-module '{head}' in the model; there are: {', '.join(n for n in modules if n)[:400]}")
    counts = np.zeros(tokens, np.int64)
    total = {"moment": None, "states": 0}

    def observe(_, inputs):
        if most_states is not None and total["states"] >= most_states:
            return
        hidden = inputs[0].detach().reshape(-1, inputs[0].shape[-1]).double()
        if most_states is not None:
            hidden = hidden[: most_states - total["states"]]
        gram = hidden.T @ hidden
        total["moment"] = gram if total["moment"] is None else total["moment"] + gram
        total["states"] += len(hidden)

    device = next((p.device for p in model.parameters()), torch.device("cpu"))
    handle = modules[head].register_forward_pre_hook(observe)
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for rows in _batches(sequences, batch, length):
                flat = np.concatenate(rows)
                if flat.min() < 0 or flat.max() >= tokens:
                    raise ValueError(f"token id {int(flat.max())} is outside a table of {tokens} rows")
                counts += np.bincount(flat, minlength=tokens)
                if most_states is None or total["states"] < most_states:
                    for same in _by_length(rows):
                        model(torch.as_tensor(np.stack(same), device=device))
                if on_batch:
                    on_batch(int(counts.sum()), total["states"])
    finally:
        handle.remove()
        model.train(was_training)
    if total["states"] == 0:
        raise ValueError(f"nothing measured: no text, or sub-module '{head}' was never called")
    return Statistics(counts, (total["moment"] / total["states"]).cpu().numpy(), total["states"])


def _batches(sequences, batch, length):
    """Lists of up to `batch` int64 rows of `length` ids; the last row may be shorter."""
    rows, row = [], []
    for sequence in sequences:
        row.extend(sequence)
        while len(row) >= length:
            rows.append(np.array(row[:length], np.int64))
            del row[:length]
            if len(rows) == batch:
                yield rows
                rows = []
    if row:
        rows.append(np.array(row, np.int64))
    if rows:
        yield rows


def _by_length(rows):
    """Rows grouped so that each group stacks; only a last short row stands alone."""
    full = [r for r in rows if len(r) == len(rows[0])]
    short = [r for r in rows if len(r) != len(rows[0])]
    return [group for group in (full, short) if group]


def write(statistics, folder):
    """Writes counts.txt and hidden.npy into `folder`; each appears complete or not at all."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{i}\t{c}\n" for i, c in enumerate(statistics.counts))
    _replace(folder / "counts.txt", lambda file: file.write(text.encode()))
    _replace(folder / "hidden.npy", lambda file: np.save(file, statistics.moment))


def _replace(path, fill):
    temporary = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            fill(file)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _load(spec):
    """The result of FILE.py:FUNCTION()."""
    file, _, name = spec.rpartition(":")
    if not file or not pathlib.Path(file).is_file():
        raise SystemExit(f"collect: '{spec}': expected FILE.py:FUNCTION with a FILE.py that exists")
    module_spec = importlib.util.spec_from_file_location("sememe_user_model", file)
    module = importlib.util.module_from_spec(module_spec)
    sys.path.insert(0, str(pathlib.Path(file).resolve().parent))
    module_spec.loader.exec_module(module)
    if not hasattr(module, name):
        raise SystemExit(f"collect: {file} has no function '{name}'")
    return getattr(module, name)()


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python3 -m sememe.collect", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="FILE.py:FUNCTION that returns (model, encode, head)")
    parser.add_argument("--text", required=True, type=pathlib.Path, help="UTF-8 text, one sequence a line")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for counts.txt and hidden.npy")
    parser.add_argument("--tokens", type=int, help="rows of the table (default: rows of the head's weight)")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--length", type=int, default=512, help="ids per row; at most the model's context")
    parser.add_argument("--most-states", type=int, default=200_000, help="hidden states to average over (default 200000)")
    options = parser.parse_args(arguments)
    if not options.text.is_file():
        print(f"collect: {options.text}: no such file", file=sys.stderr)
        return 66
    model, encode, head = _load(options.model)
    tokens = options.tokens or dict(model.named_modules())[head].weight.shape[0]
    progress = None
    if sys.stderr.isatty():
        def progress(counted, states):
            print(f"\r\x1b[K{counted:,} ids counted, {states:,} states", end="", file=sys.stderr, flush=True)
    with open(options.text, encoding="utf-8") as lines:
        statistics = collect(model, (encode(line.rstrip("\n")) for line in lines), head, tokens, batch=options.batch,
                             length=options.length, most_states=options.most_states, on_batch=progress)
    write(statistics, options.out)
    print(f"{int(statistics.counts.sum())} ids, {int((statistics.counts > 0).sum())} of {tokens} tokens seen, "
          f"{statistics.states} states -> {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
