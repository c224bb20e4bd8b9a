"""Every form of table file, read a second time by numpy from what lib/packed/FORMAT.md says (format_reader): equal to the command's rows
bit for bit. Where a frame's entry lies within 2^-22 of a half, which float32 may round either way, rows may differ by what that
entry amounts to.
"""
import re

import numpy as np

import format_reader
import support

TOKENS, DIMS, SIZES = 903, 23, (20, 17)


def made_inputs(work):
    """Tables of which two atoms a token say nearly all: their sums, and products of two and of three leaves; and plain noise."""
    rng = np.random.default_rng(5)
    first, second = (rng.integers(0, size, TOKENS) for size in SIZES)

    def leaves(size, width):
        return rng.normal(size=(size, width))
    two = leaves(SIZES[0], 5)[first][:, :, None] * leaves(SIZES[1], 5)[second][:, None, :]
    three = np.einsum("ti,tj,tk->tijk", leaves(SIZES[0], 3)[first], leaves(SIZES[1], 3)[second], leaves(SIZES[0], 3)[first])
    for name, rows in {"sum": leaves(SIZES[0], DIMS)[first] + leaves(SIZES[1], DIMS)[second],
                       "two": two.reshape(TOKENS, -1)[:, :DIMS], "three": three.reshape(TOKENS, -1)[:, :DIMS]}.items():
        support.write_table(work / name, rows + 0.03 * rng.normal(size=rows.shape))
    support.write_table(work / "noise", rng.normal(size=(TOKENS, DIMS)) * np.linspace(3, 0.1, DIMS) + rng.normal(size=DIMS))
    support.write_table(work / "line", 2.0 ** np.arange(-3, 4)[:, None])
    atoms = [f"atom{i}" for i in range(sum(SIZES))]
    pairs = [[(int(a), 128), (int(SIZES[0] + b), 127)] if t % 50 else [] for t, (a, b) in enumerate(zip(first, second))]
    support.write_composition(work / "pairs", pairs, atoms)
    support.write_composition(work / "slots", [[(int(a), 255)] for a in first], atoms, [[(int(SIZES[0] + b), 255)] for b in second])
    (work / "counts").write_text("".join(f"t{t}\t{10**6 // (t + 1) ** 2}\n" for t in range(TOKENS)))
    hidden = rng.normal(size=(DIMS, DIMS))
    np.save(work / "hidden.npy", (hidden @ hidden.T / DIMS + np.eye(DIMS)).astype("f4"))


def check(work, name, *arguments, **wanted):
    """Trains a table and reads it twice. @param wanted  metadata it must have; residual.code's facts."""
    support.run("train", *arguments, "--threads", 1, "--out", work / "table")
    support.run("export", work / "table", "--to", "npy", "--out", work / "rows.npy")
    rows, slack = format_reader.read_table(work / "table")
    want = np.load(work / "rows.npy")
    assert rows.dtype == np.float32 and rows.shape == want.shape, (name, rows.shape)
    other = rows.view("u4") != want.view("u4")
    near = abs(rows - want) <= 1.001 * slack + 4 * np.spacing(abs(want))
    assert (near & (slack > 0))[other].all(), (name, np.argwhere(other)[:5], abs(rows - want).max())
    metadata, tensors = format_reader.read_container(work / "table")
    said = {key: metadata.get(key.replace("_", "."), "none") for key in wanted if key in ("prior", "prior_order", "residual")}
    said |= {"more": "residual.more" in tensors, "free": "prior.free" in tensors}
    if "residual.code" in tensors:
        code = format_reader.PackedCode(tensors["residual.code"][2])
        models = code.models
        said |= {"frame": code.basis.orthonormal, "gains": models.gains > 1, "large": bool((abs(code.parts) > 32767).any()),
                 "joint": any((own[:extent] < models.below[0]).any() for own, extent in zip(models.bucket, models.extent))}
    assert all(said[key] == value for key, value in wanted.items()), (name, wanted, said)
    print(f"{name}: {rows.shape[0]} x {rows.shape[1]}, {(work / 'table').stat().st_size} bytes, {(slack > 0).sum()} of {slack.size} "
          f"numbers in doubt, {other.sum()} differ, {said}")


def check_example():
    """The page's worked example: its bytes are read as the page says."""
    page = (support.ROOT / "lib" / "packed" / "FORMAT.md").read_text().split("## A worked example")[1]
    code = format_reader.PackedCode(bytes.fromhex("".join(re.findall(r"^    ((?:[0-9a-f]{2} )*[0-9a-f]{2})(?:  .*)?$", page, re.M))))
    lines = re.findall(r"^    token \d .* p +(-?\d+) +(-?\d+) +row +(.*)$", page, re.M)
    assert len(lines) == code.tokens, lines
    for t, (first, second, row) in enumerate(lines):
        assert code.parts[t].tolist() == [int(first), int(second)], (t, code.parts[t])
        assert (code.rows()[t] == np.array(row.split(), "f4")).all(), (t, code.rows()[t])


def main():
    check_example()
    with support.folder() as work:
        made_inputs(work)
        noise, none = ("--table", work / "noise"), ("--prior", "none")
        sums = ("--table", work / "sum", "--composition", work / "pairs")
        weights = ("--counts", work / "counts", "--counts-exponent", 1, "--hidden", work / "hidden.npy")
        twos, threes = (("--table", work / name, "--composition", work / "slots", "--prior", "product", "--epochs", 0)
                        for name in ("two", "three"))
        low, bare = ("--residual", "low-rank"), ("--residual", "none")
        check(work, "fine", *noise, *none, "--ratio", 4, frame=True, gains=False)
        check(work, "coarse", *noise, *none, "--ratio", 30, frame=True, joint=True)
        check(work, "one dim", "--table", work / "line", *none, "--max-error", 1e-9, large=True)
        check(work, "counts and hidden states", *noise, *none, *weights, "--ratio", 8, frame=False, gains=True)
        check(work, "additive", *sums, "--prior", "additive", "--ratio", 12, prior="additive")
        check(work, "product of two", *twos, "--order", 2, "--ratio", 12, prior="product", prior_order="2")
        check(work, "product of three", *threes, "--order", 3, "--ratio", 14, prior="product", prior_order="3")
        check(work, "floats", *noise, *none, *low, "--ratio", 5.5, residual="low-rank", more=True)
        check(work, "floats, additive", *sums, "--prior", "additive", *low, "--precision", "f16", "--ratio", 4, residual="low-rank")
        check(work, "floats, order 1", *sums, "--prior", "product", "--order", 1, "--epochs", 0, *low, "--precision", "f32",
              "--ratio", 3, prior_order="1")
        check(work, "floats, order 3", *threes, "--order", 3, "--rank", 2, *low, "--ratio", 5, prior_order="3", free=True)
        check(work, "floats, order 2", *twos, "--order", 2, "--rank", 3, *bare, "--precision", "f16", "--ratio", 12, residual="none")
    print("checksums compared" if format_reader.xxhash else "checksums not compared: no module xxhash (Debian: python3-xxhash)")


if __name__ == "__main__":
    main()
