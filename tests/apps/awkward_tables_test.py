"""Awkward tables through `sememe train`: a sensible table or a refusal that says why, and the same bytes for any threads."""
import numpy as np

import support
from support import BAD_DATA, USAGE, refused


def main():
    rng = np.random.default_rng(10)
    plain = rng.normal(size=(300, 12)).astype("f4")

    def changed(change):
        table = plain.copy()
        change(table)
        return table

    def outlier(table):
        table[7] *= 1e6

    def zero_rows(table):
        table[::3] = 0

    def constant_columns(table):
        table[:, 2:9] = 4.5

    def duplicates(table):
        table[150:] = table[:150]

    tables = {
        "one token": plain[:1], "one dim": plain[:, :1], "one number": plain[:1, :1], "fewer tokens than dims": plain[:5],
        "zero rows": changed(zero_rows), "constant columns": changed(constant_columns), "duplicate rows": changed(duplicates),
        "a row a million times longer": changed(outlier), "all zero": np.zeros_like(plain), "all equal": np.full_like(plain, -2),
        "tiny": plain * np.float32(1e-25), "huge": plain * np.float32(1e30),
    }
    with support.folder() as work:
        for name, table in tables.items():
            tokens, dims = table.shape
            support.write_table(work / "t.safetensors", table)
            composition = support.write_composition(work / "c", [[(t % 9, 255)] if t % 4 else [] for t in range(tokens)],
                                                    [f"atom{i}" for i in range(9)])
            reports = []
            for threads in (1, 2, 8):
                reports.append(support.run_json("train", "--table", work / "t.safetensors", "--composition", composition,
                                                "--max-error", 0.01, "--threads", threads, "--out", work / f"out{threads}"))
                assert (work / f"out{threads}").read_bytes() == (work / "out1").read_bytes(), (name, threads)
            support.run("export", work / "out1", "--to", "npy", "--out", work / "dense.npy")
            got = np.load(work / "dense.npy").astype("f8")
            assert got.shape == table.shape and np.isfinite(got).all(), name
            spread = ((table - table.astype("f8").mean(0)) ** 2).sum()
            error = ((got - table) ** 2).sum() / spread if spread > 0 else np.abs(got - table).max() / max(1, np.abs(table).max())
            assert error <= (0.01 if spread > 0 else 1e-3), (name, error, reports[0])
            if tokens > 5:
                for options in (("--prior", "product", "--order", 2, "--residual", "none", "--bytes", 4000, "--epochs", 2),
                                ("--prior", "additive", "--residual", "low-rank", "--bytes", 6000)):
                    report = support.run_json("train", "--table", work / "t.safetensors", "--composition", composition, *options,
                                              "--out", work / "floats")
                    assert np.isfinite(report["relative_error"]), (name, report)
                    assert report["file_bytes"] == (work / "floats").stat().st_size, (name, report)
        print(f"{len(tables)} awkward tables packed within their error, the same with 1, 2 and 8 threads")

        for value, word in ((np.nan, "NaN"), (np.inf, "Inf"), (-np.inf, "-Inf")):
            bad = plain.copy()
            bad[3, 4] = value
            support.write_table(work / "bad.safetensors", bad)
            refused("train", "--table", work / "bad.safetensors", "--ratio", 4, "--out", work / "x", code=BAD_DATA,
                    says=["row 3, column 4", word, "--nonfinite"])
            assert not (work / "x").exists()
            support.run("train", "--table", work / "bad.safetensors", "--ratio", 2, "--nonfinite", "zero", "--out", work / "x")
            (work / "x").unlink()
        support.write_table(work / "none.safetensors", plain[:0])
        refused("train", "--table", work / "none.safetensors", "--ratio", 4, "--out", work / "x", code=USAGE, says="(0, 12)")


if __name__ == "__main__":
    main()
