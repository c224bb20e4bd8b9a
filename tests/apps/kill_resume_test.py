"""Training killed at random moments, then gone on with from its checkpoint by another number of threads: the file is, byte
for byte, the one of a training never stopped.

    SEMEME=build/release/sememe PYTHONPATH=tests /usr/bin/python3 tests/apps/kill_resume_test.py [KILLS]      # default 6
"""
import random
import signal
import struct
import subprocess
import sys
import time

import numpy as np

import support

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
EPOCHS = 40


def wait_for(checkpoint, epochs, process):
    """Returns when the checkpoint holds so many epochs, or the process has ended."""
    while process.poll() is None:
        try:
            head = checkpoint.read_bytes()[:40]
        except FileNotFoundError:
            head = b""
        if (struct.unpack("<q", head[32:])[0] if len(head) == 40 else 0) >= epochs:
            return
        time.sleep(0.001)


def main():
    continued = 0
    rng = np.random.default_rng(9)
    chance = random.Random(9)
    with support.folder() as work:
        groups = rng.integers(0, 30, 800)
        table = (rng.normal(size=(30, 32))[groups] + 0.5 * rng.normal(size=(800, 32))).astype("f4")
        support.write_table(work / "t.safetensors", table)
        rows = [sorted({(int(g), 155), (int(30 + t % 7), 100)}) for t, g in enumerate(groups)]
        composition = support.write_composition(work / "c", rows, [f"atom{i}" for i in range(37)])
        options = ("--table", work / "t.safetensors", "--composition", composition, "--prior", "product", "--order", 2,
                   "--rank", 4, "--residual", "none", "--ratio", 20, "--epochs", EPOCHS)

        began = time.monotonic()
        support.run("train", *options, "--out", work / "whole", "--threads", 1)
        seconds = time.monotonic() - began
        whole = (work / "whole").read_bytes()
        checkpoint, out = work / "checkpoint", work / "out"
        for kill in range(KILLS):
            line = [support.command(), "train", *options, "--out", out, "--checkpoint", checkpoint]
            process = subprocess.Popen([str(part) for part in (*line, "--threads", 1 + kill % 4)], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            wait_for(checkpoint, chance.randint(0, EPOCHS), process)
            time.sleep(chance.uniform(0, seconds / EPOCHS))
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert not out.exists() or out.read_bytes() == whole, f"kill {kill} left another file"
            out.unlink(missing_ok=True)
            continued += checkpoint.exists()
            support.run("train", *options, "--out", out, "--checkpoint", checkpoint, "--threads", 1 + (kill + 1 + kill // 4) % 4)
            assert out.read_bytes() == whole, f"kill {kill}: the resumed training gives other bytes"
            out.unlink()
            checkpoint.unlink(missing_ok=True)
            for left in work.glob("*.tmp*"):
                left.unlink()
        print(f"{KILLS} kills of a training of {seconds:.2f} s; {continued} found a checkpoint; every file identical")


if __name__ == "__main__":
    main()
