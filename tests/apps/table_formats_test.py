"""Every format of table through `sememe train` and `fit`: the rows the command read, rebuilt almost without loss, are those an
oracle written here reads; and a table of ours is itself a table.
"""
import json
import struct

import numpy as np

import support

TOKENS, DIMS = 40, 256


def half(bytes_):
    return np.frombuffer(bytes_, "<f2").astype("f4")


def gguf(kind, data):
    """A file with one tensor token_embd.weight of TOKENS x DIMS elements of a GGML type."""
    name = b"token_embd.weight"
    out = b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + struct.pack("<Q", len(name)) + name
    out += struct.pack("<IQQIQ", 2, DIMS, TOKENS, kind, 0)
    return out + b"\0" * (-len(out) % 32) + data


def q8_0(rng):
    """Blocks of 32: a half scale, then int8."""
    scale = (rng.random((TOKENS * DIMS // 32, 1)) * 0.01 + 0.001).astype("<f2")
    numbers = rng.integers(-127, 128, (len(scale), 32)).astype("i1")
    data = b"".join(s.tobytes() + n.tobytes() for s, n in zip(scale, numbers))
    return data, scale.astype("f4") * numbers


def q4_0(rng):
    """Blocks of 32: a half scale, then 16 bytes of nibbles, low ones first, each less 8."""
    scale = (rng.random((TOKENS * DIMS // 32, 1)) * 0.1 + 0.01).astype("<f2")
    packed = rng.integers(0, 256, (len(scale), 16)).astype("u1")
    numbers = np.concatenate([packed & 15, packed >> 4], axis=1).astype("i4") - 8
    return b"".join(s.tobytes() + p.tobytes() for s, p in zip(scale, packed)), scale.astype("f4") * numbers


def q6_k(rng):
    """Superblocks of 256: 128 bytes of low nibbles, 64 of high bits, 16 int8 scales, a half scale."""
    blocks = TOKENS * DIMS // 256
    low, high = rng.integers(0, 256, (blocks, 128)).astype("u1"), rng.integers(0, 256, (blocks, 64)).astype("u1")
    scales = rng.integers(-60, 61, (blocks, 16)).astype("i1")
    whole = (rng.random(blocks) * 1e-3 + 1e-4).astype("<f2")
    values = np.zeros((blocks, 256), "f4")
    for b in range(blocks):
        for i in range(256):
            part, place = divmod(i, 128)
            quarter, lane = divmod(place, 32)
            nibble = low[b, 64 * part + 32 * (quarter % 2) + lane] >> (4 if quarter > 1 else 0) & 15
            top = high[b, 32 * part + lane] >> (2 * quarter) & 3
            values[b, i] = np.float32(whole[b]) * scales[b, i // 16] * (int(nibble | top << 4) - 32)
    data = b"".join(low[b].tobytes() + high[b].tobytes() + scales[b].tobytes() + whole[b].tobytes() for b in range(blocks))
    return data, values


def brain(array):
    """(bytes, values) in bfloat16, cut off."""
    bits = array.astype("<f4").view("<u4") >> 16
    return bits.astype("<u2").tobytes(), (bits << 16).view("<f4")


def write_all(work, table, rng):
    """{file name: rows it holds}; a name may carry :TENSOR."""
    names = [f"word{i}" for i in range(TOKENS)]
    held = {}

    def tensors(name, dtype, raw, values):
        (work / name).write_bytes(support.safetensors_bytes({"embed_tokens.weight": (dtype, table.shape, raw)}))
        held[name] = values

    tensors("f64.safetensors", "F64", table.astype("<f8").tobytes(), table)
    tensors("f32.safetensors", "F32", table.tobytes(), table)
    tensors("f16.safetensors", "F16", table.astype("<f2").tobytes(), table.astype("f2").astype("f4"))
    tensors("bf16.safetensors", "BF16", *brain(table))
    (work / "model").mkdir()
    other = {"model.layers.0.weight": ("F32", [2, 3], bytes(24))}
    (work / "model" / "a.safetensors").write_bytes(support.safetensors_bytes(other))
    (work / "model" / "b.safetensors").write_bytes(
        support.safetensors_bytes({"model.embed_tokens.weight": ("F32", table.shape, table.tobytes())}))
    (work / "model" / "model.safetensors.index.json").write_text(json.dumps(
        {"metadata": {}, "weight_map": {"model.layers.0.weight": "a.safetensors", "model.embed_tokens.weight": "b.safetensors"}}))
    held["model"] = held["model/model.safetensors.index.json:embed_tokens"] = table
    for name, array in {"c.npy": table, "fortran.npy": np.asfortranarray(table), "half.npy": table.astype("f2")}.items():
        np.save(work / name, array)
        held[name] = array.astype("f4")
    lines = [" ".join([word, *(repr(float(x)) for x in row)]) for word, row in zip(names, table)]
    (work / "text.txt").write_text(f"{TOKENS} {DIMS}\n" + "\n".join(lines) + "\n")
    (work / "glove.txt").write_text("\n".join(lines) + "\n")
    (work / "fasttext.vec").write_text(f"{TOKENS} {DIMS}\n" + " \n".join(lines) + " \n")
    (work / "binary.bin").write_bytes(f"{TOKENS} {DIMS}\n".encode() + b"".join(
        word.encode() + b" " + row.astype("<f4").tobytes() + b"\n" for word, row in zip(names, table)))
    for name in ("text.txt", "glove.txt", "fasttext.vec", "binary.bin"):
        held[name] = table
    for name, kind, (data, values) in (
            ("f32.gguf", 0, (table.tobytes(), table)), ("f16.gguf", 1, (table.astype("<f2").tobytes(), table.astype("f2").astype("f4"))),
            ("bf16.gguf", 30, brain(table)), ("q8_0.gguf", 8, q8_0(rng)), ("q4_0.gguf", 2, q4_0(rng)), ("q6_k.gguf", 14, q6_k(rng))):
        (work / name).write_bytes(gguf(kind, data))
        held[name] = np.asarray(values, "f4").reshape(TOKENS, DIMS)
    return held


def main():
    rng = np.random.default_rng(12)
    table = (rng.normal(size=(TOKENS, DIMS)) * np.exp(rng.normal(size=(TOKENS, 1)))).astype("f4")
    with support.folder() as work:
        held = write_all(work, table, rng)
        for name, values in held.items():
            support.run("export", work / name, "--to", "npy", "--out", work / "dense.npy")
            assert (np.load(work / "dense.npy") == values).all(), f"{name}: other values than the oracle reads"
            report = support.run_json("train", "--table", work / name, "--max-error", 1e-4, "--out", work / "out")
            support.run("export", work / "out", "--to", "npy", "--out", work / "dense.npy")
            error = support.relative_error(np.load(work / "dense.npy"), values)
            assert error <= 1e-4 and abs(error - report["relative_error"]) < 1e-7, (name, error, report)
        for name in ("f16.safetensors", "q6_k.gguf", "glove.txt"):
            support.run("fit", "--table", work / name, "--out", work / "fit")
            support.run("cut", work / "fit", "--max-error", 1e-4, "--out", work / "cut")
            support.run("train", "--table", work / name, "--max-error", 1e-4, "--out", work / "out")
            assert (work / "cut").read_bytes() == (work / "out").read_bytes(), name
        # A table of ours is read as what it stands for.
        support.run("train", "--table", work / "out", "--max-error", 1e-4, "--out", work / "again")
        found = support.run_json("verify", work / "again", "--against", work / "out")
        assert found["relative_error"] <= 1e-4, found
        print(f"{len(held)} tables read as their oracles read them")


if __name__ == "__main__":
    main()
