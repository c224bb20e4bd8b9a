"""The direction autoencoder of arXiv:2106.08181 trained in PyTorch, against our closed form on the same table.

    python3 entangle_direction.py TABLE.npy PATH_OF_entangle_direction_bench [--epochs 30]

Prints, for 2.5x, 5x and 10x (latent floats per token), both mean cosines and both times. The recipe as published: a
linear encoder and decoder with bias, loss 0.9975/5 * cosine distance + 0.0025 * L1^a with a from 1.0 to 0.1, Adam 1e-3
halved every 4 epochs, batch 32.
"""
import argparse
import subprocess
import sys
import time

import numpy as np

try:
    import torch
except ImportError:
    print("skipped: PyTorch is not installed")
    sys.exit(77)


def train(table, latent, epochs):
    """Mean cosine and seconds of the published recipe."""
    torch.manual_seed(1)
    target = torch.from_numpy(table)
    dims = target.shape[1]
    encoder, decoder = torch.nn.Linear(dims, latent), torch.nn.Linear(latent, dims)
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, 4, 0.5)
    start = time.time()
    for epoch in range(epochs):
        power = 1.0 - 0.9 * epoch / max(1, epochs - 1)
        for batch in torch.randperm(len(target)).split(32):
            wanted = target[batch]
            got = decoder(encoder(wanted))
            distance = 1 - torch.nn.functional.cosine_similarity(got, wanted, dim=1)
            absolute = ((got - wanted).abs() + 1e-8) ** power
            loss = 0.9975 / 5 * distance.mean() + 0.0025 * absolute.mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
    seconds = time.time() - start
    with torch.no_grad():
        got = decoder(encoder(target))
        cosine = torch.nn.functional.cosine_similarity(got, target, dim=1).mean().item()
    return cosine, seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("bench")
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    table = np.load(options.table).astype(np.float32)
    for ratio in (2.5, 5, 10):
        latent = max(1, int(table.shape[1] / ratio * len(table) / (len(table) + table.shape[1])))
        ours = subprocess.run([options.bench, options.table, str(latent)], capture_output=True, text=True, check=True)
        _, our_seconds, our_cosine, _ = map(float, ours.stdout.split())
        cosine, seconds = train(table, latent, options.epochs)
        print(f"{ratio}x latent {latent}: ours cosine {our_cosine:.4f} in {our_seconds:.2f} s, PyTorch {cosine:.4f} in "
              f"{seconds:.1f} s, {seconds / our_seconds:.0f} times the time", flush=True)


main()
