"""Writes the trained model as int8 ONNX for the CPU, and the settings that go with it.

    python -m training.export WEIGHTS.pt MODEL.onnx

The graph takes one window, so that nothing is padded and nothing masked. Matrices are int8 per output channel; the
last one of the labels and what comes before the encoder stay in float, but for the word embeddings: int8 with a scale
per word. Attention is one node of onnxruntime's own, which takes less time than its parts (docs/performance.md).
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

from bot.reading.tokens import FEATURES
from training.corpora import HEADS
from training.model import HIDDEN, LINKS, POINTER, Reader

HEAD_COUNT = 12  # of attention
OPSET = 17  # the first with LayerNormalization
RUNTIMES_OWN = "com.microsoft"  # operators beyond ONNX: onnxruntime's docs/ContribOperators.md


class Attention(torch.autograd.Function):
    """Attention by all heads at once, its query scaled beforehand; a single node in the graph."""

    @staticmethod
    def forward(_: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        """What each piece takes from the others, (1, pieces, HIDDEN)."""
        query, key, value = (x.unflatten(-1, (HEAD_COUNT, -1)).transpose(1, 2) for x in (query, key, value))
        return (torch.softmax(query @ key.transpose(2, 3), -1) @ value).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any) -> Any:
        """The node."""
        node = graph.op(f"{RUNTIMES_OWN}::MultiHeadAttention", query, key, value, num_heads_i=HEAD_COUNT, scale_f=1.0)
        node.setType(value.type())
        return node


class Layer(nn.Module):
    """One layer of the encoder, its three projections in one matrix."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        own = layer.attention.self
        self.all = nn.Linear(HIDDEN, 3 * HIDDEN)
        scale = (HIDDEN // HEAD_COUNT) ** -0.5  # of attention's scores, put into the query beforehand
        self.all.weight.data = torch.cat([own.query.weight * scale, own.key.weight, own.value.weight])
        self.all.bias.data = torch.cat([own.query.bias * scale, own.key.bias, own.value.bias])
        self.out, self.out_norm = layer.attention.output.dense, layer.attention.output.LayerNorm
        self.up, self.down, self.norm = layer.intermediate.dense, layer.output.dense, layer.output.LayerNorm

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """One window (1, pieces, HIDDEN) on."""
        seen = Attention.apply(*self.all(hidden).split(HIDDEN, -1))
        hidden = self.out_norm(hidden + self.out(seen))
        return self.norm(hidden + self.down(nn.functional.gelu(self.up(hidden))))


class Exported(nn.Module):
    """The reader for one whole window, without padding."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        embeddings = reader.encoder.embeddings
        self.norm = embeddings.LayerNorm
        self.words, self.scales = by_row(embeddings.word_embeddings.weight)
        self.positions = nn.Parameter(
            embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        )
        self.layers = nn.ModuleList(map(Layer, reader.encoder.encoder.layer))
        self.given, self.inner, self.labels, self.links = reader.given, reader.inner, reader.labels, reader.links

    def forward(self, ids: torch.Tensor, given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """As ``Reader.forward``, for (1, pieces) and (1, pieces, FEATURES)."""
        hidden = self.norm(
            self.words[ids].float() * self.scales[ids] + self.given(given) + self.positions[: ids.shape[1]]
        )
        for layer in self.layers:
            hidden = layer(hidden)
        inner = nn.functional.gelu(self.inner(torch.cat([hidden, given], -1)))
        return self.labels(inner).view(1, -1, len(HEADS), 3), self.links(hidden).view(1, -1, LINKS, POINTER)


def by_row(table: torch.Tensor) -> tuple[nn.Parameter, nn.Parameter]:
    """The table as int8, and the scale (a column) that gives each row back."""
    scales = table.abs().amax(1, keepdim=True) / 127
    return nn.Parameter((table / scales).round().to(torch.int8), requires_grad=False), nn.Parameter(scales)


def to_onnx(reader: Reader, path: Path) -> None:
    """Write the model with its matrices in float; word embeddings are int8 with a scale per word."""
    ids, given = torch.full((1, 40), 1000), torch.zeros(1, 40, FEATURES)
    torch.onnx.export(
        Exported(reader).eval(),
        (ids, given),
        str(path),
        dynamo=False,
        opset_version=OPSET,
        custom_opsets={RUNTIMES_OWN: 1},
        input_names=["ids", "given"],
        output_names=["labels", "vectors"],
        dynamic_axes={"ids": {1: "pieces"}, "given": {1: "pieces"}, "labels": {1: "pieces"}, "vectors": {1: "pieces"}},
    )


def to_int8(source: Path, path: Path) -> None:
    """Write the model with int8 matrices."""
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean.onnx"
        quant_pre_process(source, clean, skip_symbolic_shape=True)
        kept = [n.name for n in onnx.load(clean).graph.node if n.op_type in {"MatMul", "Gemm"} and in_float(n.name)]
        quantize_dynamic(
            clean,
            path,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=kept,
        )


def in_float(name: str) -> bool:
    """Whether a node is one of those that int8 would cost more than it saves: all but the large ones."""
    return not name.startswith(("/layers", "/inner", "/links"))


def main(weights: Path, path: Path) -> None:
    """Export and quantise."""
    reader = Reader()
    reader.load_state_dict(torch.load(weights))
    to_onnx(reader.eval(), path.with_suffix(".float.onnx"))
    to_int8(path.with_suffix(".float.onnx"), path)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
