"""Writes the corpus of our own tables, one of each kind, small: run it again when their format changes.

    SEMEME=build/release/sememe PYTHONPATH=tests /usr/bin/python3 tests/fuzz/own_tables.py
"""
import pathlib

import numpy as np

import support

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus" / "own_table"
PACKED, FLOATS = ["--max-error", 0.01], ["--ratio", 1.5, "--residual"]
PRODUCT = ["--prior", "product", "--order", 2, "--rank", 1, "--epochs", 5]
# name: (tokens, options, tensors the file must have among others)
KINDS = {
    "packed": (37, ["--prior", "none", *PACKED], "residual.code"),
    "packed_one_row": (1, ["--prior", "none", *PACKED], "residual.code"),
    "packed_additive": (200, ["--prior", "additive", *PACKED], "prior.leaves residual.code"),
    "packed_product": (200, [*PRODUCT, *PACKED], "prior.slot.1.leaves residual.code"),
    "additive_low_rank": (60, ["--prior", "additive", *FLOATS, "low-rank"], "prior.leaves residual.left"),
    "low_rank": (60, ["--prior", "none", *FLOATS, "low-rank", "--precision", "f16"], "residual.left"),
    "product": (60, [*PRODUCT, *FLOATS, "none"], "prior.slot.1.leaves"),
}


def main():
    rng = np.random.default_rng(3)
    CORPUS.mkdir(exist_ok=True)
    with support.folder() as work:
        for name, (tokens, options, tensors) in KINDS.items():
            first, second = rng.integers(0, 12, (2, tokens))
            if "product" in options:
                table = np.einsum("ti,tj->tij", rng.normal(size=(12, 4))[first], rng.normal(size=(12, 4))[second])
            else:
                table = rng.normal(size=(12, 16))[first]
            table = table.reshape(tokens, 16) + 0.02 * rng.normal(size=(tokens, 16))
            support.write_table(work / "t.safetensors", table)
            slots = [[[(int(group), 255)] for group in groups] for groups in (first, second)]
            more = slots[1:] if "product" in options else []
            composition = support.write_composition(work / "c", slots[0], [f"g{i}" for i in range(12)], *more)
            support.run("train", "--table", work / "t.safetensors", "--composition", composition, *options, "--out", CORPUS / name)
            assert set(tensors.split()) <= set(support.read_safetensors(CORPUS / name)[0]), f"{name} is not what it should be"
            print(f"{(CORPUS / name).stat().st_size:6} {name}")


if __name__ == "__main__":
    main()
