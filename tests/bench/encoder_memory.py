"""What packing a table too large for memory takes: resident peak, CPU and wall-clock time, for packing and for verifying.

    SEMEME=build/release/sememe TMPDIR=FOLDER /usr/bin/python3 tests/bench/encoder_memory.py [TOKENS DIMS]   # default 256000 1024

Makes a table of mixed dims with a falling spectrum and rows of differing length in $TMPDIR, which has to hold five times the
table as fp32, packs it to 1/20 without knowledge, and compares every row. DIMS is a power of two. Exit status 1 if more than
4 GiB were resident, the size is not met from above within 1 %, or the two do not agree on the error.
"""
import json
import multiprocessing
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import support  # noqa: E402

RATIO = 20
MOST_BYTES = 4 << 30
LONGEST_SECONDS = 24 * 3600
ROWS_AT_ONCE = 2000


def mixed(rows):
    """The rows times an orthonormal Hadamard matrix."""
    count, dims = rows.shape
    half = 1
    while half < dims:
        pairs = rows.reshape(count, -1, 2, half)
        rows = np.stack((pairs[:, :, 0] + pairs[:, :, 1], pairs[:, :, 0] - pairs[:, :, 1]), axis=2).reshape(count, dims)
        half *= 2
    return rows / np.float32(np.sqrt(dims))


def write_table(path, tokens, dims):
    rng = np.random.default_rng(7)
    spectrum = (1 / np.sqrt(1 + np.arange(dims) / 64)).astype("f4")
    order, sign = rng.permutation(dims), rng.choice([-1, 1], dims).astype("f4")
    table = np.lib.format.open_memmap(path, mode="w+", dtype="f4", shape=(tokens, dims))
    for first in range(0, tokens, ROWS_AT_ONCE):
        count = min(ROWS_AT_ONCE, tokens - first)
        rows = rng.standard_normal((count, dims), dtype="f4") * spectrum
        rows *= np.exp(0.3 * rng.standard_normal((count, 1), dtype="f4"))
        table[first:first + count] = mixed(rows * sign)[:, order] * np.float32(0.02)
    table.flush()


def measured(*arguments):
    """The report of a command; prints what it took, and fails if too much was resident."""
    began = time.monotonic()
    done = support.run(*arguments, "--json", memory_bytes=MOST_BYTES, timeout=LONGEST_SECONDS)
    print(f"{arguments[0]:8} {done.peak_bytes / 2**20:7,.0f} MiB resident, {done.cpu_seconds:7,.0f} s of CPU, "
          f"{time.monotonic() - began:7,.0f} s", flush=True)
    return json.loads(done.stdout)


def main():
    tokens, dims = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (256_000, 1024)
    if dims < 1 or dims & (dims - 1):
        sys.exit(f"DIMS is {dims}, expected a power of two")
    with support.folder() as work:
        table, packed = work / "table.npy", work / "packed.safetensors"
        # In a process of its own: the peak of this one would count as that of the commands it starts.
        maker = multiprocessing.Process(target=write_table, args=(table, tokens, dims))
        maker.start()
        maker.join()
        if maker.exitcode != 0:
            sys.exit("the table could not be written")
        trained = measured("train", "--table", table, "--ratio", RATIO, "--prior", "none", "--out", packed)
        verified = measured("verify", packed, "--against", table)
        ratio, size = trained["ratio"], packed.stat().st_size
        print(f"({tokens:,}, {dims:,}): {4 * tokens * dims / 1e6:,.0f} MB to {size / 1e6:,.1f} MB, {ratio:.2f}x, "
              f"relative error {trained['relative_error']:.4f}")
        agree = abs(verified["relative_error"] - trained["relative_error"]) < 1e-5
        met = size == trained["file_bytes"] and RATIO <= 4 * tokens * dims / size < 1.01 * RATIO
        sys.exit(0 if agree and met else 1)


if __name__ == "__main__":
    main()
