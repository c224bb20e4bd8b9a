"""The reader on its own: a program of twenty lines opens tables of every kind through the one door and prints rows equal to
what export writes, and links neither ICU nor SQLite nor anything else but the C++ runtime and xxHash.
"""
import os
import subprocess
import sys

import numpy as np

import support

ALLOWED = ("linux-vdso", "ld-linux", "libstdc++", "libm.so", "libgcc_s", "libc.so", "libxxhash", "libpthread", "libasan", "libubsan")


def print_row(file, token):
    done = subprocess.run([os.environ["PRINT_ROW"], str(file), str(token)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return np.array([np.float32(line) for line in done.stdout.split()], dtype="f4")


def main():
    program = os.environ.get("PRINT_ROW")
    if not program or not os.path.exists(program):
        support.skip("print_row is not built")
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    others = [line for line in linked.splitlines() if not any(name in line for name in ALLOWED)]
    assert not others, f"the reader links more than the runtime and xxHash:\n{linked}"
    with support.folder() as work:
        rng = np.random.default_rng(3)
        table = rng.normal(size=(301, 17)).astype("f4")
        support.write_table(work / "dense.safetensors", table)
        support.run("train", "--table", work / "dense.safetensors", "--ratio", 6, "--out", work / "packed")
        support.run("train", "--table", work / "dense.safetensors", "--prior", "none", "--residual", "low-rank", "--ratio", 4, "--out", work / "floats")
        for name in ("dense.safetensors", "packed", "floats"):
            support.run("export", work / name, "--to", "npy", "--out", work / "rows.npy")
            rows = np.load(work / "rows.npy")
            for token in (0, 17, 300):
                assert np.array_equal(print_row(work / name, token), rows[token]), (name, token)
        assert subprocess.run([program, str(work / "dense.safetensors"), "301"]).returncode == 1
        (work / "packed").write_bytes((work / "packed").read_bytes()[:-9])
        refused = subprocess.run([program, str(work / "packed"), "0"], capture_output=True, text=True)
        assert refused.returncode == 65 and "packed" in refused.stderr, refused
    print(linked)


if __name__ == "__main__":
    sys.exit(main())
