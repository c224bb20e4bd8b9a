"""sememe.collect against counts and moments computed by hand from the same model."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "apps" / "python"))
try:
    import numpy as np
    import torch
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from sememe import collect  # noqa: E402

MODEL = '''
import torch
class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(5)
        self.embed = torch.nn.Embedding(17, 6)
        self.mix = torch.nn.Linear(6, 6)
        self.head = torch.nn.Linear(6, 17, bias=False)
    def forward(self, ids):
        return self.head(torch.tanh(self.mix(self.embed(ids))))
def load():
    return Tiny(), lambda line: [int(w) for w in line.split()], "head"
'''


def main():
    space = {}
    exec(MODEL, space)
    model, encode, head = space["load"]()
    model.train()
    sequences = [[1, 2, 3, 4, 5], [16, 16, 2], [7] * 11, [0]]
    flat = np.concatenate([np.array(s) for s in sequences])

    got = collect(model, sequences, head, 17, batch=2, length=7)
    assert model.training, "the training flag is put back"
    assert (got.counts == np.bincount(flat, minlength=17)).all(), got.counts
    assert got.states == len(flat) == 20, got.states
    hidden = torch.tanh(model.mix(model.embed(torch.tensor(flat)))).detach().double().numpy()
    np.testing.assert_allclose(got.moment, hidden.T @ hidden / len(flat), rtol=1e-6)

    few = collect(model, sequences, head, 17, batch=1, length=7, most_states=9)
    assert few.states == 9 and few.counts.sum() == 20
    np.testing.assert_allclose(few.moment, hidden[:9].T @ hidden[:9] / 9, rtol=1e-6)

    for bad, words in [((sequences, "nowhere", 17), "no sub-module"), ((sequences, head, 16), "outside a table of 16"),
                       (([], head, 17), "nothing measured")]:
        try:
            collect(model, *bad)
        except ValueError as error:
            assert words in str(error), error
        else:
            raise AssertionError(f"accepted: {words}")

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "tiny.py").write_text(MODEL)
        (folder / "text.txt").write_text("\n".join(" ".join(map(str, s)) for s in sequences))
        command = [sys.executable, "-m", "sememe.collect", f"{folder}/tiny.py:load", "--text", f"{folder}/text.txt",
                   "--out", f"{folder}/out", "--length", "7"]
        done = subprocess.run(command, cwd=ROOT / "apps" / "python", capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "20 ids" in done.stdout, done.stdout
        rows = [line.split("\t") for line in (folder / "out" / "counts.txt").read_text().splitlines()]
        assert [int(count) for _, count in rows] == list(np.bincount(flat, minlength=17))
        np.testing.assert_allclose(np.load(folder / "out" / "hidden.npy"), got.moment)
        assert sorted(p.name for p in (folder / "out").iterdir()) == ["counts.txt", "hidden.npy"]
    print("collect: counts and moments equal the ones computed by hand")


main()
