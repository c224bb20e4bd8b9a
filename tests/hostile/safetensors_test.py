"""Safetensors files that lie: every rule of the format, broken one at a time."""
import json
import struct

from cases import EDGES, try_all


def raw(header, data=b""):
    text = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(text)) + text + data


def one(name="a", dtype='"U8"', shape="[2]", offsets="[0,2]", more="", data=b"xy"):
    return raw(f'{{"{name}":{{"dtype":{dtype},"shape":{shape},"data_offsets":{offsets}{more}}}}}', data)


def main():
    good = one()
    cases = {
        "empty file": b"", "one byte": b"\0", "seven bytes": b"\0" * 7, "no header": struct.pack("<Q", 0),
        "header longer than file": struct.pack("<Q", 100) + b"{}", "header is null": raw("null"), "header is []": raw("[]"),
        "header is a number": raw("12"), "header is a string": raw('"a"'), "BOM": raw(b"\xef\xbb\xbf{}"),
        "leading space": raw(" {}"), "trailing line feed": raw("{}\n"), "trailing tab": raw("{}\t"),
        "two objects": raw("{}{}"), "comma only": raw("{,}"), "unclosed": raw("{"), "comment": raw("{/*x*/}"),
        "invalid UTF-8": raw(b'{"\xff":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
        "overlong UTF-8": raw(b'{"\xc0\xaf":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
        "surrogate": raw(b'{"\xed\xa0\x80":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
        "zero byte in header": raw(b'{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}\0junk', b"xy"),
        "escaped zero in name": one(name="a\\u0000b"), "line feed in name": one(name="a\\nb"),
        "entry is null": raw('{"a":null}'), "entry is a list": raw('{"a":[]}'), "entry is text": raw('{"a":"b"}'),
        "empty entry": raw('{"a":{}}'), "no dtype": raw('{"a":{"shape":[0],"data_offsets":[0,0]}}'),
        "no shape": raw('{"a":{"dtype":"U8","data_offsets":[0,0]}}'), "no offsets": raw('{"a":{"dtype":"U8","shape":[0]}}'),
        "unknown key": one(more=',"x":1'), "nested object": one(more=',"x":{}'), "dtype twice": one(more=',"dtype":"U8"'),
        "offsets twice": one(more=',"data_offsets":[0,2]'), "dtype unknown": one(dtype='"U7"'), "dtype empty": one(dtype='""'),
        "dtype number": one(dtype="8"), "dtype null": one(dtype="null"), "dtype lower case": one(dtype='"u8"'),
        "shape number": one(shape="2"), "shape text": one(shape='"2"'), "shape nested": one(shape="[[2]]"),
        "shape float": one(shape="[2.0]"), "shape exponent": one(shape="[2e0]"), "shape negative": one(shape="[-2]"),
        "shape minus zero": one(shape="[-0]", offsets="[0,0]", data=b""), "shape bool": one(shape="[true]"),
        "shape null": one(shape="[null]"), "shape of 33 axes": one(shape=json.dumps([1] * 32 + [2])),
        "shape too small": one(shape="[1]"), "shape too large": one(shape="[3]"),
        "shape product overflows": one(shape="[4294967296,4294967296]", offsets="[0,0]", data=b""),
        "shape product overflows to 2": one(shape="[9223372036854775807,2,9223372036854775807]"),
        "dtype size overflows": one(dtype='"F64"', shape="[2305843009213693952]", offsets="[0,0]", data=b""),
        "one offset": one(offsets="[0]"), "three offsets": one(offsets="[0,1,2]"), "no offsets inside": one(offsets="[]"),
        "reversed offsets": one(offsets="[2,0]"), "negative offset": one(offsets="[-1,1]"), "float offset": one(offsets="[0,2.0]"),
        "begins at 1": one(offsets="[1,3]", data=b"xyz"), "past the end": one(data=b"x"), "data left over": one(data=b"xyz"),
        "polyglot tail": good + b"PK\3\4" + b"\0" * 30, "data without tensors": raw("{}", b"x"),
        "metadata list": raw('{"__metadata__":[]}'), "metadata number": raw('{"__metadata__":{"a":1}}'),
        "metadata object": raw('{"__metadata__":{"a":{}}}'), "metadata null": raw('{"__metadata__":{"a":null}}'),
        "metadata twice": raw('{"__metadata__":{},"__metadata__":{}}'),
        "metadata key twice": raw('{"__metadata__":{"a":"1","a":"2"}}'),
        "metadata as tensor": raw('{"__metadata__":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
        "name of 5,000 bytes": one(name="n" * 5000), "header of 100,000,001": struct.pack("<Q", 100_000_001) + b"{}",
        "nested 100,000 deep": raw("[" * 100_000), "objects 100,000 deep": raw('{"a":' * 100_000),
        "a 4 MB list": raw('{"a":{"dtype":"U8","shape":[' + "0," * 2_000_000 + '0],"data_offsets":[0,0]}}'),
        "a 30 MB name": one(name="n" * 30_000_000), "a 30 MB number": one(shape="[" + "1" * 30_000_000 + "]"),
        "a 30 MB header of spaces": raw("{" + " " * 30_000_000),
    }
    for edge in EDGES:
        cases[f"header length {edge}"] = struct.pack("<Q", edge) + b"{}"
        cases[f"extent {edge}"] = one(shape=f"[{edge}]")
        cases[f"offset {edge}"] = one(offsets=f"[0,{edge}]")
        cases[f"offsets at {edge}"] = one(offsets=f"[{edge},{edge}]", shape="[0]")

    def entry(begin, end):
        return {"dtype": "U8", "shape": [end - begin], "data_offsets": [begin, end]}
    for label, (a, b) in {"overlap": ((0, 2), (1, 3)), "same range": ((0, 2), (0, 2)), "hole": ((0, 1), (2, 3)),
                          "inside": ((0, 3), (1, 2))}.items():
        cases[label] = raw(json.dumps({"a": entry(*a), "b": entry(*b)}), b"xyz")
    cases["same name twice"] = raw('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                                   '"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', b"xy")
    cases["escaped same name"] = raw('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                                     '"\\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', b"xy")
    cases["100,000 tensors on one range"] = raw(json.dumps({str(i): entry(0, 160) for i in range(100_000)}), b"x" * 160)
    cases["300,000 tensors"] = raw(json.dumps({str(i): entry(0, 0) for i in range(300_000)}))
    cases["70,000 metadata entries"] = raw(json.dumps({"__metadata__": {str(i): "" for i in range(70_000)}}))
    for size in range(1, len(good)):
        cases[f"cut at {size}"] = good[:size]
    accepted = {
        "no tensors": raw("{}"), "padded with spaces": raw("{}   "), "empty tensor": one(shape="[0,5]", offsets="[0,0]", data=b""),
        "scalar": one(shape="[]", offsets="[0,1]", data=b"x"), "metadata last": raw('{"__metadata__":{"a":"b"}}'),
        "100,000 empty tensors": raw(json.dumps({str(i): entry(0, 0) for i in range(100_000)})),
        "empty between": raw(json.dumps({"a": entry(0, 1), "b": entry(1, 1), "c": entry(1, 3)}), b"xyz"),
        "out of order": raw(json.dumps({"b": entry(1, 3), "a": entry(0, 1)}), b"xyz"),
    }
    try_all({**cases, **accepted}, 60, "hostile.safetensors", accepted=accepted)


if __name__ == "__main__":
    main()
