"""The short way to token vectors gives the model's own numbers."""

from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language

from processors.extract import token_vectors
from processors.extract.nlp import MODELS, english
from processors.extract.token_vectors import quickened

TEXTS = (
    "",
    "Two shells fell near the market on Friday, residents said.",
    "Let's go! It's the mayor's car; he doesn't know.",
    "A  bus\tburned",
    "Fire",
    "Police in the port town of Marsa detained four men after a knife attack, the governor's office said on Monday. "
    * 30,
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(next(name for name in MODELS if spacy.util.is_package(name)))


def vectors(model: Any, language: Language, texts: tuple[str, ...]) -> list[Any]:
    return list(model.predict([language.make_doc(text) for text in texts]))


@pytest.mark.parametrize("pipe", ["tok2vec", "ner"])
def test_same_numbers_as_the_model(plain: Language, pipe: str) -> None:
    component: Any = plain.get_pipe(pipe)
    own = component.model if pipe == "tok2vec" else component.model.layers[0].layers[0]
    quick = quickened(own)
    assert quick is not own
    for _ in range(2):  # the second time from memory
        for one, other in zip(vectors(quick, plain, TEXTS), vectors(own, plain, TEXTS), strict=True):
            assert one.shape == other.shape
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_a_full_memory_begins_anew(plain: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_vectors, "KEPT", 20)  # words: some of the texts have more
    own = plain.get_pipe("tok2vec").model
    quick = quickened(own)
    for text in (*TEXTS[1:4], TEXTS[5], "Gunmen took a teacher from her home.", *TEXTS[1:4]):
        (one,), (other,) = vectors(quick, plain, (text,)), vectors(own, plain, (text,))
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_a_model_of_another_build_is_left_alone(plain: Language) -> None:
    other: Any = plain.get_pipe("tagger")
    assert quickened(other.model) is other.model


def test_the_parser_uses_them() -> None:
    assert english().get_pipe("tok2vec").model.name == "token_vectors"
