"""Every id, string and decoded text of tokenizer.json files against Hugging Face's own library, over all layouts: byte-level and
metaspace BPE with merges as strings and as pairs, WordPiece, Unigram, added tokens, and ids beyond the model.
"""
import json
import sys

import support

tokenizers = support.oracle("tokenizers")


def added(identity, content, special):
    return {"id": identity, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
            "special": special}


def layouts():
    """name: tokenizer.json as a dict; small, so that every id can be looked at."""
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    words = ["a", "b", "d", "g", "o", "\u0120", "do", "\u0120do", "\u0120dog", "\u00e4\u00bd", "\u00e4\u00bd\u0142", "\u010a"]
    merges = [["d", "o"], ["\u0120", "do"], ["\u0120do", "g"]]
    bpe = {"version": "1.0", "truncation": None, "padding": None, "normalizer": None, "pre_tokenizer": byte_level,
           "post_processor": None, "decoder": byte_level,
           "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                     "end_of_word_suffix": None, "fuse_unk": False, "vocab": {w: i for i, w in enumerate(words)}}}
    out = {}
    for name, as_strings in (("strings", True), ("pairs", False)):
        bpe["model"]["merges"] = [" ".join(m) for m in merges] if as_strings else merges
        bpe["added_tokens"] = [added(12, "<|endoftext|>", True), added(13, "my word", False)]
        out[f"byte-level BPE, merges as {name}"] = json.loads(json.dumps(bpe))
    bpe["added_tokens"] = [added(20, "<|im_end|>", True)]
    out["byte-level BPE, ids beyond a gap"] = json.loads(json.dumps(bpe))
    pieces = ["<unk>", "<s>", "</s>", "<0x00>", "<0xE4>", "\u2581", "d", "o", "\u2581d", "\u2581do", "\u5b57", "na\u00efve"]
    metaspace = {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                                                  {"type": "ByteFallback"}, {"type": "Fuse"}]}
    replace = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"},
                                                   {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}
    out["metaspace BPE with byte fallback"] = {
        "version": "1.0", "truncation": None, "padding": None, "normalizer": replace, "pre_tokenizer": None,
        "post_processor": None, "decoder": metaspace,
        "added_tokens": [added(0, "<unk>", True), added(1, "<s>", True), added(2, "</s>", True)],
        "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True, "dropout": None,
                  "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "vocab": {p: i for i, p in enumerate(pieces)}, "merges": ["\u2581 d", "\u2581d o"]}}
    marked = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True, "add_prefix_space": True}
    out["Unigram"] = {
        "version": "1.0", "truncation": None, "padding": None, "normalizer": None, "pre_tokenizer": marked,
        "post_processor": None, "decoder": marked, "added_tokens": [added(0, "<unk>", True), added(6, "<mask>", True)],
        "model": {"type": "Unigram", "unk_id": 0,
                  "vocab": [["<unk>", 0], ["\u2581dog", -2.5], ["s", -3], ["\u2581", -4], ["\u5b57", -5.25], ["\u2581na\u00efve", -6]]}}
    out["WordPiece"] = {
        "version": "1.0", "truncation": None, "padding": None, "normalizer": {"type": "BertNormalizer", "lowercase": True,
        "clean_text": True, "handle_chinese_chars": True, "strip_accents": None},
        "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": None,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False},
        "added_tokens": [added(0, "[PAD]", True), added(1, "[UNK]", True)],
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                  "vocab": {t: i for i, t in enumerate(["[PAD]", "[UNK]", "dog", "##s", "##", "\u5b57", "caf\u00e9"])}}}
    return out


def read(path):
    """(string, decoded text) of each id from 0, both None where there is none, as the library has them. Only an added token's id
    is taken from the file: the library would give it the next that is free, and a model's rows follow the file.
    """
    library = tokenizers.Tokenizer.from_file(str(path))
    placed = {token["content"]: token["id"] for token in json.loads(path.read_text(encoding="utf-8"))["added_tokens"]}
    rows = {placed.get(text, i): (library.id_to_token(i), library.decode([i], skip_special_tokens=False))
            for text, i in library.get_vocab().items()}
    return [rows.get(i, (None, None)) for i in range(max(rows) + 1)]


def check(name, path, rows):
    ours = [json.loads(line) for line in support.run("explain", "--list", "--vocab", path).stdout.split("\n") if line]
    assert len(ours) == len(rows), f"{name}: {len(ours)} tokens, the library has {len(rows)}"
    texts = decoded = 0
    for i, (own, (text, said)) in enumerate(zip(ours, rows)):
        assert own["id"] == i, (name, i, own)
        if text is None:
            assert own["kind"] == "unused", f"{name}: {i} is {own}, the library has no such token"
            continue
        assert own["token"] == text, f"{name}: token {i} is {own['token']!r}, the library says {text!r}"
        texts += 1
        if own["kind"] != "normal":
            continue
        try:
            surface = bytes.fromhex(own["surface"]).decode("utf-8")
        except UnicodeDecodeError:
            continue
        # The first token of a text keeps its marking space in some decoders and loses it in others.
        same = said in (surface, " " + surface, own["token"]) or " " + said == surface
        assert same, f"{name}: token {i} stands for {surface!r}, the library decodes it to {said!r}"
        decoded += 1
    print(f"{name}: {texts} strings agree, and {decoded} decoded texts")


def main():
    with support.folder() as folder:
        files = {}
        for name, tokenizer in layouts().items():
            files[name] = folder / f"{len(files)}" / "tokenizer.json"
            files[name].parent.mkdir()
            files[name].write_text(json.dumps(tokenizer), encoding="utf-8")
        shared = support.shared()
        if shared and (shared / "vocabularies" / "gpt2" / "tokenizer.json").exists():
            files["gpt2"] = shared / "vocabularies" / "gpt2" / "tokenizer.json"
        else:
            print("gpt2: not there, left out")
        for name, path in files.items():
            check(name, path, read(path))
        refused = {"an id twice": {"a": 0, "b": 0}, "an id below 0": {"a": 0, "b": -1}, "an id far beyond": {"a": 0, "b": 1 << 40}}
        for name, vocab in refused.items():
            path = folder / "tokenizer.json"
            path.write_text(json.dumps({"model": {"type": "BPE", "vocab": vocab, "merges": []}}))
            support.refused("explain", "--list", "--vocab", path, code=support.BAD_DATA, says="tokenizer.json")
            print(f"{name}: refused")


if __name__ == "__main__":
    sys.exit(main())
