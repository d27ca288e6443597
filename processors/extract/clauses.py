"""Are two words of one sentence told in clauses of their own, each with its own subject?"""

import re
from collections.abc import Iterable

from spacy.tokens import Token

from processors.extract.scope import clause_of

SUBJECTS = ("nsubj", "nsubjpass")
SIDE_BY_SIDE = ("advcl", "conj", "ccomp", "parataxis")
SEQUEL = frozenset(
    {"after", "following", "since", "before", "amid", "retaliation", "response", "answer", "reply", "revenge", "avenge"}
)
LISTING = frozenset({"while", "whereas", "meanwhile"})
SIDES = (*SIDE_BY_SIDE, "relcl")
LATER = re.compile(
    r"\b(?:minutes|hours|days|weeks|moments|shortly|soon|an hour|a day|a week|the day)\s+after\b(?!\s+(?:he|she|they|it)\b)",
    re.I,
)


def parted(one: Token, other: Token) -> bool:
    """Whether the words are told side by side ("a bomb killed three while gunmen shot two"), not one of them in a clause
    that speaks of the other ("a bomb that a drone dropped").
    """
    return boundary(one, other) is not None


def listed(one: Token, other: Token) -> bool:
    """Whether the words are two deeds of a list: joined by "and", a comma or "while", not by "when", "as" or "after"."""
    clause = _beside(one, other)
    marks = [t.lower_ for t in clause.children if t.dep_ in ("mark", "advmod")] if clause is not None else []
    return clause is not None and (clause.dep_ != "advcl" or bool(LISTING & set(marks)))


def boundary(one: Token, other: Token) -> tuple[int, int] | None:
    """Where the clause beside the main one starts and ends, as offsets of the sentence, that holds one of two words told
    side by side and not the other; None where they are not.
    """
    clause = _beside(one, other)
    return (clause.left_edge.idx, clause.right_edge.idx + len(clause.right_edge)) if clause is not None else None


def _beside(one: Token, other: Token) -> Token | None:
    """The verb of that clause."""
    above = {t.i for t in (one, *one.ancestors)}
    common = next((t for t in (other, *other.ancestors) if t.i in above), None)
    if common is None or common.pos_ not in ("VERB", "AUX"):
        return None
    sides = [_side(token, common) for token in (one, other)]
    clause = next((s for s in reversed(sides) if s is not None), None)
    told = common.i in {clause_of(t).i for t in (one, other)}  # the verb above tells one of the two itself
    if clause is None or not (_apart(sides) or (told and clause.i < common.i and _subject_follows(clause, common))):
        return None
    return clause if all(_has_subject(s if s is not None else common) for s in sides) else None


def _subject_follows(clause: Token, verb: Token) -> bool:
    """ "A mine killed two, a drone burned a bus": the verb's own subject stands after the clause before it."""
    return any(t.dep_ in SUBJECTS and t.i > clause.right_edge.i for t in verb.children)


def cut_between(one: Token, other: Token) -> int | None:
    """The offset of the sentence at which the clause of the later word begins, or that of the earlier one ends where it
    hangs from the later; None where one clause holds both. Asks for no subject: "shot a guard in X and burned a bus in Y".
    """
    first, second = sorted((one, other), key=lambda t: t.i)
    above = {t.i for t in (first, *first.ancestors)}
    common = next((t for t in (second, *second.ancestors) if t.i in above), None)
    if common is None:
        return None
    if (later := _branch(second, common)) is not None:
        return int(max(_opening(later).idx, first.idx + len(first)))
    if (earlier := _branch(first, common)) is not None:
        return int(earlier.right_edge.idx) + len(earlier.right_edge)
    link = looked_back_at(second, first)
    return link.idx if link is not None else None


def looked_back_at(noun: Token, trigger: Token) -> Token | None:
    """ "Rockets were fired in retaliation for an airstrike": the word that makes the noun's event one to which the
    trigger's was an answer or a sequel.
    """
    path = noun
    while not noun.is_ancestor(trigger) and path.i != trigger.i and path.head.i != path.i:
        path = path.head
        if path.lower_ in SEQUEL:
            return path
    return None


def _opening(clause: Token) -> Token:
    """Where a clause begins; "X, where rockets fell" begins with the place."""
    place = clause.dep_ == "relcl" and clause.head.pos_ == "PROPN"
    return clause.head.left_edge if place else clause.left_edge


def _branch(token: Token, common: Token) -> Token | None:
    """The topmost clause below `common` that holds the token."""
    found = None
    while token.i != common.i and token.head.i != token.i:
        found = token if token.dep_ in SIDES else found
        token = token.head
    return found


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
    """A subject of its own; "shelling", which the parser takes for an auxiliary, is one."""
    return any(
        (t.dep_ in SUBJECTS and t.tag_ not in ("WP", "WDT", "PRP")) or (t.dep_ == "aux" and t.tag_ == "VBG")
        for t in verb.children
    )


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
