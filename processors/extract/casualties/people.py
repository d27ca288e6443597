"""How many people a noun phrase names, and what sort of people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from processors.extract.casualties.counting import PRENOMINAL, number_of, number_token, of_so_many, start_of
from processors.extract.casualties.lexicon import Lexicon
from processors.extract.casualties.lists import list_with
from processors.extract.casualties.toll import Group
from processors.extract.numbers import Quantity

OWNERS = frozenset({"NORP", "GPE", "ORG"})
NOBODY_TOLD = frozenset({
    "it", "this", "that", "which", "what", "you", "i", "me", "we", "us", "someone", "anyone", "everyone", "somebody",
    "anybody", "everybody", "something", "nothing", "nobody", "none",
})  # fmt: skip
NO_NAMES = frozenset({
    "shot", "dead", "killed", "police", "county", "news", "sheriff", "state", "local", "department", "city", "street",
    "investigation", "death", "shooting", "gazette", "times", "tribune", "herald", "post", "journal", "press", "chronicle",
    "daily", "courier", "observer", "network", "radio", "media", "online", "television",
})  # fmt: skip
UNNAMED = frozenset({
    "GPE", "LOC", "NORP", "DATE", "TIME", "MONEY", "FAC", "EVENT", "WORK_OF_ART", "LAW", "PERCENT",
})  # fmt: skip


MISTAKEN = frozenset(
    {"ORG", "GPE", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "LOC"}
)  # what names of persons are taken for
LABEL = re.compile(r"\s*(?:\([^)]*\)\s*)?:")
SIBLINGS = frozenset({"brothers", "sisters", "siblings", "cousins", "twins", "spouses"})
HURT = frozenset({"casualty", "casualties", "injury", "injuries"})
LIST_WORDS = frozenset({",", "and", "as", "well", "plus", "along", "with", "&"})


@dataclass(frozen=True, slots=True)
class People:
    """`low`, `high` are None where the words give no number; `first` to `last` are tokens (inclusive)."""

    low: int | None
    high: int | None
    first: int
    last: int
    head: str | None = None
    group: Group = "victims"
    definite: bool = False
    more: bool = False
    names: tuple[str, ...] = ()
    side: str | None = None
    numbered: bool = False  # a number word says so, not only an article or a singular
    ordinal: int | None = None  # "a fourth victim"
    person: bool = False  # the parser takes the name for a person's
    apart: "tuple[People, ...]" = ()  # fighters named together with others: "four soldiers and two gunmen"


def people_of(head: Token, numbers: Sequence[Quantity], lex: Lexicon) -> People | None:
    """The people that a noun phrase and its conjuncts name together; None where it names no people."""
    heads = _parts(head, lex)
    parts = [p for h in heads if (p := _one(h, numbers, lex))]
    if len(heads) > 1 and len(list_with(head)) > 1:
        parts = _as_listed(heads, parts)
    if not parts or (parts[0].first > head.i and head.lemma_.lower() not in lex.people.things):
        return None
    if _are_the_same(parts, lex):
        return parts[0]
    return together(parts)


def _as_listed(heads: Sequence[Token], parts: Sequence[People]) -> list[People]:
    """Beside a person's name the other names of a list are persons' too, whatever the parser takes them for; beside
    "his wife" a noun that is no known sort of people is a person.
    """
    kept = [replace(p, low=1, high=1) if p.head == "siblings" and len(parts) > 1 else p for p in parts]
    others = [h for h in heads if not any(p.first <= h.i <= p.last for p in parts)]
    if any(p.person for p in parts):
        others = [h for h in others if h.pos_ == "PROPN" and h.ent_type_ in MISTAKEN and h.tag_ == "NNP"]
        kept += [_by_name(h, start_of(h)) for h in others if not any(t.dep_ == "det" for t in h.lefts)]
    elif others and others[0].i < min((p.first for p in parts), default=0) and _has_kin(heads):
        kept += [People(1, 1, start_of(h), h.i, h.lower_) for h in others[:1] if h.tag_ == "NN"]
    return sorted(kept, key=lambda p: p.first)


def _has_kin(heads: Sequence[Token]) -> bool:
    """ "…, his wife and …"."""
    return any(t.tag_ == "PRP$" and t.lower_ in ("his", "her") for h in heads for t in h.lefts)


def _are_the_same(parts: Sequence[People], lex: Lexicon) -> bool:
    """ "three people, a man and two women": who the first are."""
    sortless = parts[0].head in lex.people.sortless
    return sortless and len(parts) > 2 and parts[0].low == sum(p.low or 0 for p in parts[1:])


def together(parts: Sequence[People]) -> People:
    """Several people as one; those of another group, where they are counted, stay apart."""
    group = parts[0].group
    others = [p for p in parts if p.group != group and (p.numbered or (p.low and "attackers" in (p.group, group)))]
    same = [p for p in parts if p not in others]
    return replace(same[0] if len(same) == 1 else _summed(same), apart=tuple(others))


def _parts(head: Token, lex: Lexicon) -> list[Token]:
    """The noun and those listed with it."""
    listed = [t for t in list_with(head) if not _is_state(t, lex)]
    parts = listed if len(listed) > 1 else [head, *_conjuncts(head, lex)]
    if not _told_hurt(head, lex):
        parts = [t for t in parts if not _told_hurt(t, lex)]
    return [t for t in parts if t.lower_ not in lex.words.reflexive]


def _is_state(noun: Token, lex: Lexicon) -> bool:
    """ "30 wounded", "dozens of wounded"."""
    after = [t.lower_ for t in noun.doc[noun.i + 1 : noun.i + 3]]
    states = lex.words.states
    counted = noun.pos_ == "NUM" and bool(after) and after[0] in states
    return noun.lower_ in states or counted or (after[:1] == ["of"] and after[-1] in states)


def _told_hurt(noun: Token, lex: Lexicon) -> bool:
    """ "18 injured persons", "five casualties", behind the dead."""
    return noun.lower_ in HURT or any(t.dep_ == "amod" and t.lower_ in lex.words.hurt_states for t in noun.lefts)


def _conjuncts(head: Token, lex: Lexicon) -> list[Token]:
    """Nouns joined to it; "4 dead and 11 injured" are two lists, joined verbs are none."""
    if head.pos_ == "NUM":
        return [t for t in head.conjuncts if t.i > head.i and t.pos_ in ("NOUN", "PROPN")]
    joined = [*head.conjuncts, *_joined_to_verb(head)]
    joined = [t for t in joined if t.i > head.i and ";" not in [c.text for c in head.doc[head.i : t.i]]]
    nouns = [t for t in joined if t.pos_ in ("NOUN", "PROPN", "NUM", "PRON", "ADJ")]
    return [t for t in nouns if not _is_state(t, lex)]


def _joined_to_verb(head: Token) -> list[Token]:
    """ "killing a couple and their three children": nouns that the parser joins to the verb, right behind its object."""
    if head.dep_ not in ("dobj", "obj") or head.conjuncts:
        return []
    last, found = head.right_edge.i, list[Token]()
    behind = [t for t in head.head.rights if t.i > head.i]
    behind += [c for t in behind if t.pos_ == "ADJ" and t.dep_ == "conj" for c in t.children if c.dep_ == "nsubj"]
    for token in (t for t in behind if t.pos_ == "NOUN" and t.dep_ in ("conj", "dep", "nsubj")):
        first = start_of(token)
        if not all(t.lower_ in LIST_WORDS for t in head.doc[last + 1 : first]):
            break
        found += [token, *(t for t in token.conjuncts if t.i > token.i)]
        last = token.right_edge.i
    return found


def _summed(parts: Sequence[People]) -> People:
    lows = [p.low for p in parts if p.low is not None]
    highs = [p.high for p in parts if p.high is not None]
    whole = len(lows) == len(parts)
    return People(
        sum(lows) if lows and (whole or any(p.numbered for p in parts)) else None,
        sum(highs) if len(highs) == len(parts) else None,
        min(p.first for p in parts), max(p.last for p in parts), parts[0].head, parts[0].group,
        definite=all(p.definite for p in parts), more=any(p.more for p in parts),
        names=tuple(n for p in parts for n in p.names), side=parts[0].side, numbered=any(p.numbered for p in parts),
    )  # fmt: skip


def _one(head: Token, numbers: Sequence[Quantity], lex: Lexicon) -> People | None:
    if (aged := _of_age(head, lex)) is not None:
        head = aged
    low, lemma, words = head.lower_, head.lemma_.lower(), lex.people
    if (
        lemma in words.things
        or low in words.things
        or (head.ent_type_ in UNNAMED and head.pos_ != "NUM" and not _human(head, lex))
    ):
        return None
    number = number_of(head, numbers) or of_so_many(head, numbers, lex)
    if number and number.max == 0 and lemma == "civilian":  # says nothing of others
        return None
    group = _group(low, lemma, lex)
    first = min(number_token(head.doc, number).i if number else head.i, start_of(head))
    if number and not number.article:
        return People(number.min, number.max, first, head.i, _noun(head), group, _given(head) and not number.more,
                      number.more, side=side_of(head), numbered=True,
                      ordinal=_ordinal(head, lex) if number.max == 1 else None)  # fmt: skip
    return _without_number(head, first, group, lex)


def _of_age(head: Token, lex: Lexicon) -> Token | None:
    """ "a tourist of 66": the person of that age."""
    if head.pos_ != "NUM" or head.dep_ != "pobj" or head.head.lower_ != "of":
        return None
    person = head.head.head
    return person if person.tag_ == "NN" and _human(person, lex) else None


def _without_number(head: Token, first: int, group: Group, lex: Lexicon) -> People | None:
    low, lemma, words = head.lower_, head.lemma_.lower(), lex.people
    size = words.sizes.get(low) or words.sizes.get(lemma)
    if size:
        return People(size, size, first, head.i, _noun(head), group, _given(head), numbered=True)
    ordinal = _ordinal(head, lex)
    if (head.pos_ == "PRON" or low in words.references) and ordinal is None:
        return _reference(head, first)
    if (nth := lex.words.ordinals.get(low)) and start_of(head) < head.i:  # "a fourth died"
        return People(1, 1, first, head.i, None, numbered=True, ordinal=nth)
    if head.pos_ == "PROPN" and not _human(head, lex):
        named = _named(head, first)
        return replace(named, ordinal=ordinal) if named else None
    if head.tag_ in ("NNS", "NNPS") or not _human(head, lex):
        known = _human(head, lex) or group != "victims"
        return (
            People(None, None, first, head.i, _noun(head), group, _given(head), side=side_of(head)) if known else None
        )
    return People(1, 1, first, head.i, _noun(head), group, _given(head) and low not in words.relatives,
                  names=_names_beside(head), side=side_of(head), ordinal=ordinal)  # fmt: skip


def _ordinal(head: Token, lex: Lexicon) -> int | None:
    """ "a fourth victim", "third soldier": the count that it makes; not of "the second man"."""
    if any(t.dep_ == "det" and t.lower_ not in ("a", "an") for t in head.lefts):
        return None
    return next((n for t in head.lefts if t.dep_ == "amod" and (n := lex.words.ordinals.get(t.lower_))), None)


def _reference(head: Token, first: int) -> People | None:
    low = head.lower_
    if low in NOBODY_TOLD:
        return None
    if low in ("they", "them", "these", "those", "we", "who", "others", "many", "some"):
        return People(None, None, first, head.i, None, "victims", definite=True)
    if low == "both":
        return People(2, 2, first, head.i, None, "victims", definite=True)
    return People(1, 1, first, head.i, low, "victims", definite=True)


def _named(head: Token, first: int) -> People | None:
    """A name: one person, unless it is an organisation's or a thing's."""
    if _labels(head):
        return None
    known = head.ent_type_ in ("", "PERSON") or any(t.dep_ == "appos" and t.tag_ == "CD" for t in head.rights)
    if not known or not head.text[:1].isupper() or head.tag_ == "NNPS":
        return None
    words = [t for t in head.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"] + [head]
    if any(t.tag_ == "NNS" and t.lower_ in SIBLINGS for t in head.lefts):  # "the brothers Awad"
        return replace(_by_name(head, first), low=2, high=None, head="siblings", names=(), person=True)
    if any(t.lower_ in NO_NAMES or not t.text[0].isalpha() for t in words):
        return None
    return replace(_by_name(head, first), names=(" ".join(t.text for t in words),), person=head.ent_type_ == "PERSON")


def _labels(head: Token) -> bool:
    """ "Yarang (Pattani): a ranger was shot": the heading of a point is nobody's name."""
    after = head.doc[head.i + 1 : head.i + 8].text
    return bool(LABEL.match(after))


