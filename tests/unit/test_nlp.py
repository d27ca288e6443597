"""The parser gives what spaCy's own loop gives, sentence by sentence."""

import pytest
from spacy.tokens import Doc

from processors.extract.nlp import BATCH, english, parse

SENTENCES = [
    "Gunmen killed three farmers near Baidoa on Tuesday, police said.",
    "Let's go, it ain't over, y'all.",
    "There were two  explosions in the port of Aden.",
    "There's a fire; they're gonna evacuate.",
    "",
    "12 Soldiers Wounded",
    "Colonel Amina Yusuf told Radio Sahel that the I saw it claim was false.",
    "\t",
]


def rows(doc: Doc) -> list[tuple[object, ...]]:
    return [(t.text, t.tag_, t.pos_, t.lemma_, str(t.morph), t.dep_, t.head.i, t.ent_type_, t.ent_iob_) for t in doc]


@pytest.fixture(scope="module")
def expected() -> list[list[tuple[object, ...]]]:
    return [rows(doc) for doc in english().pipe(SENTENCES)]


def test_as_the_pipe(expected: list[list[tuple[object, ...]]]) -> None:
    assert [rows(doc) for doc in parse(SENTENCES)] == expected


def test_remembered_words_have_the_same_forms(expected: list[list[tuple[object, ...]]]) -> None:
    parse(SENTENCES)
    assert [rows(doc) for doc in parse(SENTENCES)] == expected


def test_more_than_a_batch_in_order() -> None:
    texts = [f"Shelling hit {n} houses" + " again" * (n % 7) for n in range(BATCH + 9)]
    assert [doc.text for doc in parse(texts)] == texts
