"""The main job, whole: import WordNet, compose the sample vocabulary, train, inspect, verify, export."""
import numpy as np

import support


def main():
    wordnet = support.need_wordnet()
    samples = support.SAMPLES
    source = samples / "embed_tokens.safetensors"
    with support.folder() as work:
        support.run("import", "wordnet", wordnet, "--kb", work / "kb.db")
        assert support.run_json("inspect", work / "kb.db")["rows"]["synsets"] == 117_659
        composed = support.run_json("compose", "--vocab", samples / "tokenizer.model", "--kb", work / "kb.db", "--out",
                                    work / "tokens.sememes")
        assert composed["tokens"] == 12_000 and composed["covered"] > 6_000, composed
        trained = support.run_json("train", "--table", source, "--composition", work / "tokens.sememes", "--ratio", 40,
                                   "--vocab", samples / "tokenizer.model", "--out", work / "table.safetensors")
        assert trained["file_bytes"] == (work / "table.safetensors").stat().st_size
        assert 40 <= 12_000 * 128 * 4 / trained["file_bytes"] < 40.4, trained
        verified = support.run_json("verify", work / "table.safetensors", "--against", source, "--vocab",
                                    samples / "tokenizer.model")
        assert verified["rows"] == 12_000 and all(row["token"] for row in verified["worst"]), verified
        for field in ("relative_error", "mean_cosine"):
            assert abs(verified[field] - trained[field]) < 1e-6, (field, verified, trained)
        support.run("export", work / "table.safetensors", "--to", "safetensors", "--out", work / "dense.safetensors")
        support.run("export", work / "table.safetensors", "--to", "npy", "--out", work / "dense.npy")
        dense = support.tensor(work / "dense.safetensors", "embed_tokens.weight")
        assert (dense == np.load(work / "dense.npy")).all()
        error = support.relative_error(dense, support.tensor(source))
        assert abs(error - trained["relative_error"]) < 1e-5, (error, trained)
        print(f"ratio {trained['ratio']:.2f}, relative error {error:.4f}, cosine {trained['mean_cosine']:.4f}, "
              f"prior {trained['prior']}, {trained['seconds']:.1f} s")

        (work / "not.db").write_bytes(b"SQLite format 3\0" + b"\0" * 4080)
        support.refused("compose", "--vocab", samples / "tokenizer.model", "--kb", work / "not.db", "--out", work / "x",
                        code=support.BAD_DATA, says="not.db")
        support.refused("compose", "--vocab", samples / "tokenizer.model", "--kb", source, "--out", work / "x",
                        code=support.BAD_DATA, says="embed_tokens.safetensors")


if __name__ == "__main__":
    main()
