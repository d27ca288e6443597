"""How does a place name stand in its sentence: after which word, on which verb, in whose name?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from processors.extract.analysis import Sentence
from processors.geo import km
from processors.places import lexicon
from processors.places.streets import is_hospital, is_street
from processors.places.toponyms import Toponym, is_point
from processors.places.units import kinds_of

_LIST = re.compile(r",? (?:and|or|as well as) (?:in |at )?(?:the |nearby )?|, (?:and |in )?")
_MODIFIER = re.compile(r"[\w-]+(?:ern|ese|ian|ish|held|controlled|occupied|['’]s?)")
_LOCAL = re.compile(
    r"(?:['’]s)?(?: [A-Z][\w-]+)? (?:police|sheriff|fire department|coroner|county sheriff|officers?)\b", re.I
)
_FROM = re.compile(r"\b[Ff]rom (?:the |an? )?(?:(?!(?:at|in|on|near|of|by)\b)[a-z][\w-]* ){0,3}$")
_LAUNCH_POINT = re.compile(
    r"\b(?:launch|firing)(?:ing)? (?:point|site|pad|position|spot)s? (?:was|were|is|lay|stood)\b[^.;,]{0,40}$", re.I
)
SITED = frozenset({"in", "at", "near", "outside", "inside", "around"})
_UNIT_AFTER = re.compile(
    r",? (?:village|town|hamlet|settlement|district|community|camp|neighbou?rhood|base|airport|field)\b"
)
_UNDER_FIRE = re.compile(  # "X has been under heavy fire"
    r"(?: (?:area|city|town|village|district|region|is|was|are|were|has|have|had|been|be|comes?|came|coming|again|still|now)){0,5}"
    r" under (?:[\w-]+ ){0,3}(?:fire|attacks?|shelling|bombardment|artillery|strikes?|assault|bombing)\b"
)
_BORDER = re.compile(r"\b[Bb]order(?:s|ing|ed)?,? (?:with |to |of )?(?:the |neighbou?ring )?$")
_BOUND_AFTER = re.compile(r"(?:\s?[-–—]\s?[A-Z][\w-]+)?[ -]bound\b")  # "a Harrow-bound bus"
_DONE_BY = re.compile(r"\b(?:\w+ed|led|run|held|carried out|fought) by (?:the )?$")  # "a militia backed by X"
_SURROUNDS = re.compile(
    r" (?:town |village )?in (?:the )?(?:[\w-]+ern )?(?:countryside|hinterland|suburbs|outskirts) of (?:the )?"
)
TOWN_OF_KM = 100.0  # a village lies so near the town that stands for its area
REACH = 9  # words before a name that are read
_CHAIN = re.compile(r"\s?[,(]\s?(?:in |of )?(?:the )?$|\s(?:in|of)\s(?:the )?(?:[\w-]+ern )?$|['’]s (?:[\w-]+ )?$")


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands around a place name. `distance` counts words to the trigger, 0 where there is none in the sentence."""

    located: bool = False  # "in X", "near X"
    toward: bool = False  # "at X", "on X", "to X"
    origin: bool = False
    through: bool = False
    bound: bool = False  # "taken to hospital in X", "born in X"
    struck: bool = False  # "shelled X", "X was hit", "the X bombing"
    of_trigger: bool = False  # "the bombing of X"
    hangs_on_trigger: bool = False  # the parse attaches it to the trigger
    organisation: bool = False  # part of a name or title: "X University", "X police"
    local: bool = False  # of the body that deals with the incident: "X police"
    speaker: bool = False  # hangs on a speech verb
    actor: bool = False  # subject of an active verb: "X fired"
    contains: bool = False  # the area that another name of the chain lies in: "Dori, X province"
    street: bool = False  # a street's name here: "95th and X"
    sited: bool = False  # behind a word that only places stand behind: "in X", not "between X and Y"
    heading: bool = False  # "X: a bomb went off"
    distance: int = 0


