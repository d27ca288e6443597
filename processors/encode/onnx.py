"""The little of the ONNX format that a fixed network needs, written as protocol buffers by hand: so nothing but the runtime
must be installed. Field numbers are those of onnx.proto3.
"""

import struct
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Attribute = int | float
VERSION, OPSET = 8, 17  # of the format and of the standard operators
FUSED = "com.microsoft"  # where onnxruntime keeps its own operators
ELEMENT = {"float32": 1, "int8": 3}


class Graph:
    """Collects nodes and constants; names are given out in order."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []  # fields of GraphProto
        self._names = 0

    def constant(self, values: NDArray[np.generic]) -> str:
        """The name of an array that becomes part of the model."""
        name = self._name()
        dims = b"".join(_number(1, size) for size in values.shape)
        kind = _number(2, ELEMENT[values.dtype.name])
        self._parts.append(_field(5, dims + kind + _text(8, name) + _field(9, np.ascontiguousarray(values).tobytes())))
        return name

    def node(self, operator: str, inputs: Iterable[str], domain: str = "", **attributes: Attribute) -> str:
        """The name of what a node with one output gives."""
        name = self._name()
        self._node(operator, inputs, [name], domain, attributes)
        return name

    def quantised(self, value: str) -> tuple[str, str, str]:
        """A tensor in 256 steps: its values, the size of a step and the value of zero."""
        names = self._name(), self._name(), self._name()
        self._node("DynamicQuantizeLinear", [value], names, "", {})
        return names

    def model(self, given: str, result: str, output: str) -> bytes:
        """The serialised model, from one input to one output, both of floats in three dimensions."""
        self._node("Identity", [result], [output], "", {})
        ends = _field(11, _value(given, 3)) + _field(12, _value(output, 3))
        opsets = _field(8, _text(1, "") + _number(2, OPSET)) + _field(8, _text(1, FUSED) + _number(2, 1))
        return _number(1, VERSION) + _field(7, b"".join([*self._parts, _text(2, "network"), ends])) + opsets

    def _node(
        self, operator: str, inputs: Iterable[str], outputs: Iterable[str], domain: str, given: dict[str, Attribute]
    ) -> None:
        names = b"".join(_text(1, name) for name in inputs) + b"".join(_text(2, name) for name in outputs)
        attributes = b"".join(_field(5, _attribute(*each)) for each in given.items())
        self._parts.append(_field(1, names + _text(4, operator) + attributes + _text(7, domain)))

    def _name(self) -> str:
        self._names += 1
        return f"n{self._names}"


def _value(name: str, dimensions: int) -> bytes:
    shape = b"".join(_field(1, _text(2, f"{name}{i}")) for i in range(dimensions))
    return _text(1, name) + _field(2, _field(1, _number(1, ELEMENT["float32"]) + _field(2, shape)))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _number(20, 1)
    return _text(1, name) + _number(3, value) + _number(20, 2)


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _field(number: int, content: bytes) -> bytes:
    return _key(number, 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _key(number, 0) + _varint(value % (1 << 64))


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
