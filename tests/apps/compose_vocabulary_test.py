"""Every token of every real tokenizer against an oracle that is not ours: Python's json, base64 and file reading, and the
sentencepiece package. Ids and bytes must agree for all of them.
"""
import base64
import json
import pathlib
import struct
import sys
import tempfile

import support


def byte_alphabet():
    """GPT-2's map from a character to the byte it stands for."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    characters = {chr(b): b for b in plain}
    for i, b in enumerate(b for b in range(256) if b not in plain):
        characters[chr(256 + i)] = b
    return characters


ALPHABET = byte_alphabet()


def listed(path):
    out = support.run("explain", "--list", "--vocab", path).stdout
    text = out.decode("utf-8") if isinstance(out, bytes) else out
    return [json.loads(line) for line in text.split("\n") if line]


def check(name, rows, expected):
    """`expected`: (token text or None, surface bytes or None) in order of id."""
    assert len(rows) == len(expected), f"{name}: {len(rows)} tokens, the oracle has {len(expected)}"
    for i, (row, (text, surface)) in enumerate(zip(rows, expected)):
        assert row["id"] == i, f"{name}: row {i} has id {row['id']}"
        if text is not None:
            assert row["token"] == text, f"{name}: token {i} is {row['token']!r}, the oracle says {text!r}"
        if surface is not None:
            got = bytes.fromhex(row["surface"])
            assert got == surface, f"{name}: surface {i} is {got!r}, the oracle says {surface!r}"
    print(f"{name}: {len(rows)} tokens agree")


def without_marking_space(raw):
    return raw[1:] if raw[:1] == b" " and raw.strip(b" ") else raw


def byte_level(text):
    return without_marking_space(bytes(ALPHABET[c] for c in text))


def wordpiece(path):
    lines = path.read_bytes().replace(b"\r\n", b"\n").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    texts = [line.decode("utf-8") for line in lines]
    check(path.name, listed(path),
          [(t, (t[2:] if t.startswith("##") and len(t) > 2 else t).encode()) for t in texts])


def gpt2(folder):
    by_id = {i: t for t, i in json.loads((folder / "vocab.json").read_text(encoding="utf-8")).items()}
    texts = [by_id[i] for i in range(len(by_id))]
    special = "<|endoftext|>"
    expected = [(t, t.encode() if t == special else byte_level(t)) for t in texts]
    check("vocab.json", listed(folder / "vocab.json"), expected)
    check("tokenizer.json", listed(folder / "tokenizer.json"), expected)
    check("merges.txt", listed(folder / "merges.txt"), [e for e in expected if e[0] != special])


def pieces_of(path):
    try:
        import sentencepiece
    except ImportError:
        return None
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    rows = []
    for i in range(model.get_piece_size()):
        text = model.id_to_piece(i)
        if model.is_byte(i):
            surface = bytes([int(text[3:5], 16)])
        elif model.is_control(i) or model.is_unknown(i):
            surface = None
        else:
            raw = text.replace("\u2581", " ").encode()
            surface = without_marking_space(raw)
            if surface == raw and len(raw) > 1 and raw[-1:] == b" " and raw[:1] != b" ":
                surface = raw[:-1]
        rows.append((text, surface))
    return rows


def sentencepiece_model(path):
    rows = pieces_of(path)
    if rows is None:
        print(f"{path.name}: skipped, no sentencepiece package")
        return
    check(path.name, listed(path), rows)


def derived_formats(folder, gpt2_folder):
    """Files in other formats written here from the same tokens."""
    by_id = {i: t for t, i in json.loads((gpt2_folder / "vocab.json").read_text(encoding="utf-8")).items()}
    raw = [bytes(ALPHABET[c] for c in by_id[i]) for i in range(50256)]
    path = folder / "gpt2.tiktoken"
    path.write_bytes(b"".join(base64.b64encode(b) + b" %d\n" % i for i, b in enumerate(raw)))
    check("tiktoken", listed(path), [(None, without_marking_space(b)) for b in raw])

    def text(s):
        return struct.pack("<Q", len(s)) + s

    tokens = [by_id[i].encode() for i in range(50257)]
    kinds = [1] * 50256 + [3]
    gguf = b"GGUF" + struct.pack("<IQQ", 3, 0, 4)
    gguf += text(b"general.architecture") + struct.pack("<I", 8) + text(b"gpt2")
    gguf += text(b"tokenizer.ggml.model") + struct.pack("<I", 8) + text(b"gpt2")
    gguf += text(b"tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(tokens)) + b"".join(map(text, tokens))
    gguf += text(b"tokenizer.ggml.token_type") + struct.pack("<IIQ", 9, 5, len(kinds)) + struct.pack(f"<{len(kinds)}i", *kinds)
    path = folder / "gpt2.gguf"
    path.write_bytes(gguf)
    check("gguf", listed(path), [(by_id[i], raw[i] and without_marking_space(raw[i])) for i in range(50256)] + [("<|endoftext|>", None)])

    words = ["the", "dog", "hot dog", "naïve", "狗"]
    path = folder / "words.vec"
    path.write_text("5 3\n" + "".join(f"{w} 0.5 -1 2e-3\n" for w in words), encoding="utf-8")
    check("vec", listed(path), [(w, w.encode()) for w in words])

    unigram = {"version": "1.0", "added_tokens": [{"id": 5, "content": "<extra>", "special": False}],
               "decoder": {"type": "Metaspace", "replacement": "\u2581"},
               "model": {"type": "Unigram", "unk_id": 0,
                         "vocab": [["<unk>", 0]] + [["\u2581" + w, -i] for i, w in enumerate(words[:4])]}}
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(unigram), encoding="utf-8")
    check("unigram", listed(path),
          [("<unk>", None)] + [("\u2581" + w, w.encode()) for w in words[:4]] + [("<extra>", b"<extra>")])


def main():
    samples = sorted(support.SAMPLES.rglob("tokenizer.model")) if support.SAMPLES.exists() else []
    for model in samples:
        sentencepiece_model(model)
    shared = support.need_shared("vocabularies")
    wordpiece(shared / "bert-base-uncased-vocab.txt")
    sentencepiece_model(shared / "llama2-tokenizer.model")
    gpt2(shared / "gpt2")
    with tempfile.TemporaryDirectory() as folder:
        derived_formats(pathlib.Path(folder), shared / "gpt2")


if __name__ == "__main__":
    sys.exit(main())