def situate(
    sentence: Sentence, toponym: Toponym, others: Sequence[Toponym], trigger_start: int | None, trigger_end: int | None
) -> Situation:
    """`toponym` within `sentence`; the trigger's offsets are the document's, None where it is in another sentence."""
    cues = lexicon.role_cues()
    start, end = toponym.start - sentence.start, toponym.end - sentence.start
    before, after = sentence.read[:start], sentence.read[end:]
    word = _word_before(sentence, toponym, others) if toponym.relation is None else "near"
    token = _token(sentence, end)
    trigger = _token(sentence, trigger_end - sentence.start) if trigger_end is not None else None
    if trigger is not None and token is not None and token.head == trigger and token.dep_ == "compound":
        word = ""  # "in the X bombing": the preposition is the bombing's
    origin = _is_origin(word, before, token) or toponym.relation is not None and _launched_beside(before, token)
    origin = (origin or word in cues.located and _fires(token, trigger)) and not _site_struck(token, trigger)
    taken = word == "from" and _governs(token, cues.taken) and not _ending(cues.launch_sites).search(before)
    struck = _is_struck(token, trigger) or _suffers(token, trigger) or bool(_UNDER_FIRE.match(after))
    return Situation(
        located=word in cues.located or taken,
        toward=word in cues.toward and _attacks(word, token, trigger),
        origin=origin and not taken,
        through=word in cues.through,
        bound=_is_bound(before, after, token, trigger)
        or word == "from"
        and not taken
        and not origin
        or toponym.precision == "country"
        and bool(_BORDER.search(before) or _DONE_BY.search(before)),
        struck=struck,
        of_trigger=word == "of" and trigger is not None and token is not None and trigger in list(token.ancestors)[:2],
        hangs_on_trigger=_hangs(token, trigger),
        organisation=_is_organisation(sentence, toponym, token, after, trigger_start),
        local=bool(_LOCAL.match(after)),
        speaker=_speaks(token, trigger),
        actor=token is not None and token.dep_ == "nsubj" and not struck,
        street=is_street(before, after),
        sited=word in SITED or bool(_UNIT_AFTER.match(after)),
        heading=not any(c.isalnum() for c in before) and after.startswith(":"),
        contains=_contains(sentence, toponym, others),
        distance=_distance(sentence, toponym, trigger_start, trigger_end),
    )


def _word_before(sentence: Sentence, toponym: Toponym, others: Sequence[Toponym]) -> str:
    """The preposition that governs a name, past articles, adjectives and "the town of"; that of the first of a list."""
    before = sentence.read[: toponym.start - sentence.start]
    previous = max((t for t in others if t.end <= toponym.start), key=lambda t: t.end, default=None)
    if previous is not None and _LIST.fullmatch(before[previous.end - sentence.start :]):
        return _word_before(sentence, previous, [t for t in others if t.end <= previous.start])
    words = [word.lower() for word in before.split()[-REACH:]]
    cues = lexicon.role_cues()
    prepositions = cues.located | cues.toward | cues.through | {"from"}
    while words:
        word = words.pop().lstrip("(\"“'‘#")
        if not word:
            continue
        if word in prepositions:
            return word
        if word == "of" and any(w.rstrip(",") in cues.parts or kinds_of(w) for w in words[-2:]):
            while words and words[-1].rstrip(",") not in prepositions:
                words.pop()
            continue
        if not (word in cues.modifiers or _MODIFIER.fullmatch(word)):
            return word
    return ""


def _token(sentence: Sentence, end: int) -> Token | None:
    """The token that ends at or holds the character before `end`."""
    return sentence.token_before(end) if sentence.doc is not None else None


def _is_bound(before: str, after: str, token: Token | None, trigger: Token | None) -> bool:
    """Where somebody went or was brought, or something else was done."""
    cues = lexicon.role_cues()
    if _ending(cues.bound).search(before) or _BOUND_AFTER.match(after) or is_hospital(before, after):
        return True
    verb = next((a for a in token.ancestors if a.dep_ != "prep"), None) if token is not None else None
    return verb is not None and verb != trigger and verb.lemma_.lower() in cues.elsewhere


def _launched_beside(before: str, token: Token | None) -> bool:
    """ "launched at a barracks from an orchard south of X", "the launch point was an orchard south of X"."""
    if _LAUNCH_POINT.search(before):
        return True
    cues = lexicon.role_cues()
    chain = {a.lemma_.lower() for a in [*token.ancestors][:6] if a.dep_ != "prep"} if token is not None else set()
    return bool(_FROM.search(before)) and bool(chain & cues.launching) and not chain & cues.taken


def _is_origin(word: str, before: str, token: Token | None) -> bool:
    cues = lexicon.role_cues()
    if word == "from" and _apart().search(before):
        return False
    if _ending(cues.launch_sites).search(before) or word == "from" and _launched().search(before):
        return True
    return word == "from" and (token is None or _sends(token)) or _from_site(token)


def _governs(token: Token | None, lemmas: frozenset[str]) -> bool:
    """Is one of the words that the preposition before the name hangs on among these lemmas?"""
    if token is None:
        return False
    chain = [a for a in token.ancestors if a.dep_ != "prep"][:2]
    return any(a.lemma_.lower() in lemmas for a in chain)


