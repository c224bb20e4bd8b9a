"""The tables of lib/compose/README.md: what each real tokenizer's tokens are understood by, with WordNet and the HowNet
definitions of its synsets; and, for the two models there are tables of, what prediction adds and explains.

    SEMEME=build/release/sememe PYTHONPATH=tests /usr/bin/python3 tests/bench/compose_coverage.py [NAME=TABLE ...]

NAME=TABLE gives a table for a tokenizer there is none of, as tests/bench/compose_table.py makes them. SEMEME_KB names a knowledge base to use instead of one made for the occasion.
"""
import os
import pathlib
import sys

import support

ROUTES = ("special", "exact", "variant", "lemma", "multiword", "morphology", "continuation", "typed", "predicted", "hashed")


def row(name, report, best=None):
    cells = [name] + [f"{report['routes'][route]:,}" for route in ROUTES if route != "predicted"]
    for group in ("meaningful", "whole_words"):
        cells.append(f"{report[group]['covered'] / report[group]['tokens']:.1%}")
    cells.append("" if best is None else f"{best['meaningful']['covered'] / best['meaningful']['tokens']:.1%}")
    cells.append("" if best is None else f"{best['whole_words']['covered'] / best['whole_words']['tokens']:.1%}")
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    shared = support.need_shared("vocabularies").parent
    models = shared / "models"
    with support.folder() as folder:
        kb = pathlib.Path(os.environ.get("SEMEME_KB", folder / "kb.db"))
        if not kb.exists():
            support.run("import", "wordnet", support.need_wordnet(), "--kb", kb)
            support.run("import", "definitions", shared / "lexicons" / "wordnet_synset_definitions.tsv", "--kb", kb)
        out = folder / "tokens.sememes"
        heads = ["tokenizer", *[r for r in ROUTES if r != "predicted"], "all", "words", "all, predicted", "words, predicted"]
        print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        vocabularies = {"bert-base-uncased": (shared / "vocabularies" / "bert-base-uncased-vocab.txt", None),
                        "gpt2": (shared / "vocabularies" / "gpt2" / "vocab.json", None),
                        "llama2": (shared / "vocabularies" / "llama2-tokenizer.model", None),
                        "gloss-lm": (models / "gloss-lm" / "tokenizer.model", models / "gloss-lm" / "model.safetensors"),
                        "translator, English": (models / "translator" / "vocab.en.txt",
                                                f"{models}/translator/model.safetensors:decoder.embed_tokens.weight")}
        given = dict(argument.split("=", 1) for argument in sys.argv[1:])
        quality = []
        for name, (vocab, table) in vocabularies.items():
            table = given.get(name, table)
            plain = support.run_json("compose", "--vocab", vocab, "--kb", kb, "--out", out)
            best = support.run_json("compose", "--vocab", vocab, "--kb", kb, "--out", out, "--predict", table) if table else None
            row(name, plain, best)
            if table:
                support.run("compose", "--vocab", vocab, "--kb", kb, "--out", out)
                quality.append((name, support.run_json("predict", "--evaluate", "--annotated", "--table", table, "--vocab", vocab,
                                                       "--composition", out)))
        print("\n| table of | tokens | mean average precision | commonest sememes | times | shuffled table |\n|" + "---|" * 6)
        for name, q in quality:
            precision, baseline = q["mean_average_precision"], q["frequency_baseline"]
            print(f"| {name} | {q['tokens']:,} | {precision:.3f} | {baseline:.3f} | {precision / baseline:.2f} | "
                  f"{q['shuffled_control']:.3f} |")


if __name__ == "__main__":
    sys.exit(main())
