"""What shared atoms predict, and tables of floats, by lib/packed/FORMAT.md. `tensors` are {name: (dtype, shape, bytes)}."""
import numpy as np


def values(tensors, name):
    """A tensor as float32; I8 as it is."""
    dtype, shape, raw = tensors[name]
    if dtype == "BF16":
        return (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4").reshape(shape)
    array = np.frombuffer(raw, {"F32": "<f4", "F16": "<f2", "I8": "i1"}[dtype]).reshape(shape)
    return array if dtype == "I8" else array.astype("f4")


def matrix(tensors, name):
    array = values(tensors, name)
    return array * values(tensors, name + ".scale") if array.dtype == np.int8 else array


class AtomRows:
    """`count` atoms of each token; column[t][i] and weight[t][i] of the i-th, as arrays (tokens, most), filled with zeros."""

    def __init__(self, data, tokens, atoms):
        entries = int.from_bytes(data[:4], "little")
        self.data, self.at, self.low, self.high = data, 8, 0, 2**32 - 1
        self.value = int.from_bytes(data[4:8].ljust(4, b"\0"), "big")
        self.mask = (1 << min(max((24 * entries).bit_length(), 12), 22)) - 1
        self.one, self.met = [1 << 15] * (self.mask + 1), [0] * (self.mask + 1)
        column_bits = (max(atoms, 2) - 1).bit_length()
        self.count, columns, weights = [], [], []
        last_count = 0
        for _ in range(tokens):
            last_count = self.number(10, context(1), context(2, last_count), context(3))
            before = before_that = last_weight = 0
            for i in range(last_count):
                column = self.number(column_bits, context(4), context(5, before), context(6, before, before_that))
                weight = self.number(8, context(7, last_count), context(8, last_count, last_weight + 256 * i),
                                     context(9, column + 1, last_count))
                assert before <= column < atoms and weight > 0, "the packed rows of atoms are damaged"
                before, before_that, last_weight = column + 1, before, weight
                columns.append(column)
                weights.append(weight)
            self.count.append(last_count)
        assert len(columns) == entries
        self.column, self.weight = (np.zeros((tokens, max(self.count, default=0)), kind) for kind in ("i8", "f4"))
        filled = np.arange(self.column.shape[1]) < np.array(self.count)[:, None]
        self.column[filled], self.weight[filled] = columns, np.array(weights) / 32
        self.count = np.array(self.count)

    def number(self, bits, *contexts):
        node = 1
        for _ in range(bits):
            at = [mix64(x ^ node << 40) & self.mask for x in contexts]
            node = node << 1 | self.bit(at)
        return node - (1 << bits)

    def bit(self, at):
        total, every = 1 << 15, 1
        for i, a in enumerate(at):
            u = abs(self.one[a] - (1 << 15)) >> 10
            weight = self.met[a] * (1 + u * u // 8) << 3 * i
            total += weight * self.one[a]
            every += weight
        middle = self.low + ((self.high - self.low) * min(max(total // every, 32), 65504) >> 16)
        bit = self.value <= middle
        if bit:
            self.high = middle
        else:
            self.low = middle + 1
        while self.low >> 24 == self.high >> 24:
            byte = self.data[self.at] if self.at < len(self.data) else 0
            self.at += 1
            self.low, self.high = self.low << 8 & 0xFFFFFFFF, (self.high << 8 | 255) & 0xFFFFFFFF
            self.value = (self.value << 8 | byte) & 0xFFFFFFFF
        for a in at:
            off = 2 * ((65535 if bit else 0) - self.one[a])
            self.one[a] += abs(off) // (2 * self.met[a] + 3) * (1 if off > 0 else -1)
            self.met[a] += self.met[a] < 250
        return int(bit)

    def times(self, leaves):
        """(tokens, columns of leaves): each token's atoms added in order."""
        sums = np.zeros((len(self.count), leaves.shape[1]), "f4")
        for i in range(self.column.shape[1]):
            some = np.flatnonzero(self.count > i)
            sums[some] += self.weight[some, i, None] * leaves[self.column[some, i]]
        return sums


def context(what, first=0, second=0):
    return (what << 60 ^ first << 20 ^ second ^ first * 0x9E3779B9) & (1 << 64) - 1


def mix64(z):
    z = z + 0x9E3779B97F4A7C15 & (1 << 64) - 1
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    z = (z ^ z >> 27) * 0x94D049BB133111EB & (1 << 64) - 1
    return z ^ z >> 31


def add_terms(rows, factors, terms):
    """rows + factors[:, 0] * terms[0] + ..., one after the other."""
    for factor, term in zip(factors.T, terms):
        rows += factor[:, None] * term
    return rows


def additive_rows(metadata, tensors):
    tokens, leaves = int(metadata["prior.tokens"]), values(tensors, "prior.leaves").astype("f4")
    terms = values(tensors, "prior.scale")[:, None] * values(tensors, "prior.map")
    sums = AtomRows(tensors["prior.rows"][2], tokens, len(leaves)).times(leaves)
    return add_terms(np.repeat(values(tensors, "prior.bias")[None], tokens, 0), sums, terms)


def product_rows(metadata, tensors):
    tokens, order, rank = (int(metadata[f"prior.{key}"]) for key in ("tokens", "order", "rank"))
    slots, sums, leaf = [], [], []
    for j in range(order):
        leaves = matrix(tensors, f"prior.slot.{j}.leaves")
        same = metadata.get(f"prior.slot.{j}.rows")
        slots.append(slots[int(same)] if same else AtomRows(tensors[f"prior.slot.{j}.rows"][2], tokens, len(leaves)))
        leaf.append(int(metadata[f"prior.slot.{j}.leaf"]))
        sums.append(slots[j].times(leaves).reshape(tokens, rank, leaf[j]))
    bias = values(tensors, "prior.bias")
    rows = np.repeat(bias[None], tokens, 0)
    if order == 1:
        add_terms(rows, sums[0].reshape(tokens, -1), matrix(tensors, "prior.map"))
    for r in range(rank if order > 1 else 0):
        product = sums[0][:, r]
        for g in sums[1:]:
            product = (product[:, :, None] * g[:, r, None]).reshape(tokens, -1)
        rows += product[:, :len(bias)]
    if "prior.free" in tensors:
        add_terms(rows, matrix(tensors, "prior.free"), matrix(tensors, "prior.free_map"))
    return rows


def float_rows(metadata, tensors):
    rows = prior_rows(metadata, tensors)
    if "residual.left" in tensors:
        left, right, mean = matrix(tensors, "residual.left"), matrix(tensors, "residual.right"), values(tensors, "residual.mean")
        rows = np.zeros((len(left), len(mean)), "f4") if rows is None else rows
        rows += mean
        add_terms(rows, left, right.T)
        if "residual.more" in tensors:
            more = matrix(tensors, "residual.more")
            add_terms(rows[:len(more)], more, right.T[-1:])
    return rows


def prior_rows(metadata, tensors):
    kinds = {"none": lambda *_: None, "additive": additive_rows, "product": product_rows}
    return kinds[metadata.get("prior", "none")](metadata, tensors)
