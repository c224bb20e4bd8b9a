"""How every hostile file is tried: the command must refuse it with exit 65 and a message that names it, soon, and within
64 MiB + 2 x its size of memory beyond what the command needs to start.
"""
import support

SECONDS = 5.0  # of processor time for a refusal; it takes a few milliseconds
EDGES = (2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1, 2**32, 2**32 + 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1)


def try_all(cases, least, name, arguments=lambda path: ("inspect", path), accepted=()):
    """Tries {label: bytes}; labels in `accepted` must be read, every other one refused. Fails if there are fewer than
    `least` refused cases.
    """
    faults = []
    with support.folder() as work:
        (work / "t.txt").write_text("a 1 2\n")
        start_bytes = support.run(*arguments(work / "t.txt"), "--json").peak_bytes
        for label, data in cases.items():
            path = work / name
            path.write_bytes(data)
            done = support.run(*arguments(path), "--json", expect=None)
            expected = support.OK if label in accepted else support.BAD_DATA
            if done.returncode != expected:
                faults.append(f"{label}: exit {done.returncode}: {done.stderr.strip()[:200]}")
            elif expected != support.OK and name not in done.stderr:
                faults.append(f"{label}: the message does not name the file: {done.stderr.strip()[:200]}")
            if done.cpu_seconds > SECONDS:
                faults.append(f"{label}: took {done.cpu_seconds:.1f} s")
            if done.peak_bytes > start_bytes + 64 * 2**20 + 2 * len(data):
                faults.append(f"{label}: {done.peak_bytes:,} bytes resident for a file of {len(data):,}")
    refused = len(cases) - len(accepted)
    print(f"{refused} hostile files refused, {len(accepted)} odd ones read")
    assert not faults, "\n".join(faults)
    assert refused >= least, f"only {refused} cases"
