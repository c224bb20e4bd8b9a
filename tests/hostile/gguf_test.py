"""GGUF files that lie: every length, count, type and offset of the header, and the overflows other readers fell for."""
import struct

from cases import EDGES, try_all

U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)


def u32(value):
    return struct.pack("<I", value)


def u64(value):
    return struct.pack("<Q", value)


def text(value):
    raw = value if isinstance(value, bytes) else value.encode()
    return u64(len(raw)) + raw


def pair(key="k", kind=U32, value=u32(1)):
    return text(key) + u32(kind) + value


def info(name="x", extents=(4,), kind=24, offset=0):
    """A tensor info; type 24 is I8."""
    axes = b"".join(struct.pack("<Q", e % 2**64) for e in extents)
    return text(name) + u32(len(extents)) + axes + u32(kind) + u64(offset)


def file(infos=(), data=b"", pairs=(), magic=b"GGUF", version=3, tensors=None, keys=None, alignment=32):
    out = magic + u32(version) + u64(len(infos) if tensors is None else tensors) + u64(len(pairs) if keys is None else keys)
    out += b"".join(pairs) + b"".join(infos)
    return out + b"\0" * (-len(out) % alignment) + data


def main():
    good = file([info()], b"abcd", [pair("general.name", STRING, text("x"))])
    cases = {
        "empty": b"", "magic only": b"GGUF", "magic wrong": file(magic=b"GGML"), "magic reversed": file(magic=b"FUGG"),
        "version 0": file(version=0), "version 1": file(version=1), "version 4": file(version=4), "version big endian": file(version=3 << 24),
        "one tensor, none there": file(tensors=1), "one key, none there": file(keys=1),
        "two tensors, one there": file([info()], b"abcd", tensors=2), "key empty file": file(keys=2**16),
        "key of 65,536": file(pairs=[pair("k" * 65_536)]), "key length lies": file(pairs=[u64(1000) + b"k"]),
        "key twice": file(pairs=[pair(), pair()]), "value type 13": file(pairs=[pair(kind=13)]), "value type 255": file(pairs=[pair(kind=255)]),
        "value type 2^32-1": file(pairs=[pair(kind=2**32 - 1)]), "no value": file(pairs=[text("k") + u32(U64)])[:-20],
        "bool 2": file(pairs=[pair(kind=BOOL, value=b"\2")]), "bool 255": file(pairs=[pair(kind=BOOL, value=b"\xff")]),
        "bools of 2": file(pairs=[pair(kind=ARRAY, value=u32(BOOL) + u64(2) + b"\1\2")]),
        "array of arrays": file(pairs=[pair(kind=ARRAY, value=u32(ARRAY) + u64(1) + u32(U8) + u64(1) + b"\0")]),
        "array of type 13": file(pairs=[pair(kind=ARRAY, value=u32(13) + u64(1) + b"\0" * 8)]),
        "texts in array lie": file(pairs=[pair(kind=ARRAY, value=u32(STRING) + u64(2) + text("a") + u64(2**40))]),
        "name of 65": file([info("n" * 65)], b"abcd"), "name length lies": file([u64(60) + b"x"]), "name twice": file([info(), info(offset=32)], b"a" * 36),
        "5 axes": file([info(extents=(1, 1, 1, 1, 1))], b"a"), "2^32-1 axes": file([text("x") + u32(2**32 - 1)]),
        "extent 0": file([info(extents=(0,))]), "extent 0 second": file([info(extents=(4, 0))]), "extent -1": file([info(extents=(-1,))]),
        "extent -2^63": file([info(extents=(-2**63,))]), "(2^63-1, 2)": file([info(extents=(2**63 - 1, 2))]),
        "(2^63-1, 2) as F32": file([info(extents=(2**63 - 1, 2), kind=0)]), "(2^62, 4)": file([info(extents=(2**62, 4))]),
        "(2^32, 2^32)": file([info(extents=(2**32, 2**32))]), "four of 2^16": file([info(extents=(2**16,) * 4)]),
        "2^61 of F64": file([info(extents=(2**61,), kind=28)]), "2^63-32 of Q8_0": file([info(extents=(2**63 - 32,), kind=8)]),
        "type 4": file([info(kind=4)], b"abcd"), "type 5": file([info(kind=5)], b"abcd"), "type 31": file([info(kind=31)], b"abcd"),
        "type 1000": file([info(kind=1000)], b"abcd"), "type 2^32-1": file([info(kind=2**32 - 1)], b"abcd"),
        "Q8_0 rows of 33": file([info(extents=(33,), kind=8)], b"a" * 68), "Q4_0 rows of 16": file([info(extents=(16, 2), kind=2)], b"a" * 18),
        "Q6_K rows of 128": file([info(extents=(128, 2), kind=14)], b"a" * 210), "data short": file([info()], b"abc"), "no data": file([info()]),
        "data long": file([info()], b"abcd" + b"x" * 60), "polyglot tail": file([info()], b"abcd" + b"\0" * 28 + b"PK\3\4"),
        "offset 1": file([info(offset=1)], b"abcde"), "offset 32": file([info(offset=32)], b"a" * 36), "overlap": file([info("a"), info("b")], b"abcd"),
        "hole": file([info("a"), info("b", offset=64)], b"a" * 68), "no padding": file([info("a"), info("b", offset=4)], b"a" * 8),
        "reversed": file([info("a", offset=32), info("b")], b"a" * 36),
        "alignment as u64": file([info()], b"abcd", [pair("general.alignment", U64, u64(32))]),
        "alignment as text": file([info()], b"abcd", [pair("general.alignment", STRING, text("32"))]),
    }
    for alignment in (0, 3, 5, 31, 33, 48, 2**32 - 1, 2**31):
        cases[f"alignment {alignment}"] = file([info()], b"abcd", [pair("general.alignment", U32, u32(alignment))])
    for edge in EDGES:
        cases[f"{edge} tensors"] = file(tensors=edge)
        cases[f"{edge} keys"] = file(keys=edge)
        cases[f"text of {edge}"] = file(pairs=[pair(kind=STRING, value=u64(edge))])
        cases[f"key of {edge}"] = file(pairs=[u64(edge)])
        cases[f"extent {edge}"] = file([info(extents=(edge,))], b"abcd")
        cases[f"offset {edge}"] = file([info(offset=edge)], b"abcd")
        for kind in (U8, U64, STRING):
            cases[f"array of {edge} of type {kind}"] = file(pairs=[pair(kind=ARRAY, value=u32(kind) + u64(edge))])
    for size in range(1, len(good)):
        cases[f"cut at {size}"] = good[:size]
    kinds = {U8: b"\1", I8: b"\1", U16: b"ab", I16: b"ab", U32: b"abcd", I32: b"abcd", F32: b"abcd", BOOL: b"\1", U64: b"abcdabcd", I64: b"abcdabcd",
             F64: b"abcdabcd", STRING: text("é")}
    accepted = {
        "nothing": file(), "version 2": file(version=2), "padded end": file([info()], b"abcd" + b"\0" * 28),
        "every kind": file(pairs=[pair(str(k), k, v) for k, v in kinds.items()]),
        "arrays": file(pairs=[pair(str(k), ARRAY, u32(k) + u64(2) + v * 2) for k, v in kinds.items()]),
        "100,000 texts": file(pairs=[pair("t", ARRAY, u32(STRING) + u64(100_000) + text("tok") * 100_000)]),
        "alignment 1": file([info("a"), info("b", offset=4)], b"a" * 8, [pair("general.alignment", U32, u32(1))], alignment=1),
    }
    try_all({**cases, **accepted}, 60, "hostile.gguf", accepted=accepted)


if __name__ == "__main__":
    main()
