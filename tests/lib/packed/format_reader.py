"""A second reader of table files: numpy, and lib/packed/FORMAT.md, from which it and the modules format_coding and
format_priors were written; nothing of the command's own code. Checksums are held if the module xxhash (Debian:
python3-xxhash) is there.

    /usr/bin/python3 tests/lib/packed/format_reader.py TABLE OUT.npy
"""
import json
import struct
import sys

import numpy as np

from format_coding import SHIFT, Bits, Bytes, Lanes, Tables, ValueModels, bucket
from format_priors import float_rows, prior_rows

try:
    import xxhash
except ImportError:
    xxhash = None

SECTION = 262144  # bytes of blocks that have a checksum of their own


def read_container(path):
    """(metadata, {name: (dtype, shape, bytes)}) of a safetensors file."""
    with open(path, "rb") as file:
        raw = file.read()
    (size,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + size])
    metadata = header.pop("__metadata__", {})
    return metadata, {name: (e["dtype"], e["shape"], raw[8 + size + e["data_offsets"][0]:8 + size + e["data_offsets"][1]])
                      for name, e in header.items()}


class RowModels:
    def __init__(self, stream, coefficients):
        self.trellis_bits = 2 + stream.bits(4)
        self.below = [stream.bits(6) for _ in range(3)]
        self.gain_low = stream.signed(4)
        self.gains, classes = stream.number(2), stream.number(2)
        scale = stream.sums(coefficients, 1)
        class_scale = [stream.signed(4) for _ in range(classes)]
        self.bucket = bucket(np.add.outer(class_scale, scale).reshape(classes, coefficients).astype("i8"))
        self.extent = np.array([coefficients - stream.number(6) for _ in range(classes)])
        self.gain_tables = Tables([stream.sums(self.gains, 2) for _ in range(self.gains + 1)])
        contexts = self.gains if self.gains > 1 else classes + 1
        self.class_tables = Tables([stream.sums(classes, 2) for _ in range(contexts)])
        values = [ValueModels(stream) for _ in range(2)]
        self.tables = Tables(values[0].grades + values[1].grades)  # model 64 q + b
        self.offset = np.concatenate([values[0].offset, values[1].offset - 32])

    def trellis(self):
        at = self.trellis_bits - 2
        return (np.array([0o5, 0o13, 0o23, 0o45, 0o103, 0o235, 0o515, 0o1017, 0o2121, 0o5205])[at] // 2,
                np.array([0o2, 0o4, 0o4, 0o10, 0o24, 0o126, 0o362, 0o342, 0o1132, 0o2462])[at] // 2)

    def row_step(self, step):
        """By g."""
        n = self.gain_low + np.arange(self.gains)
        return (step / np.where(n % 2, 1.4142135623730951, 1.0) * 2.0 ** -(n // 2)).astype("f4")


def read_rows(models, blocks, block_tokens, tokens):
    """(parts (tokens, coefficients), g by token)."""
    coefficients = models.bucket.shape[1]
    parts, gain = np.zeros((tokens, coefficients), "i8"), np.zeros(tokens, "i8")
    if not blocks:
        return parts, gain
    lanes, state = Lanes(blocks), np.zeros(len(blocks), "i8")
    g, c = np.full(len(blocks), models.gains), np.full(len(blocks), len(models.extent))
    for r in range(min(block_tokens, tokens)):
        token = np.arange(r, tokens, block_tokens)
        which = np.arange(len(token))
        g = gain[token] = lanes.symbols(which, models.gain_tables, g[which])
        c = lanes.symbols(which, models.class_tables, g if models.gains > 1 else c[which])
        parts[token] = read_numbers(models, lanes, c, state)
    lanes.check_ends()
    return parts, gain


def read_numbers(models, lanes, row_class, state):
    """A row of each block; `state` of the trellis goes on."""
    h0, h1 = models.trellis()
    extent = models.extent[row_class]
    count = len(row_class)
    numbers = np.zeros((models.bucket.shape[1], count), "i8")
    joint = 1 + (models.bucket[:, :, None] < models.below).sum(2)
    whole = np.array([65536, 46341, 37837, 32768])
    signs = np.array([0, 0o3364, 0o1540, 0o2352])
    left, place, met = (np.zeros(count, "i8") for _ in range(3))  # of joint levels; `met`: state they were coded in
    value = np.zeros(count, "i8")
    for k in range(extent.max(initial=0)):
        coded = np.flatnonzero((left == 0) & (k < extent))
        b, n = models.bucket[row_class[coded], k], joint[row_class[coded], k]
        s = state[coded]
        q = s & 1
        v = lanes.levels(coded, models.tables, 64 * q + b, SHIFT[b])
        size = abs(v)
        p = (64 * size + models.offset[64 * q + b, np.minimum(size, 3)]) * whole[n - 1] + 32768 >> 16
        value[coded] = np.sign(v) * p
        state[coded] = s >> 1 ^ q * h0 ^ (v - (q & (v > 0)) & 1) * h1
        place = np.minimum(place + 1, 3)
        left -= 1
        place[coded], left[coded], met[coded] = 0, n - 1, s
        other = parity(met & signs[place])
        numbers[k] = np.where(k < extent, np.where(other, -value, value), 0)
    return numbers.T


def parity(bits):
    for by in (8, 4, 2, 1):
        bits = bits ^ bits >> by
    return bits & 1


class Basis:
    """Whole numbers `entry` (rows, dims), row 0 the mean, and the fineness of each row."""

    def __init__(self, stream, data, rows, dims, unit):
        self.unit = unit
        self.orthonormal = orthonormal = bool(stream.bits(1))
        self.fineness = stream.sums(min(rows, 2) if orthonormal else rows, 1)
        self.fineness += self.fineness[-1:] * (rows - len(self.fineness))
        buckets = bucket(stream.sums(rows, 1))
        values = ValueModels(stream)
        lengths = [dims - max(0, r - 1) if orthonormal else dims for r in range(rows)]
        source = Bytes(data)
        lanes = Lanes([source.take(stream.number(10)) for _ in range(0, rows, 16)])
        assert source.at == len(data)
        order = [np.repeat(buckets[r:r + 16], lengths[r:r + 16]) for r in range(0, rows, 16)]
        numbers = np.zeros((len(order), max(map(len, order))), "i8")
        tables = Tables(values.grades)
        for i in range(numbers.shape[1]):
            which = np.array([lane for lane, own in enumerate(order) if i < len(own)])
            b = np.array([order[lane][i] for lane in which])
            v = lanes.levels(which, tables, b, SHIFT[b])
            size = abs(v)
            numbers[which, i] = np.sign(v) * (64 * size + values.offset[b, np.minimum(size, 3)] >> 6)
        lanes.check_ends()
        each = np.split(np.concatenate([own[:len(by)] for own, by in zip(numbers, order)]), np.cumsum(lengths)[:-1])
        assert all((abs(own) <= 32000).all() for own in each)
        self.entry, self.from_half = np.zeros((rows, dims), "i8"), np.full((rows, dims), np.inf)
        if orthonormal and rows > 1:
            self.entry[0] = each[0]
            vectors = frame(each[1:], dims) / self.width(1)
            self.entry[1:] = np.clip(np.sign(vectors) * np.floor(abs(vectors) + 0.5), -32000, 32000)
            self.from_half[1:] = abs(abs(vectors) % 1 - 0.5) * self.width(1)
        else:
            self.entry[:] = each

    def unsure(self, error=2.0**-22):
        """(coefficients, dims): the width of entries that an error of the vector may round otherwise, 0 elsewhere."""
        return np.where(self.from_half[1:] < error, self.width(1) if len(self.entry) > 1 else 0.0, 0.0)

    def width(self, row):
        f = self.fineness[row]
        return float(self.unit) * (1.0, 0.8408964152537145, 0.7071067811865476, 0.5946035575013605)[f % 4] * 2.0 ** -(f // 4)

    def mean(self):
        return (self.width(0) * self.entry[0]).astype("f4") + np.float32(0)

    def runs(self):
        """[fineness, [(vector, shift)]], in the order they are added."""
        f = self.fineness[1:]
        largest = np.maximum(1, abs(self.entry[1:]).max(1)).tolist()
        runs, open_run, k = [], {}, 0
        while k < len(f):
            pair = [k, k + 1] if k + 1 < len(f) and f[k] == f[k + 1] else [k]
            k += len(pair)
            most, total = max(largest[i] for i in pair), sum(largest[i] for i in pair)
            run = open_run.get(f[pair[0]] % 4)
            shift = (run["fineness"] - f[pair[0]]) // 4 if run else -1
            if not (0 <= shift < 15 and most << shift <= 32767 and run["sum"] + (total << shift) <= 65538 and run["pairs"] < 96):
                run, shift = {"fineness": f[pair[0]], "sum": 0, "pairs": 0, "vectors": []}, 0
                runs.append(run)
                open_run[f[pair[0]] % 4] = run
            run["sum"] += total << shift
            run["pairs"] += 1
            run["vectors"] += [(i, shift) for i in pair]
        return runs

    def add_up(self, parts, row_step):
        """Rows of `parts` (tokens, coefficients) at their steps."""
        rows = np.repeat(self.mean()[None], len(parts), 0)
        small = np.where(abs(parts) > 32767, 0, parts)
        placed = {}
        for run in self.runs():
            vectors, shifts = map(list, zip(*run["vectors"]))
            width = np.float32(self.width(1 + vectors[0]) / 64)
            entries = self.entry[[1 + k for k in vectors]] << np.array(shifts)[:, None]
            exact = small[:, vectors].astype("f8") @ entries.astype("f8")  # whole, below 2^31
            rows += exact.astype("f4") * (row_step * width)[:, None]
            placed.update({k: (width, entries[i].astype("f4")) for i, k in enumerate(vectors)})
        for k in np.flatnonzero((abs(parts) > 32767).any(0)):
            some = np.flatnonzero(abs(parts[:, k]) > 32767)
            width, entries = placed[k]
            rows[some] += (parts[some, k].astype("f4") * (row_step[some] * width))[:, None] * entries
        return rows


def frame(coordinates, dims):
    """Orthonormal vectors, in double precision."""
    count = len(coordinates)
    columns = np.eye(dims, count)
    for k in range(count - 1, -1, -1):
        a = coordinates[k].astype("f8")
        w, factor, sign = np.zeros(len(a)), 2.0, -1.0
        w[0] = 1
        if a.any():
            u = a / np.sqrt((a * a).sum())
            w[1:] = u[1:] / (u[0] + (-1 if u[0] < 0 else 1))
            factor, sign = 2 / (w @ w), 1.0 if a[0] < 0 else -1.0
        columns[k:, k:] -= np.outer(factor * w, w @ columns[k:, k:])
        columns[:, k] *= sign
    return columns.T


class PackedCode:
    """residual.code, read."""

    def __init__(self, data):
        code = Bytes(data)
        assert code.value("B") == 4
        check = code.value("Q")
        checked = code.at
        self.tokens, dims, coefficients, self.block_tokens = (code.varint() for _ in range(4))
        self.step, unit = code.value("f"), code.value("f")
        lengths = [code.varint() for _ in range(4)]
        parameters, basis, index = (code.take(length) for length in lengths[:3])
        checks = code.take(8 * -(-lengths[3] // SECTION))
        held(data[checked:code.at], check)
        blocks = code.take(lengths[3])
        assert code.at == len(data)
        for i, (want,) in enumerate(struct.iter_unpack("<Q", checks)):
            held(blocks[SECTION * i:SECTION * (i + 1)], want)
        stream = Bits(parameters)
        self.models = RowModels(stream, coefficients)
        self.basis = Basis(stream, basis, coefficients + 1, dims, unit)
        self.parts, self.gain = read_rows(self.models, self.cut(blocks, index), self.block_tokens, self.tokens)
        self.row_step = self.models.row_step(self.step)[self.gain]

    def cut(self, blocks, index):
        """The blocks, each its own bytes."""
        count, lengths, each = -(-self.tokens // self.block_tokens), Bytes(index), Bytes(blocks)
        if count:
            shortest, width = lengths.varint(), lengths.value("B")
            more = Bits(lengths.take((count * width + 7) // 8))
            cut = [each.take(shortest + more.bits(width)) for _ in range(count)]
        assert lengths.at == len(index) and each.at == len(blocks)
        return cut if count else []

    def rows(self):
        return self.basis.add_up(self.parts, self.row_step)

    def slack(self):
        """(tokens, dims): how far rows may lie off because a frame's entries are so near a half that float32 may round them
        otherwise.
        """
        return abs(self.parts) * (self.row_step[:, None] / 64) @ self.basis.unsure()


def held(data, want):
    """Refuses bytes whose short checksum is another."""
    assert xxhash is None or xxhash.xxh3_128_intdigest(data) >> 64 == want, "damaged"


def varint(value):
    return bytes([value & 127 | 128]) + varint(value >> 7) if value >> 7 else bytes([value])


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return varint(len(value)) + value


def checksum(metadata, tensors):
    """The metadata entry of that name, of either kind of table."""
    floats = "residual" in metadata
    keys = sorted(set(metadata) - ({"checksum"} if floats else {"checksum", "nonfinite"}), key=str.encode)
    spelled = varint(len(keys)) if floats else b""
    spelled += b"".join(text(key) + text(metadata[key]) for key in keys)
    for name in sorted(tensors, key=str.encode):
        dtype, shape, raw = tensors[name]
        spelled += text(name) + text(dtype) + (varint(len(shape)) if floats else b"") + b"".join(map(varint, shape))
        if floats:
            spelled += text("xxh128:" + xxhash.xxh3_128_hexdigest(raw))
        elif name != "residual.code":
            spelled += struct.pack("<Q", xxhash.xxh3_128_intdigest(raw) >> 64)
    return xxhash.xxh3_128_hexdigest(spelled)[:16]


def read_table(path):
    """(rows (tokens, dims), slack: the same shape, see PackedCode)."""
    metadata, tensors = read_container(path)
    assert metadata["format"] == "sememe.table.1", metadata
    if xxhash and metadata["checksum"] != "none":
        assert metadata["checksum"] == checksum(metadata, tensors), "damaged"
    if "residual" in metadata:
        rows = float_rows(metadata, tensors)
        return rows, np.zeros(rows.shape)
    code, prior = PackedCode(tensors["residual.code"][2]), prior_rows(metadata, tensors)
    rows = code.rows()
    return rows if prior is None else rows + prior, code.slack()


if __name__ == "__main__":
    np.save(sys.argv[2], read_table(sys.argv[1])[0])
