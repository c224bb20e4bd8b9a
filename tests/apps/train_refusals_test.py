"""What `sememe train` refuses: each with the documented exit code and a message that says what, where and what to do."""
import numpy as np

import support
from support import BAD_DATA, CANNOT_CREATE, INPUT_OUTPUT, NO_INPUT, USAGE, refused

TABLE = support.SAMPLES / "embed_tokens.safetensors"


def main():
    with support.folder() as work:
        small = np.random.default_rng(1).normal(size=(50, 8)).astype("f4")
        table = support.write_table(work / "small.safetensors", small)
        fitting = support.write_composition(work / "fitting", [[(0, 255)]] * 50, ["a"])
        larger = support.write_composition(work / "larger", [[(0, 255)]] * 51, ["a"])
        out = work / "out"

        def refuse(code, says, *arguments, to=out):
            refused("train", "--out", to, *arguments, code=code, says=says)
            assert not out.exists() and not list(work.glob("out.tmp*")), list(work.iterdir())

        base = ("--ratio", 2, "--composition", fitting)
        refuse(USAGE, ["51 tokens", "50 rows", str(larger)], "--table", table, "--ratio", 2, "--composition", larger)
        refuse(USAGE, ["no tensor", "'lm_head'", "embed_tokens.weight (50, 8)"], "--table", f"{table}:lm_head", *base)
        refuse(USAGE, "--composition is missing", "--table", table, "--ratio", 2, "--prior", "additive")
        refuse(USAGE, "", "--table", table, "--composition", fitting)
        refuse(USAGE, "", "--table", table, *base, "--bytes", 5000)
        refuse(USAGE, "12000 tokens", "--table", table, *base, "--vocab", support.SAMPLES / "tokenizer.model")
        refuse(USAGE, "", "--table", table, "--composition", fitting, "--ratio", "nan")
        refuse(USAGE, "smallest", "--table", table, "--composition", fitting, "--bytes", 60)
        refuse(USAGE, "is the input", "--table", table, *base, to=table)
        refuse(NO_INPUT, "absent.safetensors", "--table", work / "absent.safetensors", *base)
        refuse(NO_INPUT, "absent.sememes", "--table", table, "--ratio", 2, "--composition", work / "absent.sememes")
        refuse(BAD_DATA, "not a composition", "--table", table, "--ratio", 2, "--composition", table)
        refuse(INPUT_OUTPUT, "Is a directory", "--table", work, *base)
        refuse(CANNOT_CREATE, "absent", "--table", table, *base, to=work / "absent" / "out")

        whole = TABLE.read_bytes()
        cut = work / "cut.safetensors"
        cut.write_bytes(whole[:len(whole) // 2])
        refuse(BAD_DATA, [str(cut), "cut short"], "--table", cut, *base)
        cut.write_bytes(b"")
        refuse(BAD_DATA, str(cut), "--table", cut, *base)

        bad = small.copy()
        bad[7, 3], bad[9, 0] = np.nan, -np.inf
        support.write_table(work / "nan.safetensors", bad)
        refuse(BAD_DATA, ["nan.safetensors", "2 of 400", "row 7, column 3", "row 9, column 0", "--nonfinite=zero"],
               "--table", work / "nan.safetensors", *base)
        done = support.run_json("train", "--out", out, "--table", work / "nan.safetensors", "--composition", fitting,
                                "--max-error", 0.5, "--nonfinite", "zero")
        assert done["relative_error"] <= 0.5, done
        assert support.read_safetensors(out)[1]["nonfinite"] == "zero: 2 elements", support.read_safetensors(out)[1]
        assert done["file_bytes"] == out.stat().st_size, done
        support.run("export", out, "--to", "npy", "--out", work / "dense.npy")
        assert np.isfinite(np.load(work / "dense.npy")).all()
        out.unlink()

        counts = work / "counts.txt"
        for text, says in (("a\t1\nb\tx\n", ":2:"), ("a\t-1\n", ":1:"), ("", "empty"), ("a\t1\n" * 51, ":51:")):
            counts.write_text(text)
            refuse(BAD_DATA, says, "--table", table, *base, "--counts", counts)
        np.save(work / "wide.npy", np.zeros((4, 9), "f4"))
        refuse(USAGE, "9 dims", "--table", table, *base, "--hidden", work / "wide.npy")

        padded = support.write_composition(work / "padded", [[(0, 255)]] * 40, ["a"])
        support.run("train", "--table", table, "--composition", padded, "--max-error", 0.5, "--out", out)


if __name__ == "__main__":
    main()
