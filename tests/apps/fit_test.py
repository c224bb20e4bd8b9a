"""`sememe fit` and `sememe cut`: one fit, tables of any size, each the bytes `train` would give."""
import numpy as np

import support
from support import BAD_DATA, USAGE, refused


def check_product(work, rng):
    """A table that is a product of the vectors of two slots' atoms, and a little noise: the product is tried, kept, and far
    better at equal bytes than the code without it and than the shuffled control; with a budget of error it is far smaller.
    """
    tokens, atoms = 600, 12
    slots = rng.integers(0, atoms, (2, tokens))
    leaves = rng.normal(size=(2, atoms, 4))
    table = np.einsum("ta,tb->tab", leaves[0][slots[0]], leaves[1][slots[1]]).reshape(tokens, 16)
    table = (table + 0.05 * rng.normal(size=table.shape)).astype("f4")
    support.write_table(work / "p.safetensors", table)
    composition = support.write_composition(work / "pc", [[(int(a), 255)] for a in slots[0]], [f"atom{i}" for i in range(2 * atoms)],
                                            [[(int(a) + atoms, 255)] for a in slots[1]])
    inputs = ("--table", work / "p.safetensors", "--composition", composition)
    report = support.run_json("train", *inputs, "--bytes", 4800, "--control", "--threads", 1, "--out", work / "product")
    none, *_, second, third = report["tried"]
    assert none["prior"] == "none" and not none["kept"], report
    assert second["kept"] and second["form"].startswith("order 2, rank 2, leaf 4 x 4,"), report
    assert third["form"].startswith("order 3,"), report
    for entry in report["tried"]:
        assert entry["kept"] == (entry is second), report
        assert ("not_cut" in entry) != (4700 < entry["file_bytes"] <= 4800 if "file_bytes" in entry else False), entry
    assert report["prior"] == "product" and report["form"] == second["form"], report
    support.run("export", work / "product", "--to", "npy", "--out", work / "product.npy")
    error = support.relative_error(np.load(work / "product.npy"), table)
    print(f"product of two slots: relative error {error:.4f}, {none['relative_error']:.4f} without, "
          f"{second['shuffled']['relative_error']:.4f} shuffled")
    assert abs(error - second["relative_error"]) < 1e-5 and error < 0.3 * none["relative_error"], (error, report)
    assert error < 0.3 * second["shuffled"]["relative_error"], report
    assert abs(report["knowledge"]["error_saved"] - (1 - second["weighted_error"] / none["weighted_error"])) < 1e-9, report

    support.run("fit", *inputs, "--out", work / "fit")
    support.run("cut", work / "fit", "--bytes", 4800, "--threads", 2, "--out", work / "again")
    assert (work / "again").read_bytes() == (work / "product").read_bytes(), "cut gives other bytes than train"
    shaped = support.run_json("cut", work / "fit", "--bytes", 4800, "--prior", "product", "--rank", 1, "--epochs", 0, "--out", work / "shaped")
    assert shaped["form"].startswith("order 2, rank 1,"), shaped
    near = support.run_json("cut", work / "fit", "--prior", "product", "--max-error", 0.01, "--out", work / "near")
    assert near["relative_error"] <= 0.01 and near["prior"] == "product", near
    assert near["file_bytes"] < 0.8 * near["tried"][0]["file_bytes"], near
    said = support.run("cut", work / "fit", "--bytes", 1500, "--out", work / "tight").stdout
    assert "not cut" in said and "bytes before anything is coded, and 1500 are allowed" in said, said


def main():
    rng = np.random.default_rng(4)
    with support.folder() as work:
        check_product(work, rng)
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
