"""Our own table files with a bit turned over or the end cut off: reading them ends in an answer or in the documented
refusal, never in a crash, and never in a number that is not finite.
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
                                   memory_bytes=160 * 2**20, timeout=20)
                outcomes[kind, done.returncode] = outcomes.get((kind, done.returncode), 0) + 1
                assert done.returncode in (support.OK, support.USAGE, support.BAD_DATA), (prior, kind, at, done.returncode, done.stderr)
                assert kind == "bit" or done.returncode != support.OK, (prior, at)
                if done.returncode == support.OK:
                    assert np.isfinite(np.load(work / "d.npy")).all(), (prior, kind, at)
        print(f"{sum(outcomes.values())} damaged tables, by kind and exit code: {outcomes}")


if __name__ == "__main__":
    main()
