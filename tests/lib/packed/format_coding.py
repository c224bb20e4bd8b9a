"""What a table file's numbers are coded with, by lib/packed/FORMAT.md: bytes, bit streams, frequency tables, rANS, levels.
Blocks are read side by side, a number of each at a time.
"""
import struct

import numpy as np

SLOTS = 4096
ESCAPE = 47


class Bytes:
    """Bytes read from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        assert 0 <= count <= len(self.data) - self.at, "cut short"
        self.at += count
        return self.data[self.at - count:self.at]

    def value(self, kind):
        return struct.unpack("<" + kind, self.take(struct.calcsize("<" + kind)))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value


class Bits:
    """A bit stream."""

    def __init__(self, data):
        self.whole, self.left = int.from_bytes(data, "little"), 8 * len(data)

    def bits(self, count):
        assert count <= self.left, "the bit stream is cut short"
        value = self.whole & ((1 << count) - 1)
        self.whole >>= count
        self.left -= count
        return value

    def number(self, order):
        width = order
        while self.bits(1) == 0:
            width += 1
            assert width <= 31
        return self.bits(width) + (1 << width) - (1 << order)

    def signed(self, order):
        n = self.number(order)
        return n // 2 if n % 2 == 0 else -(n + 1) // 2

    def sums(self, count, order, first=0):
        """`count` numbers, each stored less the one before it."""
        values = []
        for _ in range(count):
            first += self.signed(order)
            values.append(first)
        return values


def slots_of(grades):
    weights = [0 if a == 0 else (1024, 1218, 1448, 1722)[(a - 1) % 4] << ((a - 1) // 4) for a in grades]
    total = sum(weights)
    if total == 0:
        return [SLOTS] + [0] * (len(grades) - 1)
    slots = [max(1, w * SLOTS // total) if w else 0 for w in weights]
    slots[slots.index(max(slots))] += SLOTS - sum(slots)
    return slots


class Tables:
    """Frequency tables laid side by side: the owner of each slot, and where each symbol's slots lie."""

    def __init__(self, models):
        symbols = max(map(len, models))
        self.owner = np.zeros((len(models), SLOTS), "u1")
        self.start, self.frequency = (np.zeros((len(models), symbols), "u8") for _ in range(2))
        for m, grades in enumerate(models):
            slots = slots_of(grades)
            self.owner[m] = np.repeat(np.arange(len(slots), dtype="u1"), slots)
            self.frequency[m, :len(slots)] = slots
            self.start[m, :len(slots)] = np.cumsum(slots) - slots


class Lanes:
    """rANS readers of many blocks, one a lane. `which` names the lanes that read, as indices."""

    def __init__(self, blocks):
        lengths = np.array([len(block) for block in blocks], "i8")
        self.end = np.cumsum(lengths)
        data = np.frombuffer(b"".join(blocks) + bytes(4), "u1").astype("u8")
        self.word = data[:-3] | data[1:-2] << np.uint64(8) | data[2:-1] << np.uint64(16) | data[3:] << np.uint64(24)
        self.x = np.array([int.from_bytes(block[:len(block) % 4], "big") for block in blocks], "u8")
        self.at = self.end - lengths // 4 * 4
        for _ in range(2):
            self.refill(np.arange(len(blocks)))

    def refill(self, which):
        which = which[(self.x[which] < 1 << 31) & (self.at[which] + 4 <= self.end[which])]
        self.x[which] = self.x[which] << np.uint64(32) | self.word[self.at[which]]
        self.at[which] += 4

    def advance(self, which, start, frequency):
        x = self.x[which]
        self.x[which] = frequency * (x >> np.uint64(12)) + (x & np.uint64(SLOTS - 1)) - start
        self.refill(which)

    def symbols(self, which, tables, model):
        symbol = tables.owner[model, self.x[which] & np.uint64(SLOTS - 1)]
        self.advance(which, tables.start[model, symbol], tables.frequency[model, symbol])
        return symbol.astype("i8")

    def plain(self, which, count):
        """`count` bits of each lane, as they are."""
        value, count = np.zeros(len(which), "i8"), count.copy()
        while (count > 0).any():
            some = np.flatnonzero(count > 0)
            bits = np.minimum(count[some], 12)
            unit = np.uint64(1) << (12 - bits).astype("u8")
            part = (self.x[which[some]] & np.uint64(SLOTS - 1)) // unit
            self.advance(which[some], part * unit, unit)
            value[some] = value[some] << bits | part.astype("i8")
            count[some] -= bits
        return value

    def levels(self, which, tables, model, shift):
        symbol = self.symbols(which, tables, model)
        size, negative = (symbol + 1) // 2, symbol % 2 == 0
        rest = np.flatnonzero((symbol == ESCAPE) | (symbol > 0) & (shift > 0))
        if len(rest):
            h = size[rest] - 1
            escaped = symbol[rest] == ESCAPE
            if escaped.any():
                negative[rest[escaped]], h[escaped] = self.escape(which[rest[escaped]])
            size[rest] = (h << shift[rest]) + self.plain(which[rest], shift[rest]) + 1
        return np.where(negative, -size, size)

    def escape(self, which):
        one = np.ones(len(which), "i8")
        negative = self.plain(which, one) == 1
        width, more = 3 * one, np.arange(len(which))
        while len(more):
            more = more[width[more] < 29]
            more = more[self.plain(which[more], one[more]) == 0]
            width[more] += 1
        return negative, self.plain(which, width) + (1 << width) - 8 + 23

    def check_ends(self):
        assert not self.x.any() and (self.at == self.end).all(), "a block is damaged"


def bucket(scale):
    return np.clip((np.asarray(scale) + 1 >> 1) + 20, 0, 63)


SHIFT = np.array([0 if b < 24 else (b - 20) // 2 - 1 for b in range(64)])


class ValueModels:
    """Grades of 48 symbols and offsets by size (0 for level 0), for each of 64 buckets."""

    def __init__(self, stream):
        self.grades, self.offset = [], np.zeros((64, 4), "i8")
        for b in range(64):
            sizes = [0] * 25
            if stream.bits(1):
                used = stream.bits(5)
                sizes[:used] = stream.sums(used, 2, 49)
                self.offset[b, 1:] = [stream.signed(3) for _ in range(3)]
            self.grades.append([sizes[0]] + [a for a in sizes[1:24] for _ in "+-"] + [sizes[24]])
