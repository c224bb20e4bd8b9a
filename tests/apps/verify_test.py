"""`sememe verify`: errors, cosines and worst rows against numpy, and what it refuses."""
import numpy as np

import support
from support import BAD_DATA, USAGE, refused


def entropy(row):
    """Entanglement entropy in bits of a row of 37, zeros after its end, as a (7, 6) matrix."""
    square = np.zeros(42)
    square[:37] = row
    values = np.linalg.svd(square.reshape(7, 6), compute_uv=False) ** 2
    shares = values[values > 0] / values.sum() if values.sum() > 0 else np.zeros(0)
    return float(-(shares * np.log2(shares)).sum())


def check_thorough(work, want, got, base):
    """The slower measures, each as its definition says."""
    want, got = want.astype("f8"), got.astype("f8")
    weight = np.arange(1, 1004, dtype="f8")
    (work / "counts.txt").write_text("".join(f"word{i}\t{i + 1}\n" for i in range(1003)))
    report = support.run_json(*base, "--thorough", "--queries", 2000, "--counts", work / "counts.txt")
    weight = np.sqrt(weight)
    mean = (weight[:, None] * want).sum(0) / weight.sum()
    error = (weight * ((got - want) ** 2).sum(1)).sum() / (weight * ((want - mean) ** 2).sum(1)).sum()
    assert abs(report["weighted_error"] - error) < 1e-6, (report, error)
    norms = np.linalg.norm(got, axis=1) * np.linalg.norm(want, axis=1)
    cosine = np.divide((got * want).sum(1), norms, out=np.zeros(1003), where=norms > 0)
    cosine[(norms == 0) & ~got.any(1) & ~want.any(1)] = 1
    cosine = (weight * cosine).sum() / weight.sum()
    assert abs(report["weighted_cosine"] - cosine) < 1e-6 < abs(report["weighted_cosine"] - report["mean_cosine"]), (report, cosine)

    def unit(rows):
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)

    def nearest(rows):
        cosines = unit(rows) @ unit(rows).T
        np.fill_diagonal(cosines, -2)
        return [set(line[:10]) for line in np.argsort(-cosines, axis=1, kind="stable")]
    shared = [len(a & b) / 10 for i, (a, b) in enumerate(zip(nearest(want), nearest(got)))]
    assert abs(report["neighbour_overlap"] - np.mean(shared)) < 0.003, (report, np.mean(shared))
    u, v = np.linalg.svd(want, full_matrices=False)[0], np.linalg.svd(got, full_matrices=False)[0]
    assert abs(report["eigenspace_overlap"] - (np.linalg.norm(u.T @ v) ** 2) / 37) < 1e-5, report
    assert abs(report["entanglement_entropy"] - np.mean([entropy(row) for row in got])) < 1e-4, report
    assert abs(report["target_entanglement_entropy"] - np.mean([entropy(row) for row in want])) < 1e-4, report
    size = (work / "got.safetensors").stat().st_size
    assert abs(report["bits_per_token"] - 8 * size / 1003) < 1e-6, report
    variance = np.linalg.eigvalsh(np.cov(want.T, bias=True))
    allowed = support.relative_error(got, want) * variance.sum()
    low, high = 0.0, variance.max()
    for _ in range(100):
        level = (low + high) / 2
        low, high = (level, high) if np.minimum(variance, level).sum() < allowed else (low, level)
    bits = 0.5 * np.log2(np.maximum(variance / high, 1)).sum()
    assert abs(report["gaussian_bits_per_token"] - bits) < 1e-3 * bits, (report, bits)
    assert abs(report["gain_over_gaussian_bits"] - (report["gaussian_bits_per_token"] - report["bits_per_token"])) < 1e-9, report
    assert "eigenspaces" in support.run(*base, "--thorough").stdout


def main():
    rng = np.random.default_rng(3)
    with support.folder() as work:
        want = rng.normal(size=(1003, 37)).astype("f4") + 2
        want[5] = 0
        got = want + 0.1 * rng.normal(size=want.shape).astype("f4")
        got[5] = 0
        got[77] = -want[77]
        got[400] = 0
        support.write_table(work / "want.safetensors", want)
        support.write_table(work / "got.safetensors", got)
        vocab = work / "vocab.txt"
        vocab.write_text("".join(f"word{i}\n" for i in range(1000)))
        base = ("verify", work / "got.safetensors", "--against", work / "want.safetensors")

        report = support.run_json(*base, "--vocab", vocab, "--worst", 4)
        norms = np.linalg.norm(got.astype("f8"), axis=1) * np.linalg.norm(want.astype("f8"), axis=1)
        cosine = np.divide((got.astype("f8") * want).sum(1), norms, out=np.zeros(1003), where=norms > 0)
        cosine[5] = 1
        assert abs(report["relative_error"] - support.relative_error(got, want)) < 1e-6, report
        assert abs(report["mean_cosine"] - cosine.mean()) < 1e-6, (report, cosine.mean())
        assert report["rows"] == 1003 and len(report["worst"]) == 4
        order = np.argsort(cosine, kind="stable")[:4]
        assert [row["id"] for row in report["worst"]] == list(order), (report, order)
        assert report["worst"][0]["token"] == "word77" and abs(report["worst"][0]["cosine"] + 1) < 1e-6
        assert all(abs(row["cosine"] - cosine[row["id"]]) < 1e-6 for row in report["worst"])
        assert support.run_json(*base, "--threads", 1) == support.run_json(*base, "--threads", 2)

        check_thorough(work, want, got, base)

        same = support.run_json("verify", work / "want.safetensors", "--against", work / "want.safetensors")
        assert same["relative_error"] == 0 and abs(same["mean_cosine"] - 1) < 1e-9, same
        assert "word77" in support.run(*base, "--vocab", vocab).stdout
        support.run(*base, "--max-error", 0.5)
        support.run(*base, "--max-error", 1e-3, expect=support.NO_MATCH)

        support.write_table(work / "other.safetensors", want[:-1])
        refused("verify", work / "got.safetensors", "--against", work / "other.safetensors", code=USAGE,
                says=["(1003, 37)", "(1002, 37)"])
        (work / "long.txt").write_text("".join(f"word{i}\n" for i in range(1004)))
        refused(*base, "--vocab", work / "long.txt", code=USAGE, says=["1004 tokens", "1003 rows"])
        want[3, 4] = np.inf
        support.write_table(work / "want.safetensors", want)
        refused(*base, code=BAD_DATA, says=["want.safetensors", "row 3, column 4"])


if __name__ == "__main__":
    main()
