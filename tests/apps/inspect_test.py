"""`sememe inspect`: what a file is, from its header alone."""
import sqlite3

import numpy as np

import support
from support import BAD_DATA, INPUT_OUTPUT, NO_INPUT, refused


def main():
    with support.folder() as work:
        table = support.write_table(work / "t.safetensors", np.zeros((3, 2), "f4"))
        found = support.run_json("inspect", table)
        assert found["kind"] == "safetensors" and found["file_bytes"] == table.stat().st_size, found
        assert found["tensors"] == [{"name": "embed_tokens.weight", "dtype": "F32", "shape": [3, 2]}], found
        assert "embed_tokens.weight" in support.run("inspect", table).stdout

        composition = support.sample_composition(work / "c")
        found = support.run_json("inspect", composition)
        assert found["kind"] == "composition" and found["metadata"]["format"] == "sememe.composition.1", found

        support.write_table(work / "dense", np.random.default_rng(1).normal(size=(200, 8)))
        support.run("train", "--table", work / "dense", "--ratio", 4, "--out", work / "table")
        found = support.run_json("inspect", work / "table")
        assert found["kind"] == "table" and found["metadata"]["format"] == "sememe.table.1", found
        assert found["file_bytes"] == (work / "table").stat().st_size

        np.save(work / "a.npy", np.zeros((4, 5, 6), "f8"))
        found = support.run_json("inspect", work / "a.npy")
        assert found["kind"] == "npy" and found["tensors"][0]["shape"] == [4, 5, 6], found

        for dtype in ("BOOL", "F8_E4M3"):
            (work / "odd").write_bytes(support.safetensors_bytes({"x": (dtype, [3], b"123")}))
            assert support.run_json("inspect", work / "odd")["tensors"][0]["dtype"] == dtype

        with sqlite3.connect(work / "other.db") as other:
            other.execute("CREATE TABLE t (x)")
        refused("inspect", work / "other.db", code=BAD_DATA, says="other.db")
        (work / "text").write_text("hello, this is no tensor file at all")
        refused("inspect", work / "text", code=BAD_DATA, says="text")
        (work / "empty").write_bytes(b"")
        refused("inspect", work / "empty", code=BAD_DATA)
        refused("inspect", work / "none", code=NO_INPUT, says="none")
        refused("inspect", work, code=INPUT_OUTPUT)


if __name__ == "__main__":
    main()
