"""`sememe verify`: errors, cosines and worst rows against numpy, and what it refuses."""
import numpy as np

import support
from support import BAD_DATA, USAGE, refused


def main():
    rng = np.random.default_rng(3)
    with support.folder() as work:
        want = rng.normal(size=(1003, 37)).astype("f4") + 2
        want[5] = 0
        got = want + 0.1 * rng.normal(size=want.shape).astype("f4")
        got[5] = 0
        got[77] = -want[77]
        got[400] = 0
        support.write_table(work / "want.safetensors", want)
        support.write_table(work / "got.safetensors", got)
        vocab = work / "vocab.txt"
        vocab.write_text("".join(f"word{i}\n" for i in range(1000)))
        base = ("verify", work / "got.safetensors", "--against", work / "want.safetensors")

        report = support.run_json(*base, "--vocab", vocab, "--worst", 4)
        norms = np.linalg.norm(got.astype("f8"), axis=1) * np.linalg.norm(want.astype("f8"), axis=1)
        cosine = np.divide((got.astype("f8") * want).sum(1), norms, out=np.zeros(1003), where=norms > 0)
        cosine[5] = 1
        assert abs(report["relative_error"] - support.relative_error(got, want)) < 1e-6, report
        assert abs(report["mean_cosine"] - cosine.mean()) < 1e-6, (report, cosine.mean())
        assert report["rows"] == 1003 and len(report["worst"]) == 4
        order = np.argsort(cosine, kind="stable")[:4]
        assert [row["id"] for row in report["worst"]] == list(order), (report, order)
        assert report["worst"][0]["token"] == "word77" and abs(report["worst"][0]["cosine"] + 1) < 1e-6
        assert all(abs(row["cosine"] - cosine[row["id"]]) < 1e-6 for row in report["worst"])
        assert support.run_json(*base, "--threads", 1) == support.run_json(*base, "--threads", 2)

        same = support.run_json("verify", work / "want.safetensors", "--against", work / "want.safetensors")
        assert same["relative_error"] == 0 and abs(same["mean_cosine"] - 1) < 1e-9, same
        assert "word77" in support.run(*base, "--vocab", vocab).stdout
        support.run(*base, "--max-error", 0.5)
        support.run(*base, "--max-error", 1e-3, expect=support.NO_MATCH)

        support.write_table(work / "other.safetensors", want[:-1])
        refused("verify", work / "got.safetensors", "--against", work / "other.safetensors", code=USAGE,
                says=["(1003, 37)", "(1002, 37)"])
        (work / "long.txt").write_text("".join(f"word{i}\n" for i in range(1004)))
        refused(*base, "--vocab", work / "long.txt", code=USAGE, says=["1004 tokens", "1003 rows"])
        want[3, 4] = np.inf
        support.write_table(work / "want.safetensors", want)
        refused(*base, code=BAD_DATA, says=["want.safetensors", "row 3, column 4"])


if __name__ == "__main__":
    main()
