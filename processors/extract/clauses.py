"""Are two words of one sentence told in clauses of their own, each with its own subject?"""

import re
from collections.abc import Iterable

from spacy.tokens import Token

from processors.extract.scope import clause_of

SUBJECTS = ("nsubj", "nsubjpass")
SIDE_BY_SIDE = ("advcl", "conj", "ccomp", "parataxis")
LATER = re.compile(
    r"\b(?:minutes|hours|days|weeks|moments|shortly|soon|an hour|a day|a week|the day)\s+after\b(?!\s+(?:he|she|they|it)\b)",
    re.I,
)


def parted(one: Token, other: Token) -> bool:
    """Whether the words are told side by side ("a bomb killed three while gunmen shot two"), not one of them in a clause
    that speaks of the other ("a bomb that a drone dropped").
    """
    return boundary(one, other) is not None


def boundary(one: Token, other: Token) -> tuple[int, int] | None:
    """Where the clause beside the main one starts and ends, as offsets of the sentence, that holds one of two words told
    side by side and not the other; None where they are not.
    """
    above = {t.i for t in (one, *one.ancestors)}
    common = next((t for t in (other, *other.ancestors) if t.i in above), None)
    if common is None or common.pos_ not in ("VERB", "AUX"):
        return None
    sides = [_side(token, common) for token in (one, other)]
    clause = next((s for s in reversed(sides) if s is not None), None)
    if clause is None or not _apart(sides) or not all(_has_subject(s if s is not None else common) for s in sides):
        return None
    return clause.left_edge.idx, clause.right_edge.idx + len(clause.right_edge)


def shares_side(trigger: Token, others: Iterable[Token], at: int) -> bool:
    """Whether an offset of the sentence is in no clause that one of the others tells beside the trigger's."""
    edges = [edge for other in others if (edge := boundary(trigger, other))]
    return all((first <= at < last) == (first <= trigger.idx < last) for first, last in edges)


def _apart(sides: list[Token | None]) -> bool:
    """Two clauses, of which none is the other's object: "police said gunmen shot …" is one telling."""
    return not any(s is not None and s.dep_ == "ccomp" and o is None for s, o in (sides, reversed(sides)))


def _side(token: Token, common: Token) -> Token | None:
    """The clause below `common` that holds the token; None where it is of the common clause itself."""
    verb = clause_of(token)
    while verb.i != common.i and verb.head.i != common.i and verb.head.i != verb.i:
        verb = verb.head
    return None if verb.i == common.i or verb.dep_ not in SIDE_BY_SIDE else verb


def _has_subject(verb: Token) -> bool:
    return any(t.dep_ in SUBJECTS and t.tag_ not in ("WP", "WDT", "PRP") for t in verb.children)


def answered_first(text: str, one: int, other: int) -> bool | None:
    """Of two words at offsets of a sentence, whether the first happened hours after the second; None where the words
    do not say that either came later.
    """
    found = LATER.search(text)
    if found is None:
        return None
    end = text.find(",", found.end())
    last = end if found.start() < 20 and end > 0 else len(text)
    inside = [found.end() <= at < last for at in (one, other)]
    return None if inside[0] == inside[1] else inside[1]
