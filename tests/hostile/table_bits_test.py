"""Our own table files with a bit turned over or the end cut off: every one is refused as documented, without a crash, whatever
they hold; floats changed on purpose are read once the file says so.
"""
import random

import numpy as np

import support


def main():
    rng = np.random.default_rng(5)
    chance = random.Random(5)
    with support.folder() as work:
        groups = rng.integers(0, 9, 400)
        table = (rng.normal(size=(9, 16))[groups] + 0.5 * rng.normal(size=(400, 16))).astype("f4")
        support.write_table(work / "t.safetensors", table)
        composition = support.write_composition(work / "c", [[(int(g), 255)] for g in groups], [f"g{i}" for i in range(9)])
        outcomes = {}
        for prior, *options in (("none",), ("additive",), ("product", "--residual", "none", "--order", 2, "--rank", 1, "--epochs", 1),
                                ("none", "--residual", "low-rank"), ("additive", "--residual", "low-rank", "--precision", "f16")):
            support.run("train", "--table", work / "t.safetensors", "--composition", composition, "--prior", prior, "--ratio", 5,
                        *options, "--out", work / "whole")
            whole = (work / "whole").read_bytes()
            tries = [("bit", 8 * at + chance.randrange(8)) for at in range(0, min(len(whole), 2048), 16)]
            tries += [("bit", chance.randrange(8 * len(whole))) for _ in range(100)]
            tries += [("cut", at) for at in range(0, len(whole), max(1, len(whole) // 50))]
            for kind, at in tries:
                data = bytearray(whole)
                if kind == "bit":
                    data[at // 8] ^= 1 << at % 8
                else:
                    del data[at:]
                (work / "bad").write_bytes(data)
                done = support.run("export", work / "bad", "--to", "npy", "--out", work / "d.npy", expect=None,
                                   memory_bytes=160 * 2**20)
                outcomes[kind, done.returncode] = outcomes.get((kind, done.returncode), 0) + 1
                assert done.returncode in (support.USAGE, support.BAD_DATA), (prior, kind, at, done.returncode, done.stderr)
                assert str(work / "bad") in done.stderr, (prior, kind, at, done.stderr)
            if "--residual" not in options:
                continue
            header, metadata, data = support.read_safetensors(work / "whole")
            assert len(metadata["checksum"]) == 16, metadata
            changed = bytearray(data)
            changed[-1] ^= 1
            for told, code in ((metadata["checksum"], support.BAD_DATA), ("none", support.OK)):
                tensors = {name: (entry["dtype"], entry["shape"], bytes(changed[slice(*entry["data_offsets"])]))
                           for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"])}
                (work / "changed").write_bytes(support.safetensors_bytes(tensors, dict(metadata, checksum=told)))
                done = support.run("export", work / "changed", "--to", "npy", "--out", work / "d.npy", expect=code)
                assert code == support.OK or "damaged" in done.stderr, done.stderr
                if prior != "none":
                    (work / "w").write_text("word\n")
                    done = support.run("extend", work / "changed", "--composition", composition, "--kb", work / "kb", "--words",
                                       work / "w", "--out", work / "x", expect=None)
                    assert ("damaged" in done.stderr) == (code != support.OK), done.stderr
        print(f"{sum(outcomes.values())} damaged tables, by kind and exit code: {outcomes}")


if __name__ == "__main__":
    main()
