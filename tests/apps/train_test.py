"""`sememe train` on the sample table: sizes exact, bytes reproducible, error far below a truncated SVD of the same size."""
import numpy as np

import support

TABLE = support.SAMPLES / "embed_tokens.safetensors"


def svd_int8_error(table, size):
    """Relative error of the best truncated SVD whose factors, int8 with one fp32 scale per column and a fp32 mean, fit
    into `size` bytes. Every rank is a prefix of the largest, so the largest is the best.
    """
    tokens, dims = table.shape
    rank = int((size - 4 * dims) // (tokens + dims + 8))
    mean = table.mean(0)
    left, scale, right = np.linalg.svd((table - mean).astype("f8"), full_matrices=False)
    factors = []
    for columns in (left[:, :rank] * np.sqrt(scale[:rank]), right[:rank].T * np.sqrt(scale[:rank])):
        step = np.abs(columns).max(0) / 127
        factors.append(np.rint(columns / step) * step)
    return support.relative_error(factors[0] @ factors[1].T + mean, table)


def check_whole(work):
    """The whole sample at 40x: size, error and cosine are those told, and a truncated SVD of that size is far off."""
    table = support.tensor(TABLE, "embed_tokens.weight")
    report = support.run_json("train", "--table", TABLE, "--ratio", 40, "--out", work / "whole")
    size = (work / "whole").stat().st_size
    assert report["file_bytes"] == size, (report, size)
    assert 40 <= table.size * 4 / size < 40.4, table.size * 4 / size
    assert abs(report["ratio"] - table.size * 4 / size) < 1e-9, report
    got = dense(work, "whole")
    error, svd = support.relative_error(got, table), svd_int8_error(table, size)
    print(f"ratio {report['ratio']:.3f}: relative error {error:.5f}, truncated SVD int8 {svd:.5f}")
    assert abs(error - report["relative_error"]) < 1e-5, (error, report)
    assert error <= 0.6 * svd, (error, svd)
    cosine = (got * table).sum(1) / np.linalg.norm(got, axis=1) / np.linalg.norm(table, axis=1)
    assert abs(np.nan_to_num(cosine).mean() - report["mean_cosine"]) < 1e-3, (cosine.mean(), report)


def check_narrow(work):
    """All tokens in 32 dimensions, with a composition: bytes by threads, float16, counts and a metric."""
    table = np.ascontiguousarray(support.tensor(TABLE, "embed_tokens.weight")[:, :32])
    support.write_table(work / "narrow.safetensors", table)
    composition = support.sample_composition(work / "tokens.sememes")

    def train(name, *options, source="narrow.safetensors"):
        return support.run_json("train", "--table", work / source, "--composition", composition, "--out", work / name, *options)

    report = train("a", "--ratio", 20, "--threads", 1)
    assert [entry["prior"] for entry in report["tried"]] == ["none", "additive", "additive", "product", "product"], report
    assert 20 <= table.size * 4 / (work / "a").stat().st_size < 20.2, report
    train("b", "--ratio", 20, "--threads", 2)
    assert (work / "a").read_bytes() == (work / "b").read_bytes(), "other bytes with 2 threads"

    support.write_table(work / "half.safetensors", table.astype("f2"), dtype="F16")
    train("c", "--ratio", 20, "--prior", "none", source="half.safetensors")
    by_half, by_float = (support.relative_error(dense(work, name), table) for name in ("c", "a"))
    assert abs(by_half - by_float) < 0.05 * by_float, (by_half, by_float)

    np.save(work / "hidden.npy", np.load(support.SAMPLES / "hidden_moment.npy")[:32, :32])
    weighted = train("e", "--ratio", 20, "--prior", "none", "--counts", support.SAMPLES / "counts.txt", "--hidden", work / "hidden.npy")
    assert 20 <= weighted["ratio"] < 20.2, weighted
    frequent = np.argsort([-int(line.rsplit("\t", 1)[1]) for line in
                           (support.SAMPLES / "counts.txt").read_text(encoding="utf-8").splitlines()])[:1000]
    by_counts, without = (support.relative_error(dense(work, name)[frequent], table[frequent]) for name in ("e", "a"))
    print(f"1,000 most frequent tokens: relative error {by_counts:.4f} with counts, {without:.4f} without")
    assert by_counts < 0.8 * without


def check_budgets(work):
    """Each way to say how large a table may be, on 1,500 tokens in 64 dimensions."""
    tokens, dims = 1500, 64
    table = np.ascontiguousarray(support.tensor(TABLE, "embed_tokens.weight")[:tokens, :dims])
    support.write_table(work / "small.safetensors", table)
    composition = support.sample_composition(work / "few.sememes", tokens)

    def train(*options):
        report = support.run_json("train", "--table", work / "small.safetensors", *options, "--out", work / "d")
        assert report["file_bytes"] == (work / "d").stat().st_size, (options, report)
        return report

    given = ("--composition", composition)
    assert 12_375 < train(*given, "--bytes", 12_500)["file_bytes"] <= 12_500
    report = train(*given, "--max-error", 0.05)
    assert 0.045 < support.relative_error(dense(work, "d"), table) <= 0.05, report
    assert report["relative_error"] <= 0.05, report
    report = train(*given, "--bits-per-token", 100)
    assert report["bits_per_token"] <= 100 and 0.99 * 100 / 8 * tokens < report["file_bytes"] <= 100 / 8 * tokens, report
    assert 10 <= tokens * dims * 4 / train(*given, "--prior", "none", "--ratio", 10)["file_bytes"] < 10.1


def dense(work, name):
    support.run("export", work / name, "--to", "npy", "--out", work / "dense.npy")
    return np.load(work / "dense.npy")


def main():
    with support.folder() as work:
        check_whole(work)
        check_narrow(work)
        check_budgets(work)


if __name__ == "__main__":
    main()
