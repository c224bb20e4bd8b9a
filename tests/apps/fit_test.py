"""`sememe fit` and `sememe cut`: one fit, tables of any size, each the bytes `train` would give."""
import numpy as np

import support
from support import BAD_DATA, USAGE, refused


def main():
    rng = np.random.default_rng(4)
    with support.folder() as work:
        groups = rng.integers(0, 12, 900)
        table = (rng.normal(size=(12, 24))[groups] + 0.7 * rng.normal(size=(900, 24)) @ np.diag(0.8 ** np.arange(24))).astype("f4")
        support.write_table(work / "t.safetensors", table)
        composition = support.write_composition(work / "c", [[(int(g), 255)] for g in groups], [f"group{i}" for i in range(12)])
        inputs = ("--table", work / "t.safetensors", "--composition", composition)
        support.run("fit", *inputs, "--out", work / "fit")
        assert support.run_json("inspect", work / "fit")["metadata"]["format"] == "sememe.fit.1"
        for ratio in (4, 8, 16):
            cut = support.run_json("cut", work / "fit", "--ratio", ratio, "--out", work / "a")
            trained = support.run_json("train", *inputs, "--ratio", ratio, "--out", work / "b")
            assert (work / "a").read_bytes() == (work / "b").read_bytes(), ratio
            assert cut["file_bytes"] == (work / "a").stat().st_size == trained["file_bytes"], (cut, trained)
            print(f"{ratio}x: relative error {cut['relative_error']:.4f}, prior {cut['prior']}")

        refused("cut", work / "t.safetensors", "--ratio", 4, "--out", work / "x", code=BAD_DATA, says="t.safetensors")
        refused("cut", work / "fit", "--out", work / "x", code=USAGE)
        refused("cut", work / "fit", "--ratio", 4, "--out", work / "fit", code=USAGE, says="is the input")
        whole = (work / "fit").read_bytes()
        (work / "cut").write_bytes(whole[:-100])
        refused("cut", work / "cut", "--ratio", 4, "--out", work / "x", code=BAD_DATA, says="cut short")

        support.run("train", *inputs, "--prior", "product", "--order", 2, "--rank", 2, "--epochs", 3, "--ratio", 6, "--out", work / "p")
        error = support.run_json("verify", work / "p", "--against", work / "t.safetensors")["relative_error"]
        assert error < 0.9, error


if __name__ == "__main__":
    main()
