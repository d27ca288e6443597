"""Lists of people, by their surface: ages and appositions between the parts make parsers lose some of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

ITEM = frozenset({"DET", "NUM", "ADJ", "NOUN", "PROPN"})
NOMINAL = frozenset({"NOUN", "PROPN", "NUM"})
AND = frozenset({"and", "&", "plus"})
AGED = frozenset({"age", "aged", "ages"})
BETWEEN = frozenset({",", "and", "to"})
OBJECTS = frozenset({"dobj", "obj"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
OLDEST = 115
HYPHENS = frozenset({"-", "‑", "–"})


@dataclass(frozen=True, slots=True)
class Item:
    """`head` is its noun, `end` the token behind it and its aside; `comma`, `joined`: what stands before it."""

    first: int
    head: Token
    end: int
    comma: bool = False
    joined: bool = False

    @property
    def bare(self) -> bool:
        """A singular noun without an article: a title."""
        start = self.head.doc[self.first]
        return self.head.tag_ == "NN" and start.pos_ in ("NOUN", "ADJ") and start.tag_ != "PRP$"

    @property
    def sort(self) -> str:
        """Names, people told before ("the driver"), somebody's ("his wife"), others ("a driver", "two drivers")."""
        start = self.head.doc[self.first]
        if start.tag_ == "PRP$":
            return "somebody's"
        if self.head.pos_ == "PROPN" and any(
            t.tag_ == "NNS" for t in self.head.lefts
        ):  # "the brothers Omar, Ali and …"
            return "name"
        if start.lower_ in ("the", "this", "these", "those", "both"):
            return "known"
        aged = any(t.lower_ == "old" for t in self.head.doc[self.first : self.head.i])  # "43-year-old Omar Said"
        named = self.head.pos_ == "PROPN" and start.pos_ != "DET" and (start.pos_ != "NUM" or aged)
        return "name" if named else "new"


def list_with(head: Token) -> list[Token]:
    """Heads of all the parts of the list that `head` is part of, itself among them; none where it is in no list."""
    items = next((found for found in _lists(head.doc) if any(i.head is head or i.head.i == head.i for i in found)), [])
    items = _own(items, head)
    if any(i.sort == "name" for i in items):  # "actor and singer Ana Ruiz" is one
        items = [i for i in items if not i.bare or i.head.i == head.i]
    if not any(i.joined for i in items[1:]) and not _of_headline(items):
        return []
    kept = [i.head for i in _counted(items)]
    return kept if any(t.i == head.i for t in kept) else []


def _of_headline(items: Sequence[Item]) -> bool:
    """ "Teacher, two pupils killed in …": the sentence's first words, without articles and without "and"; "4 police, 2
    civilians killed" anywhere.
    """
    if len(items) < 2 or not all(i.comma for i in items[1:]):
        return False
    if items[0].first and not all(i.head.doc[i.first].pos_ == "NUM" for i in items):
        return False
    doc, last = items[0].head.doc, items[-1]
    bare = not any(doc[i.first].pos_ in ("DET", "PRON") for i in items)
    told = last.end < len(doc) and (doc[last.end].tag_ in ("VBN", "VBD") or doc[last.end].lower_ in ("dead", "hurt"))
    return bare and told and last.sort == "new" and items[0].sort == "new"


def _lists(doc: Doc) -> Iterator[list[Item]]:
    at = 0
    while at < len(doc):
        item = _item(doc, at)
        if item is None:
            at += 1
            continue
        items = [item]
        while (follower := _follower(doc, items[-1])) is not None:
            items.append(follower)
        yield items
        at = items[-1].end


def _follower(doc: Doc, item: Item) -> Item | None:
    """The part behind a comma, an "and", or both."""
    at = item.end
    comma = at < len(doc) and doc[at].text == ","
    at += comma
    joined = at < len(doc) and doc[at].lower_ in AND
    found = _item(doc, at + joined) if comma or joined else None
    return replace(found, comma=comma, joined=joined) if found else None


def _item(doc: Doc, first: int) -> Item | None:
    """A noun phrase with its age and its "of …"."""
    end = _run(doc, first) if first < len(doc) else first
    nominal = [t for t in doc[first:end] if t.pos_ in NOMINAL]
    nouns = [t for t in nominal if t.pos_ == "NOUN"] if nominal and doc[first].tag_ == "PRP$" else []  # "his wife Olha"
    head = next(iter([*nouns[-1:], *nominal[-1:]]), None)
    if head is None:
        return None
    if end < len(doc) and doc[end].lower_ in ("of", "from"):
        behind = _run(doc, end + 1)
        end = behind if behind > end + 1 else end
    return Item(first, head, _aside(doc, end))


def _run(doc: Doc, at: int) -> int:
    first = at
    while at < len(doc) and (
        doc[at].pos_ in ITEM
        or doc[at].tag_ in ("PRP$", "POS")
        or (at > first and doc[at].text in HYPHENS and at + 1 < len(doc) and doc[at + 1].pos_ in ITEM)
    ):
        at += 1
    return at


def _aside(doc: Doc, at: int) -> int:
    """Behind an age: "Rosa Medina, 41, …", "Rosa Medina (41)", "two men, aged 21 and 23, …"."""
    if at + 1 < len(doc) and doc[at + 1].lower_ in AGED:
        at += 2
        while at + 1 < len(doc) and (doc[at].text.isdecimal() or (doc[at].lower_ in BETWEEN and doc[at + 1].like_num)):
            at += 1
        return at
    window = [t.text for t in doc[at : at + 4]]
    if len(window) < 3 or window[0] not in (",", "("):
        return at
    if not window[1].isdecimal() or int(window[1]) > OLDEST:
        return at
    if window[2] == ")":
        return at + 3
    return at + 2 if window[2] in (",", "and", ".") else at


def _own(items: Sequence[Item], head: Token) -> list[Item]:
    """Without what a preposition governs before the head, what the verb before it has, or a verb of its own behind."""
    kept = list(items)
    if kept and kept[0].head.dep_ in OBJECTS and head.dep_ in SUBJECTS:
        kept = [i for i in kept if i.head.i >= head.i]
    if kept and kept[0].head.i != head.i and kept[0].first and head.doc[kept[0].first - 1].pos_ == "ADP":
        kept = kept[1:]
    if len(kept) > 1 and head.head.i < kept[0].first and _has_verb(kept[-1]):
        last = max((n for n, i in enumerate(kept) if i.comma and n), default=len(kept) - 1)
        kept = kept[:last]
    return kept


def _has_verb(item: Item) -> bool:
    doc = item.head.doc
    return item.end < len(doc) and (doc[item.end].pos_ == "AUX" or doc[item.end].tag_ in ("VBD", "VBZ", "VBP", "VBN"))


def _counted(items: Sequence[Item]) -> list[Item]:
    """Each part once: "the driver, a man of 30," is one person, "two brothers, Ali and Omar," are two."""
    kept = [items[0]]
    named = False  # names that tell who the part before is
    for item in items[1:]:
        if item.comma and not item.joined and not _is_another(kept[-1], item):
            named = item.sort == "name" and kept[-1].sort != "name"
        elif not (named and item.sort == "name"):
            kept.append(item)
            named = False
    return kept


def _is_another(before: Item, item: Item) -> bool:
    return item.sort == "somebody's" or item.sort == before.sort
