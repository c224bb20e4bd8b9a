"""Rival codes of a dense table, in numpy, each counted to the last byte: what a packed table has to beat at equal bytes.

Every function takes E (tokens, dims) float32 and a budget in bytes and returns (name, reconstruction, bytes), or None where
the method has no setting that fits. All remove and store the column means (dims float16).
"""
import numpy as np


def relative_error(target, rebuilt):
    """Squared error over squared size, both after removing the target's column means."""
    mean = target.mean(0, dtype=np.float64)
    return float(((target - rebuilt.astype(np.float64)) ** 2).sum() / ((target - mean) ** 2).sum())


def _int8_columns(a):
    """(values as rebuilt, bytes) of a matrix stored int8 with one float32 scale a column."""
    scale = np.abs(a).max(0) / 127
    scale[scale == 0] = 1
    return np.round(a / scale).clip(-127, 127) * scale, a.size + 4 * a.shape[1]


def svd_int8(table, budget):
    """Truncated SVD, both factors int8 by column, the largest rank that fits."""
    tokens, dims = table.shape
    mean = table.mean(0)
    rank = min((budget - 2 * dims) // (tokens + dims + 8), dims)
    if rank < 1:
        return None
    u, s, vt = np.linalg.svd(table - mean, full_matrices=False)
    left, left_bytes = _int8_columns(u[:, :rank] * s[:rank])
    right, right_bytes = _int8_columns(vt[:rank].T)
    return f"SVD int8, rank {rank}", left @ right.T + mean, left_bytes + right_bytes + 2 * dims


def per_row_integers(table, budget):
    """b bits an element and one float16 scale a row, the widest b of 8..1 that fits; each row's scale is the best of a grid."""
    tokens, dims = table.shape
    mean = table.mean(0)
    centred = table - mean
    for bits in range(8, 0, -1):
        size = (tokens * dims * bits + 7) // 8 + 2 * tokens + 2 * dims
        if size > budget:
            continue
        if bits == 1:
            return "int1 per row", np.sign(centred) * np.abs(centred).mean(1, keepdims=True) + mean, size
        top = 2 ** (bits - 1) - 1
        peak = np.abs(centred).max(1, keepdims=True) + 1e-30
        best, best_error = np.zeros_like(centred), np.full((tokens, 1), np.inf)
        for shrink in np.linspace(0.3, 1, 15):
            scale = (peak * shrink / max(top, 1)).astype(np.float16).astype(np.float32)
            scale[scale == 0] = 1
            tried = np.round(centred / scale).clip(-top, top) * scale
            error = ((tried - centred) ** 2).sum(1, keepdims=True)
            best = np.where(error < best_error, tried, best)
            best_error = np.minimum(error, best_error)
        return f"int{bits} per row", best + mean, size
    return None


def _kmeans(points, k, seed, rounds=12):
    """(centres, labels) of Lloyd's algorithm from k rows drawn without replacement; empty centres are redrawn."""
    rng = np.random.default_rng(seed)
    centres = points[rng.choice(len(points), k, replace=False)].copy()
    labels = np.zeros(len(points), np.int64)
    for _ in range(rounds):
        labels = ((centres ** 2).sum(1) - 2 * points @ centres.T).argmin(1)
        count = np.bincount(labels, minlength=k)
        sums = np.stack([np.bincount(labels, weights=points[:, j], minlength=k) for j in range(points.shape[1])], 1)
        centres = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None],
                           points[rng.choice(len(points), k)]).astype(points.dtype)
    return centres, ((centres ** 2).sum(1) - 2 * points @ centres.T).argmin(1)


def product_quantisation(table, budget, seed=1):
    """Product quantisation, 16 or 256 centroids a part (float16), the finest split that fits."""
    tokens, dims = table.shape
    mean = table.mean(0)
    best = None
    for k, bits in ((256, 8), (16, 4)):
        for parts in sorted((p for p in range(1, dims + 1) if dims % p == 0), reverse=True):
            size = (tokens * parts * bits + 7) // 8 + 2 * k * dims + 2 * dims
            if size > budget or k > tokens:
                continue
            width = dims // parts
            rebuilt = np.empty_like(table)
            for part in range(parts):
                columns = slice(part * width, (part + 1) * width)
                centres, labels = _kmeans(np.ascontiguousarray((table - mean)[:, columns]), k, seed + part)
                rebuilt[:, columns] = centres.astype(np.float16)[labels]
            rebuilt += mean
            error = relative_error(table, rebuilt)
            if best is None or error < best[0]:
                best = (error, (f"PQ {parts} x {bits} bit", rebuilt, size))
            break
    return best and best[1]


ALL = (svd_int8, per_row_integers, product_quantisation)
