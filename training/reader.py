"""Trains the reader's model.

    python -m training.reader --data FOLDER --out FOLDER       (about an hour on two cores)

FOLDER holds places-train.jsonl, names-train.jsonl and attributions-train.jsonl. The folder given by --out gets the
weights after every epoch (``epochN.pt``), the model (``reader.onnx``) and its settings (``reader.json``); to use them,
put these two into ``bot/reading/data``.
"""

import argparse
import copy
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn

from bot.reading.tokens import Encoder
from training import corpora, export, tune
from training.corpora import Corpora, Document
from training.examples import Batch, Example, batches, examples
from training.model import Reader, losses

SEED = 7
EPOCHS, WARM_UP = 3, 60  # of the statements; steps
REPEAT_PLACES, REPEAT_NAMES = 2, 2  # times an epoch: the smaller corpora are seen more often
ENCODER_RATE, HEAD_RATE = 8e-5, 1e-3
NAMES_FORGOTTEN = (
    0.15  # share of documents without the place-name features: villages that no table knows are places too
)
WEIGHTS = {
    "place": 1.0,
    "person": 0.5,
    "organisation": 0.5,
    "location": 0.5,
    "source": 1.0,
    "cue": 1.0,
    "content": 1.0,
    "to cue": 0.3,
    "to source": 0.3,
}


def epoch_documents(data: Corpora, dice: random.Random) -> Iterator[Document]:
    """One epoch's documents, each varied a little."""
    for _ in range(REPEAT_NAMES):
        sentences = [corpora.unspaced(d) if dice.random() < 0.5 else d for d in data.names]
        yield from (corpora.varied(d, dice) for d in corpora.joined(sentences, dice))
    for document in itertools.chain(data.statements, *[data.places] * REPEAT_PLACES):
        yield corpora.varied(document, dice)


def epoch_examples(data: Corpora, encoder: Encoder, dice: random.Random) -> list[Example]:
    """One epoch's windows."""
    parts = []
    for document in epoch_documents(data, dice):
        forget = dice.random() < NAMES_FORGOTTEN
        for part in examples(document, encoder, dice):
            if forget:
                part.given[:, 5:8] = 0
            parts.append(part)
    return parts


class Trainer:
    """The model with its optimiser and its falling rate."""

    def __init__(self, steps: int) -> None:
        self.model = Reader()
        encoder = list(self.model.encoder.parameters())
        heads = [p for n, p in self.model.named_parameters() if not n.startswith("encoder")]
        groups = [{"params": encoder, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self._rate = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser, lambda s: min(1.0, (s + 1) / WARM_UP) * max(0.02, 1 - s / steps)
        )

    def step(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch; the losses that it had."""
        with torch.autocast("cpu", torch.bfloat16):
            found = losses(self.model, batch)
            total = torch.stack([WEIGHTS[name] * loss for name, loss in found.items()]).sum()
        self._optimiser.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimiser.step()
        self._rate.step()
        return {name: loss.item() for name, loss in found.items()}


def train(data: Corpora, out: Path, epochs: int) -> Path:
    """The file of the last weights, after some epochs; those of every epoch are written."""
    torch.manual_seed(SEED)
    dice = random.Random(SEED)  # noqa: S311 -- the same shuffles every time are wanted, not secrets
    encoder = Encoder()
    parts = epoch_examples(data, encoder, dice)
    steps = epochs * sum(1 for _ in batches(parts, copy.copy(dice)))
    trainer = Trainer(steps)
    for epoch in range(epochs):
        parts = parts if epoch == 0 else epoch_examples(data, encoder, dice)
        run_epoch(trainer, list(batches(parts, dice)), epoch)
        torch.save(trainer.model.state_dict(), out / f"epoch{epoch}.pt")
    return out / f"epoch{epochs - 1}.pt"


def run_epoch(trainer: Trainer, todo: list[Batch], epoch: int) -> None:
    """Every batch once, with a line now and then."""
    trainer.model.train()
    began, sums, counts = time.time(), Counter[str](), Counter[str]()
    for number, batch in enumerate(todo, 1):
        found = trainer.step(batch)
        sums.update(found)
        counts.update(found.keys())
        if number % 25 == 0 or number == len(todo):
            shown = " ".join(f"{name} {sums[name] / counts[name]:.4f}" for name in WEIGHTS if counts[name])
            print(f"epoch {epoch} {number}/{len(todo)} {time.time() - began:.0f} s: {shown}", flush=True)
            sums.clear()
            counts.clear()


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train the reader's model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    learned, held = corpora.read(given.data)
    weights = train(learned, given.out, given.epochs)
    export.main(weights, given.out / "reader.onnx")
    tune.tune(given.out / "reader.onnx", held)


if __name__ == "__main__":
    main()
