"""A text as a vector of its meaning, by multilingual-e5-small. Texts of like meaning lie close, in whatever language."""

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from processors.encode.network import network
from processors.encode.pieces import Pieces
from processors.encode.weights import Floats, Rows, Weights, weight_file

PREFIX = "passage: "  # the model was trained with it
MOST = 64  # pieces of a text that are read: title and first sentences tell as much as the whole
READ = 1000  # characters of a text that are cut into pieces


class Encoder:
    """Loads at the first text, in about a second. One thread: a second is of no use where other processes run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, text: str) -> Floats:
        """A vector of length 1. Texts are read one by one: rounding would make a vector depend on others of its batch.

        Raises ResourceError where the weights cannot be read, ImportError without onnxruntime.
        """
        special = self._weights.special
        numbers = [special.start, *self._pieces.of(PREFIX + text[:READ])[: MOST - 2], special.end]
        vectors = self._words[np.array(numbers)] + self._positions[: len(numbers)]
        (read,) = self._session.run(None, {"vectors": vectors[None]})
        mean = read[0].mean(axis=0)
        unit: Floats = mean / np.linalg.norm(mean)
        return unit

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self._path)

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(self._weights)

    @cached_property
    def _words(self) -> Rows:
        return self._weights.rows("emb.word")

    @cached_property
    def _positions(self) -> Floats:
        """What is added to a piece's vector for its place in the text."""
        width = self._weights.sizes.width
        kind = self._weights.tensor("emb.type")[:width]
        return self._weights.tensor("emb.pos").reshape(-1, width)[:MOST] + kind

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        onnxruntime.disable_telemetry_events()  # texts stay here, and so does that there were any
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(network(self._weights), options, providers=["CPUExecutionProvider"])


def installed() -> Path | None:
    """The weights, where these and the runtime are there; else None."""
    return weight_file() if find_spec("onnxruntime") else None
