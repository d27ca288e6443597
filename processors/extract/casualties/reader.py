"""One parsed sentence with all that the rules look at, and how a toll is made of what they find."""

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from processors.extract.actors.names import find_names
from processors.extract.analysis import Sentence
from processors.extract.casualties.lexicon import CueWords, Lexicon
from processors.extract.casualties.people import People
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.numbers import Quantity
from processors.model import Count


class Reader:
    """`numbers` are those of the sentence, with its offsets."""

    def __init__(self, sentence: Sentence, doc: Doc, numbers: Sequence[Quantity], lex: Lexicon) -> None:
        self.sentence, self.doc, self.numbers, self.lex = sentence, doc, numbers, lex
        self.background = _is_background(sentence.read.lower(), lex)

    def tokens_of(self, number: Quantity) -> tuple[int, int]:
        """First and last token of a number."""
        first = next(t.i for t in self.doc if t.idx + len(t) > number.start)
        last = max((t.i for t in self.doc[first:] if t.idx < number.end), default=first)
        return first, last

    def of_number(self, number: Quantity, head: str | None = None) -> People:
        first, last = self.tokens_of(number)
        return People(number.min, number.max, first, last, head, more=number.more, numbered=True)

    def toll(self, token: Token, slot: Slot, people: People, cumulative: bool = False, whole: bool = False) -> Toll:
        """The toll of people whom the word `token` is about."""
        inner = self.sentence.cut(self.doc[people.first].idx, self.doc[people.last].idx + len(self.doc[people.last]))
        verb = self.sentence.span(token)
        group = "attackers" if self._to_himself(token, people) or self._stopped(token, people) else people.group
        if group == "any" and self._by_a_thing(token):
            group = "victims"
        apart = tuple(self.toll(token, slot, each, cumulative, whole) for each in people.apart)
        return Toll(
            slot="attackers_killed" if group == "attackers" and slot == "killed" else slot,
            count=Count(min=people.low, max=people.high, text=inner.text, start=inner.start, end=inner.end),
            start=min(inner.start, verb.start), end=max(inner.end, verb.end), verb=verb, whom=people.head, group=group,
            cumulative=cumulative, subset=self._is_part(people), of_hurt=self._is_of_hurt(people),
            more=(people.more and not self._beside_the_doer(people)) or self._also(token, people),
            definite=people.definite, whole=whole, side=people.side, names=people.names, numbered=people.numbered,
            own_of=self._owner(token, people), foe=people.group == "any" and self._by_a_belligerent(token),
            background=self.background or self._by_a_war(token) or _since(token), boast=self._is_boast(token, people),
            worded=token.lower_ in self.lex.words.boasts,
            apart=apart, sentence=self.sentence.index,
        )  # fmt: skip

    def _to_himself(self, token: Token, people: People) -> bool:
        return people.first < token.i and any(
            t.lower_ in self.lex.words.reflexive and t.dep_ in ("dobj", "obj") for t in token.children
        )

    def _stopped(self, token: Token, people: People) -> bool:
        """ "He wounded three before officers shot him": whom the deed before was done by."""
        stop = token if token.pos_ == "VERB" else token.head
        deed = stop.head
        if stop.dep_ != "advcl" or not people.definite or people.numbered or deed.lower_ not in self.lex.cues:
            return False
        after = any(t.dep_ == "mark" and t.lower_ in ("before", "until") for t in stop.children)
        done = {t.dep_ for t in deed.children}
        return after and any(t.dep_ in ("dobj", "obj") for t in stop.children) and {"nsubj", "dobj"} <= done

    def _by_a_thing(self, token: Token) -> bool:
        """ "a bomb killed two fighters", "killed by a mine": whom a thing harms is its victim."""
        doers = [t for t in token.children if t.dep_ == "nsubj"]
        doers += [o for p in token.children if p.dep_ in ("agent", "prep") and p.lower_ == "by" for o in p.children]
        relative = [token.head] if any(t.tag_ == "WDT" for t in doers) and token.dep_ == "relcl" else []
        return any(t.lemma_.lower() in self.lex.people.things for t in (*doers, *relative))

    def _by_a_war(self, token: Token) -> bool:
        """ "the war has killed thousands"."""
        return any(t.dep_ == "nsubj" and t.lemma_.lower() in self.lex.words.long_events for t in token.children)

    def _is_boast(self, token: Token, people: People) -> bool:
        """ "claimed more than 30 assailants killed"."""
        if self._is_enemy(people):
            return True
        verb = next((a for a in token.ancestors if a.pos_ == "VERB"), None)
        if self._is_own_deed(token, verb):
            return True
        if verb is None or verb.lemma_.lower() != "claim" or token.lower_ in self.lex.words.life:
            return False
        if any(
            t.lower_ in self.lex.words.life for t in verb.children
        ):  # "claimed the life of a nurse and hurt another"
            return False
        return token.i > verb.i and not _in_aside(token)

    def _by_a_belligerent(self, token: Token) -> bool:
        """ "the army said", "according to the ministry"."""
        speakers = [t for a in token.ancestors for t in a.children if t.dep_ == "nsubj" and a.lemma_ in SAY]
        speakers += [o for t in self.doc if t.lower_ == "to" and t.head.lower_ == "according" for o in t.children]
        return any(t.lemma_.lower() in self.lex.words.belligerents for t in speakers)

    def _owner(self, token: Token, people: People) -> str | None:
        """ "said two of its men were killed", "the militia lost three": whose own dead these are."""
        owned = any(t.lower_ in ("its", "their", "our") for t in self.doc[people.first : people.last + 4])
        if token.lemma_ != "lose" and not owned:
            return None
        subject = next((t for t in token.children if t.dep_ == "nsubj"), None) if token.lemma_ == "lose" else None
        if subject is None or subject.pos_ == "PRON":
            above = next((a for a in token.ancestors if a.lemma_ in SAY), None)
            subject = next((t for t in above.children if t.dep_ == "nsubj"), None) if above is not None else None
        return str(subject.lower_) if subject is not None else None

    def _is_enemy(self, people: People) -> bool:
        """ "five enemy soldiers"."""
        return any(t.lower_ in self.lex.words.enemy for t in self.doc[people.first : people.last])

    def _is_own_deed(self, token: Token, verb: Token | None) -> bool:
        """ "the group said it had killed 15", "the jihadists put the dead at four"."""
        words = self.lex.words
        if _is_boasted(token, words):
            return True
        if token.lower_ in words.running and verb is not None and verb.lower_ in words.bring:
            return any(t.lemma_.lower() in words.boasters or _is_group(t) for t in _subjects(verb))
        deed = token
        while deed.dep_ == "conj":
            deed = deed.head
        verb = deed.head if deed.dep_ == "ccomp" else None
        speaker = next((t for t in verb.children if t.dep_ == "nsubj"), None) if verb is not None else None
        if verb is None or speaker is None:
            return False
        if deed.i < verb.i and verb.lemma_ == "claim":  # "three agents were killed, it claimed"
            return speaker.lemma_.lower() not in words.authorities
        doer = next((t for t in deed.children if t.dep_ == "nsubj"), None)
        own = doer is not None and (doer.lower_ in words.neuter or any(t.lower_ in words.neuter for t in doer.lefts))
        return own and deed.lemma_ != "lose" and speaker.lemma_.lower() not in words.authorities

    def _also(self, token: Token, people: People) -> bool:
        return not people.definite and any(t.lower_ == "also" for t in token.children)

    def _beside_the_doer(self, people: People) -> bool:
        """ "a man said he shot another man": another than the one who did it."""
        doc, noun = self.doc, people.head
        if noun is None or doc[people.first].lower_ != "another":
            return False
        return any(
            t.lower_ == noun and t.dep_ in ("nsubj", "nsubjpass", "nmod") and self._acts(t) for t in doc[: people.first]
        )

    def _acts(self, subject: Token) -> bool:
        """Is the subject's verb one that says nothing of harm done to him?"""
        return not any(t.lower_ in self.lex.cues for t in (subject.head, *subject.children))

    def _is_of_hurt(self, people: People) -> bool:
        """ "two of the wounded", "one of the two wounded officers", "Ali Omar, 38, one of six men injured on Monday"."""
        after = [t.lower_ for t in self.doc[people.last + 1 : people.last + 12]]
        if after[:2] == ["of", "the"] and self.lex.words.hurt_states & set(after[:5]):
            return True
        aside = [w for w in after if w not in (",", "who", "was") and not w.isdecimal()]
        stop = next((n for n, w in enumerate(after) if w == "," and "of" in after[:n]), len(after))
        return aside[:2] == ["one", "of"] and bool(self.lex.words.hurt_states & set(after[:stop]))

    def _is_part(self, people: People) -> bool:
        """ "four of the dead", "including two children": a part of a total."""
        before = self.doc[people.first - 1].lower_ if people.first else ""
        after = [t.lower_ for t in self.doc[people.last + 1 : people.last + 3]]
        return before in self.lex.words.part or (after[:1] == ["of"] and after[1:] in PARTITIVE)


