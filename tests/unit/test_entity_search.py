"""The search over all sentences at once finds what spaCy's own finds."""

from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from processors.extract.entity_search import EntitySearch
from processors.extract.nlp import MODELS, parse

TEXTS = (
    "",
    "Fire",
    " ",
    "Marsa",
    "Lima  .  Then \n Quito  ",
    "Two shells fell near the market of Marsa on Friday, residents said.",
    "The governor of North Harrow Province, Ana Ruiz de la Vega, met John Smith Jr. in New York City on Monday, May 3, 2021.",
    "Police said it was over. Paris was quiet. About 40 percent of the 1,200 homes lost power at 9:30 p.m. on Tuesday night",
    "They came from the United States, the Democratic Republic of the Congo and",
    "BREAKING: Israeli army, Hamas, IDF - Gaza City",
    "He paid between $40 million and $50 million to the Bank of New England for The Old Man and the Sea.",
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return spacy.load(next(name for name in MODELS if spacy.util.is_package(name)))


def parsed(language: Language) -> list[Doc]:
    """Parsed, without entities; without what holds no word, as the parser's caller has it."""
    return [doc for doc in (language(text, disable=["ner"]) for text in TEXTS) if len(doc)]


def told(docs: list[Doc]) -> list[list[tuple[int, int, str, str]]]:
    return [
        [(e.start, e.end, e.label_, e.text) for e in doc.ents] + [(t.i, t.ent_iob, "", "") for t in doc] for doc in docs
    ]


def test_same_entities_as_the_recogniser(plain: Language) -> None:
    recogniser: Any = plain.get_pipe("ner")
    ours, theirs = parsed(plain), parsed(plain)
    EntitySearch(recogniser)(ours)
    recogniser.set_annotations(theirs, recogniser.predict(theirs))
    assert told(ours) == told(theirs)
    assert sum(len(doc.ents) for doc in ours) > 15


def test_each_alone_as_together(plain: Language) -> None:
    search, together, alone = EntitySearch(plain.get_pipe("ner")), parsed(plain), parsed(plain)
    search(together)
    for doc in alone:
        search([doc])
    assert told(alone) == told(together)


def test_another_build_is_refused(plain: Language) -> None:
    with pytest.raises(ValueError, match="another build"):
        EntitySearch(plain.get_pipe("parser"))


def test_the_parser_uses_it() -> None:
    assert [(e.text, e.label_) for e in parse(["John Smith came to London on Friday."])[0].ents] == [
        ("John Smith", "PERSON"),
        ("London", "GPE"),
        ("Friday", "DATE"),
    ]