def _by_name(head: Token, first: int) -> People:
    words = [t for t in head.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"] + [head]
    return People(1, 1, first, head.i, None, "victims", names=(" ".join(t.text for t in words),))


def _names_beside(head: Token) -> tuple[str, ...]:
    """ "the driver, Ali Hasan": a name in apposition."""
    return tuple(
        " ".join([*(t.text for t in a.lefts if t.dep_ == "compound"), a.text])
        for a in head.children
        if a.dep_ == "appos" and a.ent_type_ == "PERSON"
    )


def _human(head: Token, lex: Lexicon) -> bool:
    forms = (head.lower_, head.lemma_.lower(), _hyphenated(head))
    words = lex.people
    if forms[2].endswith(("-year-old", "-year-olds")):
        return True
    if any(form in group for form in forms for group in (words.persons, words.attackers, words.fighters, words.sizes)):
        return True
    noun = head.pos_ == "NOUN" or head.i == 0  # at the beginning "Patrolman" is tagged as a name
    return noun and forms[1].endswith(words.endings) and forms[1] not in words.things


def _hyphenated(head: Token) -> str:
    """ "passer-by" is three tokens."""
    first = head.i
    while (
        first
        and not head.doc[first - 1].whitespace_
        and (head.doc[first - 1].text == "-" or head.doc[first].text == "-")
    ):
        first -= 1
    return str(head.doc[first : head.i + 1].text.lower())


def _group(low: str, lemma: str, lex: Lexicon) -> Group:
    if low in lex.people.attackers or lemma in lex.people.attackers:
        return "attackers"
    return "any" if low in lex.people.fighters or lemma in lex.people.fighters else "victims"


def _noun(head: Token) -> str | None:
    return None if head.pos_ == "NUM" else head.lower_


def _given(head: Token) -> bool:
    """ "the man", "the three officers": people told before."""
    return any(t.dep_ == "det" and t.lower_ in ("the", "this", "that", "these", "those", "both") for t in head.lefts)


def side_of(head: Token) -> str | None:
    """Whose people: a nationality or name before the noun, or behind "of" or "from"."""
    before = [t for t in head.lefts if t.ent_type_ in OWNERS and t.dep_ in PRENOMINAL]
    behind = [o for p in head.rights if p.lower_ in ("of", "from") for o in p.children if o.ent_type_ in OWNERS]
    found = [*before, *behind]
    return str(found[0].text) if found else None
