"""The encoder's network as an ONNX model in eight bits, made from the weights in memory: matrices are rounded column by
column, activations while it runs. Input: the vectors of a text's pieces, positions added. Output: one for each piece.
"""

from collections.abc import Iterator

import numpy as np

from processors.encode.onnx import FUSED, Graph
from processors.encode.weights import Floats, Weights

STEPS = 63  # to each side: of 127, sums of two products overflow on processors without instructions for it


def network(weights: Weights) -> bytes:
    """The serialised model: `vectors` (1 × pieces × width) → `read`, of the same shape."""
    graph = Graph()
    norm = "vectors", *_constants(graph, weights, "emb.ln.w", "emb.ln.b")
    state = graph.node("LayerNormalization", norm, axis=-1, epsilon=weights.sizes.epsilon)
    for layer in range(weights.sizes.layers):
        state = _layer(graph, weights, f"l{layer}.", state)
    return graph.model("vectors", state, "read")


def _layer(graph: Graph, weights: Weights, at: str, state: str) -> str:
    out = _product(graph, weights, _attention(graph, weights, at, state), f"{at}ao.w")
    state = _added(graph, weights, out, state, (f"{at}aln.w", f"{at}aln.b", f"{at}ao.b"))
    inner = _product(graph, weights, state, f"{at}fi.w")
    inner = graph.node("BiasGelu", (inner, *_constants(graph, weights, f"{at}fi.b")), FUSED)
    out = _product(graph, weights, inner, f"{at}fo.w")
    return _added(graph, weights, out, state, (f"{at}oln.w", f"{at}oln.b", f"{at}fo.b"))


def _attention(graph: Graph, weights: Weights, at: str, state: str) -> str:
    matrix, step = _rounded(graph, np.concatenate([_matrix(weights, f"{at}{part}.w") for part in "qkv"], axis=1))
    bias = graph.constant(np.concatenate([weights.tensor(f"{at}{part}.b") for part in "qkv"]))
    value, value_step, zero = graph.quantised(state)
    inputs = (value, matrix, bias, value_step, step, "", zero)
    return graph.node("QAttention", inputs, FUSED, num_heads=weights.sizes.heads)


def _product(graph: Graph, weights: Weights, state: str, name: str) -> str:
    return graph.node("DynamicQuantizeMatMul", (state, *_rounded(graph, _matrix(weights, name))), FUSED)


def _added(graph: Graph, weights: Weights, out: str, state: str, names: tuple[str, str, str]) -> str:
    """`out` with its bias on top of `state`, normalised. `names`: scale and shift of the norm, bias."""
    inputs = (out, state, *_constants(graph, weights, *names))
    return graph.node("SkipLayerNormalization", inputs, FUSED, epsilon=weights.sizes.epsilon)


def _matrix(weights: Weights, name: str) -> Floats:
    """Input × output; the file holds it the other way round."""
    inner, width = weights.sizes.inner, weights.sizes.width
    out = inner if name.endswith("fi.w") else width
    return weights.tensor(name).reshape(out, -1).T


def _rounded(graph: Graph, matrix: Floats) -> tuple[str, str]:
    """Names of the matrix with each column in steps around 0, and of the sizes of these steps."""
    step = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / STEPS
    return graph.constant(np.rint(matrix / step).astype(np.int8)), graph.constant(step.astype(np.float32))


def _constants(graph: Graph, weights: Weights, *names: str) -> Iterator[str]:
    return (graph.constant(weights.tensor(name)) for name in names)
