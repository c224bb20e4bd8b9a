"""Word vector files that lie: counts, fields, numbers, and words that are no text."""
import struct

from cases import EDGES, try_all


def binary(tokens, dims, words, end=b"\n"):
    return f"{tokens} {dims}\n".encode() + b"".join(
        word + b" " + struct.pack(f"<{len(numbers)}f", *numbers) + end for word, numbers in words)


def main():
    two = [(b"the", (1, 2)), (b"of", (3, 4))]
    text = b"2 2\nthe 1 2\nof 3 4\n"
    cases = {
        "too few words": b"3 2\nthe 1 2\nof 3 4\n", "too many words": b"1 2\nthe 1 2\nof 3 4\n", "no words": b"2 2\n", "only counts": b"2 2",
        "field missing": b"2 2\nthe 1 2\nof 3\n", "field missing first": b"2 2\nthe 1\nof 3 4\n", "word alone": b"2 2\nthe 1 2\nof\n",
        "empty line": b"2 2\nthe 1 2\n\nof 3 4\n", "empty line at the end": text + b"\n", "text for number": b"2 2\nthe 1 2\nof 3 x\n",
        "empty field": b"2 2\nthe 1 2\nof  3\n", "hex": b"2 2\nthe 1 2\nof 3 0x4\n", "comma": b"2 2\nthe 1 2\nof 3 4,5\n",
        "two dots": b"2 2\nthe 1 2\nof 3 4.5.6\n", "double sign": b"2 2\nthe 1 2\nof 3 --4\n", "exponent cut": b"2 2\nthe 1 2\nof 3 4e\n",
        "exponent of 400": b"2 2\nthe 1 2\nof 3 1e400\n", "number then text": b"2 2\nthe 1 2\nof 3 4x\n", "zero byte": b"2 2\nthe 1 2\nof 3 4\0\n",
        "zero words": b"0 2\nthe 1 2\n", "zero numbers": b"2 0\nthe\nof\n", "negative words": b"-2 2\nthe 1 2\n", "negative numbers": b"2 -2\nthe 1 2\n",
        "GloVe line short": b"the 1 2\nof 3\n", "GloVe text for number": b"the 1 2\nof 3 x\n", "GloVe empty line": b"the 1 2\n\n",
        "binary cut in numbers": binary(2, 2, two)[:-5], "binary cut in word": binary(3, 2, two) + b"wo", "binary cut after word": binary(3, 2, two) + b"word ",
        "binary with a word missing": binary(3, 2, two), "binary with one too many": binary(1, 2, two), "binary tail": binary(2, 2, two) + b"PK\3\4",
        "binary without spaces": b"2 2\n" + b"\xff" * 30, "binary of zeros": b"2 2\n" + b"\0" * 30, "binary word of 1 MB": b"1 2\n" + b"w" * 2**20 + b" " + b"\1" * 8,
    }
    for edge in EDGES:
        cases[f"{edge} words"] = f"{edge} 2\nthe 1 2\n".encode()
        cases[f"{edge} numbers"] = f"2 {edge}\nthe 1 2\n".encode()
        cases[f"{edge} of both"] = f"{edge} {edge}\nthe 1 2\n".encode()
    whole = binary(2, 2, two, b"")
    for size in range(4, len(whole)):
        cases[f"binary cut at {size}"] = whole[:size]
    accepted = {
        "text": text, "no line end": text[:-1], "CRLF": text.replace(b"\n", b"\r\n"), "trailing spaces": text.replace(b"\n", b" \n"),
        "binary": binary(2, 2, two), "binary without line ends": whole, "GloVe": b"the 1 2\nof 3 4\n", "GloVe spaced word": b"the 1 2\nat . 3 4\n",
        "word of any bytes": b"2 2\n\xff\xfe 1 2\nof 3 4\n", "same word twice": b"2 2\na 1 2\na 3 4\n",
        "a line of 1 MB": b"1 2\n" + b"w" * 2**20 + b" 1 2\n", "100,000 words": b"".join(b"w%d 1 2\n" % i for i in range(100_000)),
    }
    try_all({**cases, **accepted}, 30, "hostile.vec", lambda path: ("verify", path, "--against", path), accepted)


if __name__ == "__main__":
    main()
