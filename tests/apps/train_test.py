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


def main():
    table = support.tensor(TABLE, "embed_tokens.weight")
    with support.folder() as work:
        composition = support.sample_composition(work / "tokens.sememes")

        def train(name, *options):
            return support.run_json("train", "--table", TABLE, "--composition", composition, "--out", work / name, *options)

        def dense(name):
            support.run("export", work / name, "--to", "npy", "--out", work / "dense.npy")
            return np.load(work / "dense.npy")

        report = train("a", "--ratio", 40, "--threads", 1)
        size = (work / "a").stat().st_size
        assert report["file_bytes"] == size, (report, size)
        assert 40 <= table.size * 4 / size < 40.4, table.size * 4 / size
        assert abs(report["ratio"] - table.size * 4 / size) < 1e-9, report
        error, svd = support.relative_error(dense("a"), table), svd_int8_error(table, size)
        print(f"ratio {report['ratio']:.3f}: relative error {error:.5f}, truncated SVD int8 {svd:.5f}, prior {report['prior']}")
        assert abs(error - report["relative_error"]) < 1e-5, (error, report)
        assert error <= 0.6 * svd, (error, svd)
        cosine = (dense("a") * table).sum(1) / np.linalg.norm(dense("a"), axis=1) / np.linalg.norm(table, axis=1)
        assert abs(np.nan_to_num(cosine).mean() - report["mean_cosine"]) < 1e-3, (cosine.mean(), report)

        for threads in (1, 2):
            train("b", "--ratio", 40, "--threads", threads)
            assert (work / "a").read_bytes() == (work / "b").read_bytes(), f"other bytes with {threads} threads"

        half = table.astype("f2")
        support.write_table(work / "half.safetensors", half, dtype="F16")
        support.run("train", "--table", work / "half.safetensors", "--composition", composition, "--ratio", 40, "--out",
                    work / "c")
        error = support.relative_error(dense("c"), table)
        assert error <= 0.6 * svd, ("from float16", error, svd)

        assert train("d", "--bytes", 200_000)["file_bytes"] <= 200_000
        assert (work / "d").stat().st_size > 198_000
        report = train("d", "--max-error", 0.05)
        assert 0.045 < support.relative_error(dense("d"), table) <= 0.05, report
        assert report["relative_error"] <= 0.05, report
        assert train("d", "--bits-per-token", 100)["bits_per_token"] <= 100

        weighted = train("e", "--ratio", 40, "--counts", support.SAMPLES / "counts.txt", "--hidden",
                         support.SAMPLES / "hidden_moment.npy")
        assert 40 <= weighted["ratio"] < 40.4, weighted
        frequent = np.argsort([-int(line.rsplit("\t", 1)[1]) for line in
                               (support.SAMPLES / "counts.txt").read_text(encoding="utf-8").splitlines()])[:1000]
        by_counts = support.relative_error(dense("e")[frequent], table[frequent])
        without = support.relative_error(dense("a")[frequent], table[frequent])
        print(f"1,000 most frequent tokens: relative error {by_counts:.4f} with counts, {without:.4f} without")
        assert by_counts < 0.8 * without

        support.run("train", "--table", TABLE, "--prior", "none", "--ratio", 80, "--out", work / "f")
        assert 80 <= table.size * 4 / (work / "f").stat().st_size < 80.8


if __name__ == "__main__":
    main()
