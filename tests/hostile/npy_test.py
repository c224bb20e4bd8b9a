"""npy files that lie: headers, types, shapes and sizes."""
import io
import pickle
import struct

import numpy as np

from cases import EDGES, try_all


def raw(header, data=b"", version=(1, 0), length=None):
    text = header if isinstance(header, bytes) else header.encode()
    size = len(text) if length is None else length
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if version[0] == 1 else "<I", size) + text + data


def head(descr="'|u1'", order="False", shape="(2,)", end="}\n"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, {end}"


def main():
    good = raw(head(), b"xy")
    cases = {
        "empty": b"", "magic cut": b"\x93NUM", "magic wrong": b"\x93NUMPX" + good[6:], "no version": b"\x93NUMPY",
        "version 0": raw(head(), b"xy", (0, 0)), "version 4": raw(head(), b"xy", (4, 0)), "version 1.1": raw(head(), b"xy", (1, 1)),
        "version 255": raw(head(), b"xy", (255, 255)), "header longer than file": raw(head(), b"", length=5000),
        "header of 10,001": raw(head() [:-1] + " " * 10_000 + "\n", b"xy"), "header of 0": raw("", b"xy"),
        "v2 header of 4 GiB": raw(head(), b"xy", (2, 0), 2**32 - 1), "v3 header of 2 GiB": raw(head(), b"xy", (3, 0), 2**31),
        "no line end": raw(head(end="}"), b"xy"), "text after": raw(head(end="} x\n"), b"xy"), "unclosed": raw(head(end="\n"), b"xy"),
        "empty dict": raw("{}\n"), "a list": raw("[]\n"), "None": raw("None\n"), "no descr": raw("{'fortran_order': False, 'shape': (2,)}\n", b"xy"),
        "no order": raw("{'descr': '|u1', 'shape': (2,)}\n", b"xy"), "no shape": raw("{'descr': '|u1', 'fortran_order': False}\n", b"xy"),
        "key twice": raw(head(end="'descr': '|u1'}\n"), b"xy"), "unknown key": raw(head(end="'x': 1}\n"), b"xy"),
        "unquoted key": raw("{descr: '|u1', 'fortran_order': False, 'shape': (2,)}\n", b"xy"),
        "unclosed quote": raw("{'descr\n"), "mixed quotes": raw(head(descr="'|u1\""), b"xy"),
        "objects": raw(head(descr="'|O'"), pickle.dumps([1, 2])), "structured": raw(head(descr="[('a', '<f4')]"), b"abcd" * 2),
        "big endian": raw(head(descr="'>f4'"), b"abcd" * 2), "text type": raw(head(descr="'<U1'"), b"abcd" * 2),
        "complex": raw(head(descr="'<c8'"), b"abcd" * 4), "float128": raw(head(descr="'<f16'"), b"abcd" * 8),
        "dates": raw(head(descr="'<M8[ns]'"), b"abcd" * 4), "void": raw(head(descr="'|V1'"), b"xy"), "bool": raw(head(descr="'|b1'"), b"\1\2"),
        "u2": raw(head(descr="'<u2'"), b"abcd"), "empty type": raw(head(descr="''"), b"xy"), "type number": raw(head(descr="1"), b"xy"),
        "order 0": raw(head(order="0"), b"xy"), "order text": raw(head(order="'False'"), b"xy"), "order true": raw(head(order="true"), b"xy"),
        "shape number": raw(head(shape="2"), b"xy"), "shape list": raw(head(shape="[2]"), b"xy"), "shape (2)": raw(head(shape="(2)"), b"xy"),
        "shape negative": raw(head(shape="(-2,)"), b"xy"), "shape float": raw(head(shape="(2.0,)"), b"xy"), "shape long": raw(head(shape="(2L,)"), b"xy"),
        "shape hex": raw(head(shape="(0x2,)"), b"xy"), "shape plus": raw(head(shape="(+2,)"), b"xy"), "shape product": raw(head(shape="(1*2,)"), b"xy"),
        "two commas": raw(head(shape="(2,,)"), b"xy"), "no comma": raw(head(shape="(1 2)"), b"xy"), "33 axes": raw(head(shape="(" + "1," * 33 + ")"), b"x"),
        "data short": raw(head(), b"x"), "data long": raw(head(), b"xyz"), "tail": good + b"PK\3\4", "code": raw("__import__('os').system('true')\n"),
        "product overflows": raw(head(shape="(4294967296, 4294967296)")), "product overflows to 2": raw(head(shape="(9223372036854775807, 2)"), b"xy"),
        "zero times huge": raw(head(descr="'<f8'", shape="(0, 9223372036854775807, 2)"), b"x"),
    }
    for edge in EDGES:
        cases[f"extent {edge}"] = raw(head(shape=f"({edge},)"), b"xy")
        cases[f"f8 of {edge} x 3"] = raw(head(descr="'<f8'", shape=f"({edge}, 3)"), b"xy")
    for size in range(len(good)):
        cases[f"cut at {size}"] = good[:size]
    accepted = {}
    for array in (np.zeros((3, 2), "f4"), np.zeros((0, 5), "f8"), np.float16(3), np.asfortranarray(np.ones((4, 3), "i8"))):
        buffer = io.BytesIO()
        np.save(buffer, array)
        accepted[f"numpy's {array.dtype} {array.shape}"] = buffer.getvalue()
    for version in ((2, 0), (3, 0)):
        accepted[f"version {version[0]}"] = raw(head(), b"xy", version)
    cases.pop("cut at 0")
    try_all({**cases, **accepted}, 40, "hostile.npy", accepted=accepted)


if __name__ == "__main__":
    main()
