"""A table of word vectors for a tokenizer's tokens, learned from text: what `sememe compose --predict` and `sememe predict` need where
no model's own table is at hand.

    /usr/bin/python3 tests/bench/compose_table.py --vocab vocab.txt --out table.npy CORPUS...

CORPUS are text files and folders of them (lines of markup as WikiExtractor writes it are passed over). --vocab is a WordPiece vocab.txt
(text is folded to lower case and stripped of accents, as uncased BERT does) or GPT-2's vocab.json with its merges.txt beside it. Rows of
the table are token ids; tokens met fewer than --least times have no vector: their rows are zero.

Method: frequent tokens are thinned out, neighbours within a window counted, counts turned into positive pointwise mutual information
with smoothed contexts, and the matrix cut to --dims by a randomised singular value decomposition, its values to the power of a half
(Levy, Goldberg & Dagan 2015, "Improving Distributional Similarity with Lessons Learned from Word Embeddings", TACL). Seeded: same
inputs, same table. Needs numpy; 2.5 GiB of memory for 50,000 tokens, and a quarter of an hour for 50 million tokens of text.
"""
import argparse
import json
import pathlib
import re
import unicodedata

import numpy as np


class WordPiece:
    """Uncased BERT: a text's words and signs, then the longest pieces from the left."""
    words = re.compile(r"[^\W_]+|[^\w\s]|_")

    def __init__(self, path):
        self.ids = {}
        for i, line in enumerate(path.read_text(encoding="utf-8").split("\n")):
            self.ids.setdefault(line.rstrip("\r"), i)
        self.size = len(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))

    def split(self, line):
        line = line.lower()
        if not line.isascii():
            line = "".join(c for c in unicodedata.normalize("NFD", line) if unicodedata.category(c) != "Mn")
        return self.words.findall(line)

    def pieces(self, word):
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self.ids.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    break
            else:
                return [self.ids["[UNK]"]]
            found.append(piece)
            start = end
        return found


class BytePairs:
    """GPT-2: a text's words with the blank before them, in bytes, joined pair by pair in the order of the merges."""
    words = re.compile(r"'(?:[stmd]|re|ve|ll)| ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+")

    def __init__(self, path):
        self.ids = json.loads(path.read_text(encoding="utf-8"))
        self.size = max(self.ids.values()) + 1
        lines = path.with_name("merges.txt").read_text(encoding="utf-8").split("\n")
        pairs = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
        self.order = {pair: i for i, pair in enumerate(pairs)}
        shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
        hidden = [b for b in range(256) if b not in shown]
        self.letter = {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(hidden)}

    def split(self, line):
        return self.words.findall(line)

    def pieces(self, word):
        parts = [self.letter[b] for b in word.encode()]
        last = len(self.order)
        while len(parts) > 1:
            rank, at = min((self.order.get(pair, last), i) for i, pair in enumerate(zip(parts, parts[1:])))
            if rank == last:
                break
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        return [self.ids[part] for part in parts if part in self.ids]


def tokens_of(tokenizer, paths):
    files = sorted(f for path in paths for f in ([path] if path.is_file() else path.rglob("*")) if f.is_file())
    known, chunks = {}, []
    for number, file in enumerate(files):
        ids = []
        for line in file.read_text(encoding="utf-8", errors="ignore").split("\n"):
            if not line or line.startswith(("<doc ", "</doc")):
                continue
            for word in tokenizer.split(line):
                pieces = known.get(word)
                if pieces is None:
                    pieces = known[word] = tokenizer.pieces(word)
                ids += pieces
        chunks.append(np.array(ids, np.int32))
        if len(known) > 3_000_000:
            known.clear()
        if number % 50 == 0 or number + 1 == len(files):
            print(f"{number + 1} of {len(files)} files, {sum(map(len, chunks)):,} tokens", flush=True)
    return np.concatenate(chunks)


def information(ids, counts, contexts, window, thinning, random):
    """(tokens, contexts) positive pointwise mutual information; contexts are the most frequent tokens."""
    share = counts / counts.sum()
    keep = np.minimum(1, np.sqrt(thinning / np.maximum(share, 1e-12)))
    ids = ids[random.random(len(ids), np.float32) < keep[ids]]
    place = np.full(len(counts), -1, np.int64)
    chosen = np.argsort(-counts, kind="stable")[:contexts]
    place[chosen] = np.arange(len(chosen))
    matrix = np.zeros((len(counts), len(chosen)), np.float32)
    flat = matrix.reshape(-1)
    step = 1 << 20
    for start in range(0, len(ids), step):
        part = ids[start:start + step + window]
        keys = []
        for away in range(1, window + 1):
            left, right = part[:-away], part[away:]
            for token, context in ((left, place[right]), (right, place[left])):
                keys.append((token.astype(np.int64) * len(chosen) + context)[context >= 0])
        key, count = np.unique(np.concatenate(keys), return_counts=True)
        flat[key] += count
    of_context = matrix.sum(axis=0, dtype=np.float64) ** 0.75
    of_context /= of_context.sum()
    for first in range(0, len(matrix), 1024):
        rows = matrix[first:first + 1024]
        total = rows.sum(axis=1, dtype=np.float64)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            rows[:] = np.nan_to_num(np.maximum(np.log(rows / (total * of_context)), 0), nan=0, posinf=0, neginf=0)
    return matrix


def reduced(matrix, dims, random):
    found = matrix @ random.standard_normal((matrix.shape[1], dims + 32)).astype(np.float32)
    for _ in range(4):
        found, _ = np.linalg.qr(matrix @ (matrix.T @ np.linalg.qr(found)[0]))
    left, values, _ = np.linalg.svd(found.T @ matrix, full_matrices=False)
    return (found @ left[:, :dims] * np.sqrt(values[:dims])).astype(np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("corpus", nargs="+", type=pathlib.Path)
    parser.add_argument("--vocab", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--dims", type=int, default=128)
    parser.add_argument("--window", type=int, default=4)
    parser.add_argument("--contexts", type=int, default=8192, help="most frequent tokens counted as neighbours")
    parser.add_argument("--thinning", type=float, default=1e-4, help="share above which a token is thinned out")
    parser.add_argument("--least", type=int, default=5, help="occurrences a token needs to have a vector")
    given = parser.parse_args()
    tokenizer = (BytePairs if given.vocab.suffix == ".json" else WordPiece)(given.vocab)
    ids = tokens_of(tokenizer, given.corpus)
    counts = np.bincount(ids, minlength=tokenizer.size)
    random = np.random.default_rng(1)
    table = reduced(information(ids, counts, given.contexts, given.window, given.thinning, random), given.dims, random)
    table[counts < given.least] = 0
    np.save(given.out, table)
    print(f"{given.out}: {len(table):,} rows of {given.dims}; {np.count_nonzero(counts):,} tokens occur, "
          f"{np.count_nonzero(table.any(axis=1)):,} have a vector")


if __name__ == "__main__":
    main()