def _from_site(token: Token | None) -> bool:
    """ "fired from the grounds of a mill in X": is the place that of a site which something is fired from?"""
    cues = lexicon.role_cues()
    for ancestor in [*token.ancestors][:8] if token is not None else []:
        if ancestor.dep_ == "prep" and ancestor.lower_ == "from":
            return ancestor.head.lemma_.lower() in cues.launching
        if ancestor.dep_ == "prep" and ancestor.lower_ not in cues.located | {"of"}:
            return False
        if ancestor.dep_ != "prep" and ancestor.lemma_.lower() not in cues.parts | cues.grounds:
            return False
    return False


def _site_struck(token: Token | None, trigger: Token | None) -> bool:
    """ "struck the launcher in X": does the place stand behind what was struck itself?"""
    if token is None or trigger is None or token.head.dep_ != "prep" or not token.head.i:
        return False
    site = token.doc[token.head.i - 1]
    return site.head == trigger and site.dep_ in ("dobj", "nsubjpass")


def _fires(token: Token | None, trigger: Token | None) -> bool:
    """ "artillery in X pounded": does the place hang on the weapon that is the subject of the firing at something else?"""
    weapon = next((a for a in token.ancestors if a.dep_ != "prep"), None) if token is not None else None
    if weapon is None or trigger is None or weapon.head != trigger or weapon.dep_ != "nsubj":
        return False
    return weapon.lemma_.lower() in lexicon.role_cues().batteries and any(c.dep_ == "dobj" for c in trigger.children)


def _sends(token: Token) -> bool:
    """Does "from X" hang on what is fired or on the firing of it, or on the way that something fired took?"""
    cues = lexicon.role_cues()
    chain = (a for a in token.ancestors if a.dep_ != "prep" and a.lemma_.lower() not in cues.parts)
    head = next(chain, None)
    if head is None or head.lemma_.lower() not in cues.moving:
        return head is not None and head.lemma_.lower() in cues.launching
    movers = [child for child in head.children if child.dep_ in ("nsubj", "nsubjpass")]
    movers += [head.head] if head.dep_ in ("relcl", "acl") else []
    return any(mover.lemma_.lower() in cues.launching | cues.movers for mover in movers)


def _is_struck(token: Token | None, trigger: Token | None) -> bool:
    if token is None or trigger is None:
        return False
    token, head = _named(token), _named(token).head
    if token.dep_ in ("dobj", "nsubjpass", "compound", "poss", "nmod") and head == trigger:
        return True
    strikes = head.lemma_.lower() in lexicon.role_cues().striking and head in trigger.ancestors
    if strikes and token.dep_ in ("dobj", "nsubjpass"):  # "covered X with artillery"
        return True
    while head.dep_ in ("conj", "appos"):  # "struck A, B and C"
        head = head.head
    return token.dep_ in ("conj", "appos") and head.dep_ in ("dobj", "nsubjpass") and head.head == trigger


def _named(token: Token) -> Token:
    """The noun that stands for the name: "area" of "the X area"."""
    part = token.dep_ == "compound" and token.head.lemma_.lower() in lexicon.role_cues().parts
    return token.head if part else token


def _suffers(token: Token | None, trigger: Token | None) -> bool:
    """ "X saw its worst attack": is the name the subject of a verb that says what befell it?"""
    if token is None or trigger is None or _named(token).dep_ != "nsubj":
        return False
    verb = _named(token).head
    return verb.lemma_.lower() in lexicon.role_cues().suffering and verb in trigger.ancestors


def _attacks(word: str, token: Token | None, trigger: Token | None) -> bool:
    """Is the name where something was aimed? On the trigger ("attack on X"), or on a verb or noun of firing."""
    return (word not in ("to", "for") and _hangs(token, trigger)) or _governs(token, lexicon.role_cues().launching)


def _hangs(token: Token | None, trigger: Token | None) -> bool:
    if token is None or trigger is None:
        return False
    return trigger in token.ancestors or any(a == trigger.head for a in list(token.ancestors)[:3])


