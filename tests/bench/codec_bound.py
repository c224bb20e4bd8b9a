"""How far a transform code could go at all: the rate-distortion bound of a Gaussian with the table's spectrum, as a quotient to
the best rival at the same bytes.

    /usr/bin/python3 tests/bench/codec_bound.py [--ratios 10 20] [--clusters 4]

Rows are drawn from normal distributions with the covariance of the table, (a) the same for all rows, (b) times the energy of
the row's class, of eight, (c) with --clusters, a covariance for each of K clusters of rows, found by turns of assigning rows
by likelihood. Reverse water-filling deals all bits of the file to the numbers alone; the basis, the class of each row and the
models are free, so a real file of the same family has a larger error. Columns: error of the best rival, quotient (a), (b), (c)
to it. Needs numpy and the shared data folder.
"""
import argparse
import tempfile
import pathlib

import numpy as np

import baselines
import encoder_quality as quality


def water(variance, rows, bits):
    """Mean squared error per row with `bits` dealt over components `variance`, each met `rows` times."""
    low, high = 1e-12 * variance.max(), variance.max()
    for _ in range(100):
        level = np.sqrt(low * high)
        rate = (rows * 0.5 * np.log2(np.maximum(variance / level, 1))).sum()
        low, high = (level, high) if rate > bits else (low, level)
    return (rows * np.minimum(variance, level)).sum(), level


def classes_of(coefficients, count=8):
    """Class of each row by equal shares of energy order."""
    energy = (coefficients ** 2).sum(1)
    return np.argsort(np.argsort(energy)) * count // len(energy)


def energies(coefficients, label):
    """(variance, rows) of every component of every class: the spectrum times the class's mean energy."""
    spectrum = (coefficients ** 2).mean(0)
    total = spectrum.sum()
    variance, rows = [], []
    for c in range(label.max() + 1):
        part = coefficients[label == c]
        if len(part):
            variance.append(spectrum * (part ** 2).sum(1).mean() / total)
            rows.append(np.full(len(spectrum), len(part)))
    return np.concatenate(variance), np.concatenate(rows)


def clusters(centred, count, rounds=12):
    """Label of each row: hard turns of Gaussians with covariances shrunk towards the common one."""
    common = np.cov(centred.T)
    label = np.random.default_rng(1).integers(0, count, len(centred))
    label[:] = classes_of(centred, count)
    dims = centred.shape[1]
    for _ in range(rounds):
        cost = np.full((len(centred), count), np.inf)
        for k in range(count):
            part = centred[label == k]
            if len(part) < 2:
                continue
            mean = part.mean(0)
            cov = ((part - mean).T @ (part - mean) + 0.5 * dims * common * part.var() / centred.var()) / (len(part) + 0.5 * dims)
            root = np.linalg.cholesky(cov + 1e-9 * np.trace(cov) / dims * np.eye(dims))
            z = np.linalg.solve(root, (centred - mean).T)
            cost[:, k] = 0.5 * (z ** 2).sum(0) + np.log(np.diag(root)).sum() - np.log(len(part) / len(centred))
        label = cost.argmin(1)
    return label


def cluster_components(centred, label):
    variance, rows = [], []
    for k in np.unique(label):
        part = centred[label == k]
        values = np.linalg.eigvalsh(np.atleast_2d(np.cov(part.T, bias=True)))
        variance.append(np.maximum(values, 0))
        rows.append(np.full(len(values), len(part)))
    return np.concatenate(variance), np.concatenate(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratios", type=int, nargs="+", default=[10, 20, 40, 80])
    parser.add_argument("--clusters", type=int, nargs="*", default=[])
    options = parser.parse_args()
    tables = {"sample": (quality.ROOT / "data" / "samples" / "embed_tokens.safetensors", "embed_tokens.weight")}
    if quality.MODELS.is_dir():
        for side in ("decoder", "encoder"):
            tables[f"translator {side}"] = (quality.TASKS["translator"]["table"], f"{side}.embed_tokens.weight")
    with tempfile.TemporaryDirectory() as folder:
        for name, (path, tensor) in tables.items():
            target = quality.read_table(path, tensor, pathlib.Path(folder))
            tokens, dims = target.shape
            centred = target.astype(np.float64) - target.mean(0, dtype=np.float64)
            spread = (centred ** 2).sum()
            coefficients = centred @ np.linalg.eigh(centred.T @ centred)[1]
            spectrum = (coefficients ** 2).mean(0)
            label = classes_of(coefficients)
            labels = {k: clusters(centred, k) for k in options.clusters}
            for ratio in options.ratios:
                bits = 32 * tokens * dims / ratio
                rivals = [r for r in (f(target, int(bits / 8)) for f in baselines.ALL) if r]
                rival = min(baselines.relative_error(target, r[1]) for r in rivals)
                plain, _ = water(spectrum, np.full(dims, tokens), bits)
                classed, _ = water(*energies(coefficients, label), bits)
                found = " ".join(f"(c{k}) {water(*cluster_components(centred, labels[k]), bits)[0] / spread / rival:.3f}" for k in labels)
                print(f"{name:20} {ratio:3}x  rival {rival:.4f}  (a) {plain / spread / rival:.3f}  (b) {classed / spread / rival:.3f}  "
                      f"{found} limit {quality.LIMITS[ratio]}", flush=True)


if __name__ == "__main__":
    main()
