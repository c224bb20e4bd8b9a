"""How long our encoder takes beside PyTorch doing the job the published way, in one run on one machine.

    /usr/bin/python3 tests/bench/encoder_speed.py [TOKENS DIMS]      # default 30522 768

Ours: `sememe train` (fit and cut) and `sememe export` of a table with a falling spectrum, without knowledge. PyTorch: the
linear autoencoder of arXiv:2106.08181 (Adam 1e-3, batch 32, 30 epochs), timed over some steps and scaled to all. Needs
numpy and torch. Prints seconds and their ratio; nothing is asserted.
"""
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import support  # noqa: E402

STEPS = 300
EPOCHS = 30
BATCH = 32


def made_table(tokens, dims):
    """Rows with correlated dims, a falling spectrum, and lengths that differ from row to row."""
    rng = np.random.default_rng(6)
    rotation = np.linalg.qr(rng.normal(size=(dims, dims)))[0]
    spectrum = 1 / np.sqrt(1 + np.arange(dims))
    rows = rng.normal(size=(tokens, dims)) * spectrum * np.exp(0.3 * rng.normal(size=(tokens, 1)))
    return (rows @ rotation).astype("f4")


def torch_seconds(table, width):
    """Seconds that EPOCHS of the published recipe take, from STEPS measured ones; and the threads used."""
    try:
        import torch
    except ImportError:
        return None
    torch.manual_seed(1)
    data = torch.from_numpy(table)
    encoder, decoder = torch.nn.Linear(table.shape[1], width), torch.nn.Linear(width, table.shape[1])
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)

    def step():
        rows = data[torch.randint(len(data), (BATCH,))]
        rebuilt = decoder(encoder(rows))
        loss = 0.9975 / 5 * (1 - torch.cosine_similarity(rebuilt, rows)).mean() + 0.0025 * (rebuilt - rows).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    for _ in range(20):
        step()
    began = time.monotonic()
    for _ in range(STEPS):
        step()
    return (time.monotonic() - began) / STEPS * (EPOCHS * len(table) / BATCH)


def main():
    tokens, dims = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (30_522, 768)
    table = made_table(tokens, dims)
    with support.folder() as work:
        source = support.write_table(work / "t.safetensors", table)
        print(f"table ({tokens:,}, {dims}), {table.nbytes / 1e6:.1f} MB as fp32")
        for ratio in (5, 20):
            report = support.run_json("train", "--table", source, "--prior", "none", "--ratio", ratio, "--out", work / "p", timeout=3000)
            began = time.monotonic()
            support.run("export", work / "p", "--to", "npy", "--out", work / "d.npy")
            decode = time.monotonic() - began
            print(f"ours {ratio}x: fit and cut {report['seconds']:.1f} s, relative error {report['relative_error']:.4f}; "
                  f"export {decode:.2f} s = {table.nbytes / 1e6 / decode:.0f} MB/s with writing")
            reference = torch_seconds(table, max(1, dims // ratio))
            if reference:
                print(f"PyTorch {ratio}x: {EPOCHS} epochs {reference:.0f} s; ours is {reference / report['seconds']:.1f} times as fast")


if __name__ == "__main__":
    main()
