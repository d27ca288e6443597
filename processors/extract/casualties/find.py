"""The tolls of a sentence: words for harm, whom they are about, how many that are."""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from processors.extract.analysis import Analysis, Sentence
from processors.extract.casualties.lexicon import Cue, Lexicon, lexicon
from processors.extract.casualties.people import People, people_of
from processors.extract.casualties.phrases import phrase_tolls
from processors.extract.casualties.reality import is_negated, is_unreal
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.casualties.victims import victims_of
from processors.extract.numbers import Quantity, find_numbers
from processors.model import Count

NEAR = 5  # tokens between a number and a word for harm that the parse did not join


def find_tolls(analysis: Analysis, sentence: Sentence) -> list[Toll]:
    """What a sentence says of people killed, hurt, missing, detained, abducted or released. Parses it if need be."""
    lex = lexicon()
    low = sentence.read.lower()
    if not any(stem in low for stem in STEMS):
        return []
    analysis.parse([sentence])
    reader = _Reader(sentence, sentence.tokens, find_numbers(sentence.read), lex)
    return reader.tolls()


STEMS = (
    "kill", "dead", "die", "dying", "death", "toll", "wound", "injur", "hurt", "shot", "shoot", "murder", "slain", "bod",
    "casualt", "fatal", "live", "life", "abduct", "kidnap", "arrest", "detain", "released", "freed", "rescue", "missing", "hospital",
    "condition", "stab", "execut", "behead", "massacre", "assassin", "perish", "succumb", "hit", "struck", "kia", "wia", "harm",
    "seized", "slay", "captured", "corpse", "remains", "💀", "gunned", "martyr", "eliminat", "liquidat", "neutrali", "lynch",
    "drown", "burn", "hanged", "crush", "slaughter", "electrocuted", "unaccounted", "snatched", "hostage", "apprehended", "nabbed", "maim",
)  # fmt: skip


