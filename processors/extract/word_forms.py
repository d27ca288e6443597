"""Parts of speech, morphology and lemmas of tagged and parsed sentences: the model's own rules, with a memory.

The rules (attribute ruler, then lemmatizer) look at a word with its tag and dependency; a few look at two words. What
the others once made of a word they make of it again, so they are asked about each word once.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.attrs import DEP, LEMMA, LOWER, MORPH, ORTH, POS, TAG
from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.language import Language

WORD = [ORTH, TAG, DEP]  # what the rules see of a word
FORM = [TAG, POS, MORPH, LEMMA]  # what they make of it, besides the dependency, which those for blanks change
KEPT = 50_000  # words remembered, some ten megabytes
Word = tuple[int, ...]


class WordForms:
    """The rules of a model that has an attribute ruler and a lemmatizer."""

    def __init__(self, model: "Language") -> None:
        self._rules: list[Any] = [model.get_pipe("attribute_ruler"), model.get_pipe("lemmatizer")]
        self._vocab = model.vocab
        _index(self._rules[1])
        self._known: dict[Word, tuple[int, ...]] = {}
        self._signs = {
            key: frozenset(model.vocab.strings.add(value) for sign, value in _signs_of_pairs(model) if sign == key)
            for key in ("LOWER", "DEP")
        }

    def fill(self, docs: "Sequence[Doc]") -> None:
        """Sets the forms of sentences that have tags and dependencies."""
        plain: list[tuple[Doc, list[Word]]] = []
        for doc in docs:
            if self._needs_rules(doc):
                self._by_rules(doc)
            else:
                plain.append((doc, list(map(tuple, doc.to_array(WORD).tolist()))))
        self._learn({word for _, words in plain for word in words})
        for doc, words in plain:
            forms = [self._known[word] for word in words]
            doc.from_array(FORM, np.array([form for *form, _ in forms], dtype=np.uint64))
            for at, (word, form) in enumerate(zip(words, forms, strict=True)):
                if word[-1] != form[-1]:
                    doc[at].dep = form[-1]

    def _learn(self, words: set[Word]) -> None:
        """Asks the rules about words that were not seen yet, all in one list: no rule on a single word looks beside it."""
        if len(self._known) > KEPT:
            self._known.clear()
        if not (new := [word for word in words if word not in self._known]):
            return
        listed = Doc(self._vocab, [self._vocab.strings[orth] for orth, *_ in new])
        listed.from_array(WORD[1:], np.array([signs for _, *signs in new], dtype=np.uint64))
        self._by_rules(listed)
        self._known.update(zip(new, map(tuple, listed.to_array([*FORM, DEP]).tolist()), strict=True))

    def _by_rules(self, doc: Doc) -> None:
        for rule in self._rules:
            rule(doc)

    def _needs_rules(self, doc: Doc) -> bool:
        """Whether a rule may hold that looks at two words."""
        rows = doc.to_array([LOWER, DEP]).tolist()
        lowers, labels = self._signs["LOWER"], self._signs["DEP"]
        return not rows or any(low in lowers or label in labels for low, label in rows)


def _index(lemmatizer: Any) -> None:
    """Makes sets of the word lists that the lemmatizer searches: it asks only whether a word is in them."""
    words = lemmatizer.lookups.get_table("lemma_index", {})
    for part in list(words):
        words[part] = frozenset(words[part])


def _signs_of_pairs(model: "Language") -> Iterator[tuple[str, str]]:
    """For each pattern of several words something without which it cannot match: (LOWER or DEP, its value)."""
    ruler: Any = model.get_pipe("attribute_ruler")
    for rule in ruler.patterns:
        for pattern in rule["patterns"]:
            if len(pattern) > 1:
                yield next((k, t[k]) for t in pattern for k in ("LOWER", "DEP") if isinstance(t.get(k), str))
