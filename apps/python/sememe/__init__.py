"""PyTorch side of sememe. `sememe.collect` measures what the encoder weighs errors by: how often each token occurs,
and the second moment of the hidden states that meet the table."""

from .collect import Statistics, collect, write

__all__ = ["Statistics", "collect", "write"]