class _Reader:
    """One sentence with all that its rules look at."""

    def __init__(self, sentence: Sentence, doc: Doc, numbers: Sequence[Quantity], lex: Lexicon) -> None:
        self.sentence, self.doc, self.numbers, self.lex = sentence, doc, numbers, lex
        self.taken: set[int] = set()  # first tokens of people already counted for a slot

    def tolls(self) -> list[Toll]:
        found: list[Toll] = []
        for token in self.doc:
            for cue in self.lex.cues.get(token.lower_, ()):
                if toll := self._toll(token, cue):
                    found.append(toll)
                    break
        found += phrase_tolls(self.sentence, self.doc, self.numbers, self.lex)
        return _distinct(found)

    def _toll(self, token: Token, cue: Cue) -> Toll | None:
        if cue.sort in ("toll", "lives") or is_unreal(token, self.lex.words):
            return None
        slot, whole = self._fate(token, cue)
        people = self._people(token, cue)
        if people is None:
            return None
        if is_negated(token) and people.low != 0:
            return None
        return self._made(token, slot, whole, people)

    def _fate(self, token: Token, cue: Cue) -> tuple[Slot, bool]:
        """ "shot dead", "fatally stabbed", "beaten to death" kill."""
        words = self.lex.words
        if cue.slot == "injured" and cue.sort == "act" and token.lower_ in words.blows:
            around = {t.lower_ for t in self.doc[max(0, token.i - 1) : token.i + 4]}
            if around & words.fatal or ("to" in around and "death" in around):
                return "killed", False
        return cue.slot, cue.whole

    def _people(self, token: Token, cue: Cue) -> People | None:
        head = victims_of(token, cue, self.lex.words)
        people = people_of(head, self.numbers, self.lex.people) if head is not None else None
        if people is not None and (people.low is not None or people.names):
            return people
        return self._beside(token, cue) or people

    def _beside(self, token: Token, cue: Cue) -> People | None:
        """A number right before the word ("7 wounded"), or behind it ("killed: 3"), in clipped text or a failed parse."""
        for number in self.numbers:
            gap = self.doc.text[number.end : token.idx]
            if 0 <= token.idx - number.end <= 30 and not number.article and _plain(gap, self.lex):
                return self._from_number(number, token)
        if cue.sort == "act" or cue.sort == "state":
            after = self.doc.text[token.idx + len(token) :]
            for number in self.numbers:
                gap = after[: max(0, number.start - token.idx - len(token))]
                if number.start >= token.idx + len(token) and gap.strip() in ("", ":", "-", "–"):
                    return self._from_number(number, token)
        return None

    def _from_number(self, number: Quantity, token: Token) -> People | None:
        first = next(t.i for t in self.doc if t.idx + len(t) > number.start)
        last = max((t.i for t in self.doc if t.idx < number.end), default=first)
        noun = next((t for t in self.doc[last + 1 : token.i] if t.pos_ in ("NOUN", "PROPN")), None)
        if noun is not None and (
            noun.lemma_.lower() in self.lex.people.things or noun.lower_ in self.lex.people.things
        ):
            return None
        following = self.doc[last + 1] if last + 1 < len(self.doc) else None
        if following is not None and following.lemma_.lower() in self.lex.people.things:
            return None
        return People(
            number.min, number.max, first, last, noun.lower_ if noun else None, more=number.more, numbered=True
        )

    def _made(self, token: Token, slot: Slot, whole: bool, people: People) -> Toll:
        first, last = min(people.first, token.i), max(people.last, token.i)
        start, end = self.doc[first].idx, self.doc[last].idx + len(self.doc[last])
        inner = self.sentence.cut(self.doc[people.first].idx, self.doc[people.last].idx + len(self.doc[people.last]))
        group = people.group
        if any(t.lower_ in self.lex.words.reflexive and t.dep_ in ("dobj", "obj") for t in token.children):
            group = "attackers"
        count = Count(min=people.low, max=people.high, text=inner.text, start=inner.start, end=inner.end)
        if group == "attackers" and slot == "killed":
            slot = "attackers_killed"
        return Toll(
            slot=slot, count=count, start=self.sentence.start + start, end=self.sentence.start + end,
            verb=self.sentence.span(token), whom=people.head, group=group, more=people.more or self._also(token),
            subset=self._is_part(people), definite=people.definite, whole=whole, side=people.side, names=people.names,
        )  # fmt: skip

    def _also(self, token: Token) -> bool:
        return any(t.lower_ in ("also", "later") for t in token.children)

    def _is_part(self, people: People) -> bool:
        """ "four of the dead", "including two children": a part of a total."""
        before = self.doc[people.first - 1].lower_ if people.first else ""
        after = [t.lower_ for t in self.doc[people.last + 1 : people.last + 3]]
        return (
            before in self.lex.words.part
            or after[:1] == ["of"]
            and after[1:] in (["the"], ["them"], ["whom"], ["those"])
        )


def _plain(gap: str, lex: Lexicon) -> bool:
    """Between number and word stands at most a noun and a helping verb."""
    words = gap.replace("x", " ", 1).split() if gap.startswith("x") else gap.split()
    if len(words) > NEAR or any(c in gap for c in ",;.:!?()\n"):
        return False
    return all(
        w.lower() in lex.people.persons or w.lower().rstrip("s") in lex.people.persons or w.lower() in HELPERS
        for w in words
    )


HELPERS = frozenset(
    "were was are is have has had been being got also reported reportedly more others other people confirmed feared".split()
)


def _distinct(tolls: list[Toll]) -> list[Toll]:
    """One toll a stretch of people and slot, the certain ones first; a person shot and killed is a person killed."""
    kept: list[Toll] = []
    for toll in sorted(tolls, key=lambda t: (t.whole, t.start)):
        same = [k for k in kept if k.count.start == toll.count.start and toll.count.start is not None]
        if any(k.slot == toll.slot or (toll.whole and k.slot == "killed") for k in same):
            continue
        kept.append(replace(toll))
    return sorted(kept, key=lambda t: t.start)
