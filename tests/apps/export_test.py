"""`sememe export`: a dense table in npy and safetensors, equal to what independent readers see of the original."""
import numpy as np

import support
from support import BAD_DATA, CANNOT_CREATE, NO_INPUT, USAGE, refused


def main():
    rng = np.random.default_rng(2)
    with support.folder() as work:
        for tokens, dims in ((1, 1), (7, 3), (1000, 65), (5000, 300)):
            table = rng.normal(size=(tokens, dims)).astype("f4")
            source = support.write_table(work / "t.safetensors", table)
            support.run("export", source, "--to", "npy", "--out", work / "d.npy")
            assert (np.load(work / "d.npy") == table).all(), (tokens, dims)
            raw = (work / "d.npy").read_bytes()
            assert (len(raw) - table.nbytes) % 64 == 0
            for threads in (1, 2):
                support.run("export", source, "--to", "safetensors", "--out", work / "d.st", "--threads", threads)
                header, metadata, data = support.read_safetensors(work / "d.st")
                assert list(header) == ["embed_tokens.weight"] and metadata == {"format": "pt"}, header
                assert (support.tensor(work / "d.st") == table).all()
                assert ((work / "d.st").stat().st_size - len(data)) % 64 == 0
            support.run("export", work / "d.npy", "--to", "npy", "--dtype", "f16", "--out", work / "h.npy")
            assert (np.load(work / "h.npy") == table.astype("f2")).all()
            support.run("export", work / "d.npy", "--to", "safetensors", "--dtype", "bf16", "--tensor", "wte.weight", "--out",
                        work / "b.st")
            got = support.tensor(work / "b.st", "wte.weight")
            assert np.abs(got - table).max() <= np.abs(table).max() / 256

        fortran = np.asfortranarray(rng.normal(size=(33, 5)))
        np.save(work / "f.npy", fortran)
        support.run("export", work / "f.npy", "--to", "npy", "--out", work / "d.npy")
        assert (np.load(work / "d.npy") == fortran.astype("f4")).all()

        large = support.write_table(work / "large.safetensors", np.full((2, 2), 1e6, "f4"))
        refused("export", large, "--to", "npy", "--dtype", "f16", "--out", work / "x", code=BAD_DATA,
                says=["row 0, column 0", "export as F32"])
        refused("export", large, "--to", "npy", "--dtype", "bf16", "--out", work / "x", code=USAGE, says="BF16")
        refused("export", large, "--to", "npy", "--out", large, code=USAGE, says="is the input")
        refused("export", large, "--to", "pickle", "--out", work / "x", code=USAGE)
        refused("export", work / "none", "--to", "npy", "--out", work / "x", code=NO_INPUT, says="none")
        refused("export", large, "--to", "npy", "--out", work / "no" / "x", code=CANNOT_CREATE)
        assert not (work / "x").exists() and not list(work.glob("*.tmp-*"))


if __name__ == "__main__":
    main()