def _is_organisation(
    sentence: Sentence, toponym: Toponym, token: Token | None, after: str, trigger_start: int | None
) -> bool:
    """Part of a body's or person's name or title: "X University", "X police said", "X-based", "X's army"."""
    if re.match(r"[-–]based\b", after):
        return True
    follows = re.match(r"(?:['’]s)?[\s-]+(?:[A-Z][\w'’-]*\s)?([\w-]+)(?:\s([\w-]+))?", after)
    bodies = lexicon.role_cues().bodies
    if follows and (follows[1].lower() in bodies or f"{follows[1]} {follows[2]}".lower() in bodies):
        at = sentence.start + len(sentence.read) - len(after) + follows.start(1)
        return trigger_start is None or at != trigger_start
    if sentence.doc is None or token is None:
        return False
    return any(
        e.label_ in ("ORG", "PERSON") and e.start <= token.i < e.end and len(e.text) > len(toponym.text) + 4
        and (token.dep_ == "compound" and token.head.i < e.end or _named_after(e.text, toponym.text))
        for e in sentence.doc.ents
    )  # fmt: skip


def _named_after(body: str, place: str) -> bool:
    """ "the University of North X": a body's name that ends in the place's."""
    return bool(re.search(rf" of (?:the )?(?:[A-Z][\w-]+ )*{re.escape(place)}$", body))


def _speaks(token: Token | None, trigger: Token | None) -> bool:
    """Does the name hang on a speaker or a speech verb, and the trigger not between them?"""
    speaking = lexicon.role_cues().speaking
    for ancestor in token.ancestors if token is not None else ():
        if ancestor == trigger or trigger is not None and ancestor.is_ancestor(trigger) and ancestor.dep_ != "ROOT":
            return False
        if ancestor.lemma_.lower() in speaking and ancestor.pos_ == "VERB":
            return True
        if ancestor.pos_ == "VERB":
            return False
    return False


def _contains(sentence: Sentence, toponym: Toponym, others: Sequence[Toponym]) -> bool:
    """Does the name before or after it in the chain lie in it?"""
    if toponym.precision in ("exact", "locality"):
        return _is_town_of(sentence, toponym, others)
    for other in others:
        if other is toponym or other.country != toponym.country or other.lat is None:
            continue
        if other.kind is not None and toponym.kind is not None and other.kind >= toponym.kind:
            continue  # no smaller one: "X district of Y province" holds the district
        first, second = sorted((other, toponym), key=lambda t: t.start)
        gap = sentence.read[first.end - sentence.start : second.start - sentence.start]
        if len(gap) < 25 and _CHAIN.search(gap) and other.precision != "country":
            return True
    return False


def _is_town_of(sentence: Sentence, toponym: Toponym, others: Sequence[Toponym]) -> bool:
    """Is it the town whose surroundings hold the name before it ("X in the countryside of Y"), or whose area does, where
    only the two stand side by side: "X, Y on Monday"?
    """
    inner = next((t for t in others if 0 < toponym.start - t.end < 50 and t.lat is not None), None)
    if inner is None or toponym.lat is None or not is_point(inner):
        return False
    gap = sentence.read[inner.end - sentence.start : toponym.start - sentence.start]
    if _SURROUNDS.fullmatch(gap):
        return True
    listed = _LIST.match(sentence.read, toponym.end - sentence.start)
    first = not sentence.read[: inner.start - sentence.start].rstrip().endswith((",", " and"))
    apart = km(inner.lat or 0.0, inner.lon or 0.0, toponym.lat, toponym.lon or 0.0)
    return gap == ", " and not listed and first and inner.country == toponym.country and apart < TOWN_OF_KM


def _distance(sentence: Sentence, toponym: Toponym, start: int | None, end: int | None) -> int:
    if start is None or end is None:
        return 0
    low, high = (toponym.end, start) if toponym.end <= start else (end, toponym.start)
    return len(sentence.read[max(0, low - sentence.start) : max(0, high - sentence.start)].split())


@cache
def _apart() -> re.Pattern[str]:
    words = "|".join(sorted(lexicon.role_cues().apart))
    return re.compile(rf"\b(?:{words})(?: [\w-]+){{0,3}} from (?:the )?$", re.I)


@cache
def _launched() -> re.Pattern[str]:
    """ "launched from the outskirts of": a launch site's verb, "from", a few words."""
    verbs = "|".join(sorted(p.removesuffix(" from") for p in lexicon.role_cues().launch_sites if p.endswith(" from")))
    return re.compile(rf"\b(?:{verbs}) from (?:[\w-]+ ){{0,5}}$", re.I)


@cache
def _ending(phrases: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))
    unit = r"(?:[\w-]+ )?(?:town|city|village|area|region|district|hospital) (?:of |in )?"
    return re.compile(rf"\b(?:{words})\s(?:the |a )?(?:[\w-]+ern )?(?:{unit})?$", re.I)