def _subjects(verb: Token) -> list[Token]:
    """Its own, else those of the verb that it goes on from, and who says so where that is only "it": "X said it was behind
    the attack and put the dead at 13".
    """
    while not (own := [t for t in verb.children if t.dep_ == "nsubj" and t.pos_ != "PRON"]):
        if verb.dep_ not in ("conj", "ccomp"):
            return []
        verb = verb.head
    return own


def _is_group(token: Token) -> bool:
    """An armed group by a name of its own."""
    name = token.doc[token.left_edge.i : token.i + 1].text
    return any(o.kind in ("armed_group", "criminal_group") for _, _, known in find_names(name) for o in known.options)


def _is_boasted(token: Token, words: CueWords) -> bool:
    """ "claimed the bomb, putting the dead at nine", "claimed the attack, alleging that nine died"."""
    told = next((a for a in (token, *token.ancestors) if a.dep_ == "advcl" and a.tag_ == "VBG"), None)
    if told is None or told.head.lemma_ != "claim" or told.i < told.head.i:
        return False
    speaker = next((t for t in told.head.children if t.dep_ == "nsubj"), None)
    deed = next((t for t in told.head.children if t.dep_ in ("dobj", "obj", "prep")), None)
    if speaker is None or deed is None or deed.lower_ in words.life or speaker.lemma_.lower() in words.authorities:
        return False
    return told.lemma_ in ("allege", "say", "claim", "boast", "assert") or told.lower_ in words.bring


def _since(token: Token) -> bool:
    """ "the deadliest attack since a blast killed 60"."""
    clauses = [t for t in (token, *token.ancestors) if t.dep_ in ("advcl", "pcomp", "acl", "relcl")]
    return any(m.lower_ == "since" for t in clauses for m in (*t.children, t.head) if m.dep_ in ("mark", "prep"))


def _in_aside(token: Token) -> bool:
    """ "claimed the bombing, which killed six": told of the deed, not boasted."""
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ == "relcl" or (token.dep_ == "acl" and any(t.dep_ in ("dobj", "obj") for t in token.children))


def _is_background(text: str, lex: Lexicon) -> bool:
    """Whether the figures are of a longer time; "the first such attack this year" is about today's."""
    found = lex.background.search(text)
    return found is not None and not TODAYS.search(text[: found.start()])


TODAYS = re.compile(r"\b(?:first|second|third|fourth|fifth|latest|deadliest|bloodiest|worst|biggest|largest)\b[^.;:]*$")
SAY = ("say", "report", "admit", "announce", "confirm")
PARTITIVE = (["the"], ["them"], ["whom"], ["those"], ["their"])
