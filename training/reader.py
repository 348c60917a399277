"""Trains the reader's model: on public corpora first, then for a while with articles of our own among them.

The second part is done twice, with more and with less of our own, and the weights are averaged with those of the first
(https://arxiv.org/abs/2109.01903): what is new is learned, and what the public corpora taught isn't forgotten.

    python -m training.reader --data FOLDER --out FOLDER       (about an hour on two cores)

FOLDER holds places-train.jsonl, names-train.jsonl and attributions-train.jsonl. The folder given by --out gets the
weights after every epoch (``epochN.pt``, ``refined.pt``), the model (``reader.onnx``) and its settings
(``reader.json``); to use them, put these two into ``bot/reading/data``. ``--from epoch2.pt`` leaves the first part out.
"""

import argparse
import copy
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from bot.reading.tokens import Encoder
from training import articles, corpora, export, tune
from training.corpora import Corpora, Document
from training.examples import Batch, Example, batches, examples
from training.model import Reader, losses

Weights = Mapping[str, torch.Tensor]

SEED = 7
EPOCHS, WARM_UP = 3, 60  # of the statements; steps
REPEAT_PLACES, REPEAT_NAMES = 2, 2  # times an epoch: the smaller corpora are seen more often
ENCODER_RATE, HEAD_RATE = 8e-5, 1e-3
REFINING = 0.4  # of both rates, in the second part
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


@dataclass(frozen=True, slots=True)
class Mixture:
    """What one run of the second part learns from, and what its weights count in the end."""

    own: int  # times that an article of our own is learned from, three times in four with other names
    sentences: int  # times that the name corpora are: they call other things organisations
    public: float  # share of the public reports
    weight: float


MIXTURES = (Mixture(8, 1, 0.35, 0.2), Mixture(4, 3, 0.4, 0.3))  # the first part's weights count the rest


def epoch_documents(data: Corpora, dice: random.Random) -> Iterator[Document]:
    """One epoch's documents of the public corpora, each varied a little."""
    for _ in range(REPEAT_NAMES):
        yield from _sentences(data, dice)
    for document in itertools.chain(data.statements, *[data.places] * REPEAT_PLACES):
        yield corpora.varied(document, dice)


def refining_documents(mixture: Mixture, data: Corpora, own: list[Document], dice: random.Random) -> Iterator[Document]:
    """The second part's documents: our own, again and again with other names, and some of the public ones."""
    names = articles.names_of(own)
    for document, turn in itertools.product(own, range(mixture.own)):
        yield corpora.varied(articles.renamed(document, names, dice) if turn % 4 else document, dice)
    for _ in range(mixture.sentences):
        yield from _sentences(data, dice)
    for document in [*data.statements, *data.places]:
        if dice.random() < mixture.public:
            yield corpora.varied(document, dice)


def _sentences(data: Corpora, dice: random.Random) -> Iterator[Document]:
    sentences = [corpora.unspaced(d) if dice.random() < 0.5 else d for d in data.names]
    yield from (corpora.varied(d, dice) for d in corpora.joined(sentences, dice))


def windows_of(documents: Iterable[Document], encoder: Encoder, dice: random.Random) -> list[Example]:
    """The documents' windows."""
    parts = []
    for document in documents:
        forget = dice.random() < NAMES_FORGOTTEN
        for part in examples(document, encoder, dice):
            if forget:
                part.given[:, 5:8] = 0
            parts.append(part)
    return parts


class Trainer:
    """The model with its optimiser and its falling rate; ``pace`` is a factor of both rates."""

    def __init__(self, model: Reader, steps: int, pace: float = 1.0) -> None:
        self.model = model
        encoder = list(self.model.encoder.parameters())
        heads = [p for n, p in self.model.named_parameters() if not n.startswith("encoder")]
        groups = [{"params": encoder, "lr": pace * ENCODER_RATE}, {"params": heads, "lr": pace * HEAD_RATE}]
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
    """The file of the weights after some epochs of the public corpora; those of every epoch are written."""
    torch.manual_seed(SEED)
    dice = random.Random(SEED)  # noqa: S311 -- the same shuffles every time are wanted, not secrets
    encoder = Encoder()
    parts = windows_of(epoch_documents(data, dice), encoder, dice)
    steps = epochs * sum(1 for _ in batches(parts, copy.copy(dice)))
    trainer = Trainer(Reader(), steps)
    for epoch in range(epochs):
        parts = parts if epoch == 0 else windows_of(epoch_documents(data, dice), encoder, dice)
        run_epoch(trainer, list(batches(parts, dice)), f"epoch {epoch}")
        torch.save(trainer.model.state_dict(), out / f"epoch{epoch}.pt")
    return out / f"epoch{epochs - 1}.pt"


def refine(weights: Path, mixture: Mixture, data: Corpora, own: list[Document]) -> Weights:
    """The weights after the second part with one mixture, starting from those in the file."""
    torch.manual_seed(SEED)
    dice = random.Random(SEED)  # noqa: S311 -- as above
    model = Reader()
    model.load_state_dict(torch.load(weights, weights_only=True))
    todo = list(batches(windows_of(refining_documents(mixture, data, own, dice), Encoder(), dice), dice))
    run_epoch(Trainer(model, len(todo), REFINING), todo, "refining")
    return model.state_dict()


def averaged(first: Weights, refined: Sequence[Weights]) -> Weights:
    """The mean of the weights, each counting as its mixture says."""
    shares = [mixture.weight for mixture in MIXTURES]
    parts = list(zip([1 - sum(shares), *shares], [first, *refined], strict=True))
    return {
        name: sum(share * part[name] for share, part in parts) if tensor.is_floating_point() else tensor
        for name, tensor in first.items()
    }


def run_epoch(trainer: Trainer, todo: list[Batch], name: str) -> None:
    """Every batch once, with a line now and then."""
    trainer.model.train()
    began, sums, counts = time.time(), Counter[str](), Counter[str]()
    for number, batch in enumerate(todo, 1):
        found = trainer.step(batch)
        sums.update(found)
        counts.update(found.keys())
        if number % 25 == 0 or number == len(todo):
            shown = " ".join(f"{head} {sums[head] / counts[head]:.4f}" for head in WEIGHTS if counts[head])
            print(f"{name} {number}/{len(todo)} {time.time() - began:.0f} s: {shown}", flush=True)
            sums.clear()
            counts.clear()


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train the reader's model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--from", type=Path, dest="start", help="weights of the first part, which is left out then")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    learned, held = corpora.read(given.data)
    own, own_held = corpora.split(articles.read())
    model = given.out / "reader.onnx"
    start = given.start or train(learned, given.out, given.epochs)
    export.main(start, model)
    settings = tune.chosen(model, held)  # anew on the few articles of our own, they would follow chance
    refined = [refine(start, mixture, learned, own) for mixture in MIXTURES]
    torch.save(averaged(torch.load(start, weights_only=True), refined), given.out / "refined.pt")
    export.main(given.out / "refined.pt", model)
    tune.write(model, settings, corpora.with_own(held, own_held))


if __name__ == "__main__":
    main()
