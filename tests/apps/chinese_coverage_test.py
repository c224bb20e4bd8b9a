"""With a Chinese lexicon at least 80 % of a Chinese character vocabulary must be found. The characters: those of the words of
hownet_zh.txt, most frequent first; those among the tokens of real tokenizers; and the traditional forms a Taiwanese one has.
"""
import collections
import sys

import support

LEAST = 0.8
# The first line of the Thousand Character Classic's traditional text and common words, as no file here is traditional.
TRADITIONAL = "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜學習時間問題電腦國語車馬門開關東語言"


def is_han(character):
    return "\u4e00" <= character <= "\u9fff"


def characters_of(tokens):
    counts = collections.Counter(c for token in tokens for c in token if is_han(c))
    return [c for c, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def unbroken(token):
    """A token whose UTF-8 was read as Windows-1252 and saved again, as it was meant."""
    try:
        raw = b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in token)
        return raw.decode("utf-8")
    except UnicodeError:
        return token


def main():
    lexicon, vocabularies = support.need_shared("lexicons/hownet_zh.txt", "vocabularies")
    words = lexicon.read_text(encoding="utf-8").split("\n")[0::2]
    lists = {"characters of hownet_zh": characters_of(words), "traditional": characters_of([TRADITIONAL])}
    bert = (vocabularies / "bert-base-uncased-vocab.txt").read_text(encoding="utf-8").split("\n")
    lists["characters of bert-base-uncased"] = characters_of(map(unbroken, bert))
    try:
        import sentencepiece
        llama = sentencepiece.SentencePieceProcessor(model_file=str(vocabularies / "llama2-tokenizer.model"))
        lists["characters of llama2"] = characters_of(llama.id_to_piece(i) for i in range(llama.get_piece_size()))
    except ImportError:
        print("characters of llama2: left out, no sentencepiece package")
    with support.folder() as folder:
        kb = folder / "kb.db"
        support.run("import", "hownet-flat", lexicon, "--kb", kb, "--language", "zh")
        for name, characters in lists.items():
            vocab = folder / "characters.txt"
            vocab.write_text("".join(c + "\n" for c in characters), encoding="utf-8")
            report = support.run_json("compose", "--vocab", vocab, "--kb", kb, "--out", folder / "c.sememes")
            assert report["tokens"] == len(characters), (name, report["tokens"], len(characters))
            share = report["covered"] / report["tokens"]
            routes = ", ".join(f"{route} {count:,}" for route, count in report["routes"].items() if count)
            print(f"{name}: {share:.1%} of {len(characters):,} ({routes})")
            assert share >= LEAST, name


if __name__ == "__main__":
    sys.exit(main())
