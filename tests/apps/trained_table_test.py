"""Tables of floats alone (`--residual none` and `low-rank`): sizes met from above within 1 %, parameters as the formula says,
rows equal to numpy's from the stored tensors, `cut` equal to `train`, the shuffled control beside.
"""
import numpy as np

import support
from support import USAGE, refused


TOKENS = 2000


def made_inputs(work):
    """A table whose rows are sums of two kinds of atoms, and the composition that says which."""
    rng = np.random.default_rng(8)
    first, second = rng.integers(0, 100, TOKENS), rng.integers(0, 67, TOKENS)
    table = rng.normal(size=(100, 30))[first] + 0.7 * rng.normal(size=(67, 30))[second] + 0.3 * rng.normal(size=(TOKENS, 30))
    support.write_table(work / "t.safetensors", table.astype("f4"))
    rows = [[(int(a), 128), (int(100 + b), 127)] for a, b in zip(first, second)]
    support.write_composition(work / "c", rows, [f"atom{i}" for i in range(167)])
    return table.astype("f4"), ("--table", work / "t.safetensors", "--composition", work / "c")


def dense(work, name):
    support.run("export", work / name, "--to", "npy", "--out", work / "dense.npy")
    return np.load(work / "dense.npy")


def stored(work, name):
    """{tensor: float array} of a file, int8 scaled back."""
    header, metadata, _ = support.read_safetensors(work / name)
    values = {key: support.tensor(work / name, key) for key in header}
    for key in header:
        if key + ".scale" in header:
            values[key] = values[key] * values[key + ".scale"]
    return values, metadata


def check_pair(work, table, inputs):
    """A low-rank pair alone is numpy's truncated SVD, and its rows are left @ right + mean."""
    report = support.run_json("train", *inputs, "--prior", "none", "--residual", "low-rank", "--ratio", 6, "--precision", "f32",
                              "--out", work / "pair")
    assert 6 <= table.size * 4 / (work / "pair").stat().st_size < 6.06, report
    values, metadata = stored(work, "pair")
    assert metadata["residual"] == "low-rank", metadata
    left, right, mean = values["residual.left"], values["residual.right"], values["residual.mean"]
    reach = len(values.get("residual.more", ()))
    rank = left.shape[1]
    rebuilt = left @ right[:, :rank].T + mean
    if reach:
        rebuilt[:reach] += values["residual.more"] @ right[:, rank:].T
    assert np.abs(dense(work, "pair") - rebuilt).max() < 1e-4
    assert report["parameters"] == sum(v.size for v in values.values()), report
    u, s, v = np.linalg.svd(table - table.mean(0), full_matrices=False)
    best = support.relative_error((u * s)[:, :rank] @ v[:rank] + table.mean(0), table)
    if not reach:
        assert abs(report["relative_error"] - best) < 1e-4, (report, best)
    assert report["relative_error"] <= best + 1e-4, (report, best)


def check_product(work, table, inputs):
    """SEE as published: each row is the sum of Kronecker products of its atoms' leaves, computed here from the file."""
    report = support.run_json("train", *inputs, "--prior", "product", "--order", 2, "--residual", "none",
                              "--parameter-ratio", 10, "--precision", "f32", "--epochs", 2, "--out", work / "see")
    values, metadata = stored(work, "see")
    assert metadata["residual"] == "none" and metadata["prior"] == "product", metadata
    floats = [v for key, v in values.items() if key.endswith((".leaves", ".bias"))]
    assert report["parameters"] == sum(v.size for v in floats), report
    assert eval(report["formula"]) == report["parameters"], report
    assert 10 <= table.size / report["parameters"] < 10.1, report
    got = dense(work, "see")
    assert abs(support.relative_error(got, table) - report["relative_error"]) < 1e-5, report
    bias, rank = values["prior.bias"], int(metadata["prior.rank"])
    sizes = [int(metadata[f"prior.slot.{j}.leaf"]) for j in range(2)]
    # Without the packed composition, that every row is such a sum shows in its rank as a matrix.
    for row in got[:50]:
        square = np.zeros(sizes[0] * sizes[1])
        square[:30] = row - bias
        assert np.linalg.matrix_rank(square.reshape(sizes)[:, : 30 // sizes[0]], tol=1e-4) <= rank


def main():
    with support.folder() as work:
        table, inputs = made_inputs(work)
        check_pair(work, table, inputs)
        check_product(work, table, inputs)

        support.run("fit", *inputs, "--out", work / "fit")
        errors = {}
        for name, options in {
            "additive": ("--prior", "additive", "--residual", "none", "--ratio", 30),
            "product": ("--prior", "product", "--order", 2, "--rank", 4, "--residual", "none", "--ratio", 20, "--epochs", 3),
            "third": ("--prior", "product", "--order", 3, "--rank", 8, "--max-atoms", 2, "--residual", "none", "--bytes", 12000, "--epochs", 1),
            "additive-low": ("--prior", "additive", "--residual", "low-rank", "--ratio", 6),
            "product-low": ("--prior", "product", "--order", 2, "--rank", 2, "--residual", "low-rank", "--ratio", 6, "--epochs", 3),
        }.items():
            report = support.run_json("train", *inputs, *options, "--out", work / name, "--threads", 1)
            size = (work / name).stat().st_size
            errors[name] = report["relative_error"]
            assert report["file_bytes"] == size, (report, size)
            asked = options[options.index("--ratio") + 1] if "--ratio" in options else table.size * 4 / 12000
            assert asked <= table.size * 4 / size < 1.01 * asked, (name, table.size * 4 / size)
            assert eval(report["formula"]) == report["parameters"], report
            assert abs(support.relative_error(dense(work, name), table) - report["relative_error"]) < 1e-5, (name, report)
            assert support.run_json("verify", work / name, "--against", work / "t.safetensors")["rows"] == TOKENS
            assert support.run_json("inspect", work / name)["kind"] == "table"
            if name in ("additive", "third"):
                support.run("cut", work / "fit", *options, "--out", work / "again", "--threads", 2)
                assert (work / "again").read_bytes() == (work / name).read_bytes(), name
            print(f"{name}: {report['form']}, ratio {report['ratio']:.2f}, relative error {report['relative_error']:.4f}")
        assert errors["additive"] < 0.3 and errors["additive-low"] < errors["additive"], errors

        report = support.run_json("train", *inputs, "--prior", "additive", "--residual", "none", "--ratio", 20, "--control",
                                  "--out", work / "control")
        assert report["control"]["relative_error"] > 0.85 > report["relative_error"], report
        assert report["held_out"]["explained"] > 0.5 and report["held_out"]["shuffled"] < 0.05, report
        report = support.run_json("train", *inputs, "--ratio", 20, "--control", "--out", work / "control")
        tried = {entry["prior"]: entry["relative_error"] for entry in report["tried"]}
        assert tried["none"] >= report["relative_error"] and report["control"]["relative_error"] >= tried["additive"], report

        for options, says in {
            ("--prior", "none", "--residual", "none", "--ratio", 10): "is nothing",
            ("--prior", "product", "--residual", "none", "--bytes", 300): "smallest",
            ("--prior", "product", "--residual", "none", "--max-error", 0.1): "--residual packed",
            ("--parameters", 1000): "--residual none",
        }.items():
            refused("train", *inputs, *options, "--out", work / "x", code=USAGE, says=says)
        refused("train", "--table", work / "t.safetensors", "--ratio", 9, "--control", "--out", work / "x", code=USAGE,
                says="composition")


if __name__ == "__main__":
    main()
