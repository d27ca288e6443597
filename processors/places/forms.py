"""Which base forms may an inflected name have? Rules of each language, as data, for looking names up in other languages.

No morphology is needed: every form that the rules allow is tried, and the gazetteer says which of them is a name.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

import msgspec

from processors.lexicon.load import load
from processors.places.keys import key

MOST = 400  # forms of one name that are tried
_APOSTROPHE = re.compile(r"['’ʼ]")


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one language; `forms.toml` says what each means."""

    stem: int
    prefixes: tuple[str, ...] = ()
    most_prefixes: int = 0
    swaps: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    adjectives_restored: tuple[str, ...] = ()
    apostrophe: bool = False
    elisions: tuple[str, ...] = ()


def lookup_forms(words: Sequence[str], lang: str) -> list[str]:
    """Keys to look a name of one or several words up under, the name as it stands first. At most MOST."""
    options = [word_forms(word, lang) for word in words]
    return list(dict.fromkeys(" ".join(choice) for choice in islice(product(*options), MOST)))


@lru_cache(maxsize=50_000)
def word_forms(word: str, lang: str) -> tuple[str, ...]:
    """Keys of the forms that one word may stand for; its own first. Only that where the language has no rules."""
    own, rules = key(word), load("forms", dict[str, Rules], "places").get(lang)
    if not own or rules is None:
        return (own,) if own else ()
    return tuple(
        dict.fromkeys([*_cut(word, rules), own, *_without_prefixes(own, rules), *_without_endings(own, rules)])
    )


def _cut(word: str, rules: Rules) -> Iterator[str]:
    parts = _APOSTROPHE.split(word)
    if len(parts) == 2 and rules.apostrophe:
        yield key(parts[0])
    if len(parts) == 2 and key(parts[0]) in rules.elisions:
        yield key(parts[1])


def _without_prefixes(word: str, rules: Rules) -> Iterator[str]:
    stems = [word]
    for _ in range(rules.most_prefixes):
        last = stems[-1]
        if last[:1] not in rules.prefixes or len(last) - 1 < rules.stem:
            break
        stems.append(last[1:])
    stems += [new + word.removeprefix(old) for old, new in rules.swaps if word.startswith(old)]
    for stem in stems:
        yield stem
        for article in rules.optional:
            yield stem.removeprefix(article) if stem.startswith(article) else article + stem


def _without_endings(word: str, rules: Rules) -> Iterator[str]:
    for endings, restored in ((rules.endings, rules.restored), (rules.adjectives, rules.adjectives_restored)):
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= rules.stem:
                yield from (stem + end for end in restored)
    if rules.restored and len(word) >= rules.stem:
        yield from (word + end for end in rules.restored if end)
