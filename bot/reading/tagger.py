"""The reader's model at run time: names of people, organisations and places, and who said what, in one pass.

The model and how well it does: ``docs/reader-model.md``. What it makes of its scores: ``decoding``.
"""

from pathlib import Path

import numpy as np
import onnxruntime

from bot.reading.decoding import NameKind, NameTag, Settings, StatementTag, Tags, Window, decode
from bot.reading.tokens import CLS, DATA, FEATURES, SEP, Encoded, Encoder, windows

__all__ = ["NameKind", "NameTag", "StatementTag", "Tagger", "Tags"]

OVERLAP = 32  # word pieces that neighbouring windows share, so that each is seen with what surrounds it
SLOWER = ["SkipLayerNormFusion"]  # on a CPU its node takes five times as long as the two that it stands for


class Tagger:
    """Tags texts. One to a worker process; with one thread each, workers don't get in each other's way."""

    def __init__(self, model: Path | None = None, threads: int = 1, settings: Settings | None = None) -> None:
        path = model or DATA / "reader.onnx"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
        )
        self._settings = settings or Settings.read(path.with_suffix(".json"))
        self._encoder = Encoder()

    def tag(self, text: str) -> Tags:
        """What the model finds in a text of any length; nothing in an empty one."""
        coded, found = self.scores(text)
        return decode(text, coded, found, self._settings)

    def scores(self, text: str) -> tuple[Encoded, list[Window]]:
        """The word pieces of a text and what the model says of them, undecoded."""
        coded = self._encoder.encode(text)
        return coded, [self._read(coded, low, high) for low, high in windows(coded.breaks, len(coded), OVERLAP)]

    def _read(self, coded: Encoded, low: int, high: int) -> Window:
        ids = np.concatenate([[CLS], coded.ids[low:high], [SEP]])[None]
        given = np.zeros((1, high - low + 2, FEATURES), dtype=np.float32)
        given[0, 1:-1] = coded.given[low:high]
        labels, vectors = self._session.run(None, {"ids": ids, "given": given})
        return Window(low, high, labels[0, 1:-1], vectors[0])
