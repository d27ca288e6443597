"""Do the words behind a value say it? Read anew from the words alone, by means that share nothing with extraction."""

import re
from collections.abc import Iterator
from itertools import combinations

from processors.model import Actor, Claim, Count, Mention, Place, Span, Weapon

Worded = Span | Place | Actor | Weapon

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
WORDS = {w: n for n, w in enumerate(ONES)} | {w: 10 * n for n, w in enumerate(TENS, 2)}
WORDS |= {w: n for n, w in enumerate(ORDINALS, 1)} | {"double": 2, "triple": 3, "quadruple": 4, "quintuple": 5}
SCALES = {"hundred": 100, "thousand": 1000, "dozen": 12, "score": 20, "million": 1_000_000}
VAGUE = {
    "dozens", "hundreds", "thousands", "scores", "several", "many", "few", "some", "both", "couple", "pair", "multiple",
    "numerous", "more", "trio", "entire", "number", "handful", "twins", "parents", "half", "various", "mass", "all",
}  # fmt: skip
NONE = {"no", "none", "nobody", "without", "not", "zero", "never", "any", "neither", "unhurt", "unharmed", "uninjured",
        "safe", "unscathed", "0", "nor", "intact", "survived", "everyone"}  # fmt: skip
DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|reject\w*|refut\w*|dismiss\w*|disput\w*|contradict\w*|rebut\w*|not?|nothing|never|none"
    r"|false\w*|fake\w*|untrue|hoax\w*|without|rumou?r\w*|baseless|disinformation|misinformation|unfounded|contrary|fabricat\w*"
    r"|incorrect|wrong\w*|mis\w+|retract\w*|withdr[ae]w\w*|correct\w*|lies?|lying|invent\w*|neither|nor|nobody|debunk\w*"
    r"|exonerat\w*|ma(?:de|king|kes?) up|fiction\w*"
    r"|devoid of truth|errors?|stor(?:y|ies)|tales?"
    r"|propaganda|inaccura\w*|erroneous\w*|disown\w*|disavow\w*|rule[sd]? out|instead|distanc\w*|nonsense|absurd)\b|n['’]t\b",
    re.I,
)
TOKEN = re.compile(r"\d+(?:[.,]\d{3})*|[a-z]+", re.I)


NAMES = re.compile(r"[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|(?!and)[a-z]{2,3}(?= [A-Z])))*")  # "Rosa Medina", "Ali bin Omar"
AGES = re.compile(r"\d+ ?- ?years? ?- ?olds?|, ?\d{1,2}(?=[,.)]|$)", re.I)
PARTS = 12  # numbers in one stretch of words of which any may belong to a sum


def numbers(words: str) -> set[int]:
    """Every number that the words can state: digits, number words with their scales, and what these and single persons
    ("a guard", "Rosa Medina") come to, added or taken off.
    """
    found, singles = _said(words), len(re.findall(r"\b(?:an?|another|his|her|their|one|the|and)\b", words, re.I))
    singles = max(singles + 1, len(NAMES.findall(words)))
    some = found[:PARTS]
    sums = {sum(part) for many in range(1, len(some) + 1) for part in combinations(some, many)} | {sum(found)}
    around = {n + more for n in sums for more in (-1, 0, 1, 2)}
    return around | {n - m for n in found for m in found if n > m} | set(range(1, singles + 1))


def _said(words: str) -> list[int]:
    """Digits and number words but ages; "twenty-two" as 20, 2 and 22."""
    found: list[int] = []
    last: int | None = None
    for token in TOKEN.findall(AGES.sub(" ", words.lower())):
        value = int(re.sub(r"[.,]", "", token)) if token[0].isdigit() else WORDS.get(token)
        if token in SCALES:
            found.append((last or 1) * SCALES[token])
            last = None
        elif value is not None:
            found += [value] + ([last + value] if last and last >= 20 and value < 10 else [])
            last = value
        elif token not in ("and", "a"):
            last = None
    return found


def states(words: str, low: int | None, high: int | None) -> bool:
    """Whether words can say a number of people between `low` and `high`."""
    tokens = set(TOKEN.findall(words.lower()))
    if low == high == 0:
        return bool(tokens & NONE)
    if tokens & VAGUE:
        return True
    said = numbers(words)
    return any(bound in said for bound in (low, high) if bound is not None)


def unsupported(mention: Mention, text: str) -> Iterator[tuple[str, str]]:
    """(what is wrong, the words) for each value of a mention whose words are missing or do not say it."""
    for span in _worded(mention):
        if span.start is None or span.end is None:
            yield f"{type(span).__name__} without offsets", span.text
        elif not text[span.start : span.end] or (span.text and text[span.start : span.end] != span.text):
            yield f"{type(span).__name__} not at its offsets", span.text
    for slot in ("killed", "injured", "attackers_killed"):
        if count := getattr(mention, slot):
            yield from _count(slot, count, text)
    if mention.when and mention.when.text and mention.when.text not in text:
        yield "when not in the text", mention.when.text
    if mention.outcome != "unknown" and not any(c.slot == "outcome" for c in mention.claims):
        yield "outcome without words", mention.outcome
    for claim in mention.claims:
        yield from _claim(claim, mention, text)


def _worded(mention: Mention) -> Iterator[Worded]:
    yield mention.trigger
    yield from mention.places
    yield from mention.perpetrators
    yield from mention.targets
    yield from mention.victims
    yield from mention.weapons


def _count(slot: str, count: Count, text: str) -> Iterator[tuple[str, str]]:
    if not count.text or count.start is None or count.end is None:
        yield f"{slot} without words", repr(count)
    elif text[count.start : count.end] != count.text:
        yield f"{slot} not at its offsets", count.text
    elif not states(count.text, count.min, count.max):
        yield f"{slot} not what its words say", f"{count.min}–{count.max}: {count.text}"


def _claim(claim: Claim, mention: Mention, text: str) -> Iterator[tuple[str, str]]:
    if claim.start is None or claim.end is None or text[claim.start : claim.end] != claim.quote or not claim.quote:
        yield "quote not at its offsets", claim.quote
    elif claim.stance == "denies":
        if not DENYING.search(claim.quote):
            yield f"denial of {claim.slot} without words that deny", claim.quote
    elif claim.slot in ("killed", "injured", "attackers_killed") and isinstance(claim.value, dict):
        if not states(claim.quote, claim.value.get("min"), claim.value.get("max")):
            yield f"{claim.slot} not in its quote", f"{claim.value}: {claim.quote}"
    elif claim.slot in ("perpetrator", "target", "weapon") and not _named(claim, mention):
        yield f"{claim.slot} not in its quote", f"{claim.value}: {claim.quote}"


def _named(claim: Claim, mention: Mention) -> bool:
    """Whether the words of the value stand in the quote, or somebody speaks of himself."""
    values: tuple[Actor | Weapon, ...] = getattr(mention, f"{claim.slot}s")
    assert claim.start is not None and claim.end is not None
    inside = [v for v in values if v.start is not None and claim.start <= v.start < claim.end]
    words = {w.lower() for w in re.findall(r"\w{3,}", str(claim.value))}
    own = claim.by.lower() == str(claim.value).lower() or re.search(r"\b(?:we|our|us)\b", claim.quote, re.I)
    return bool(inside or own or words & {w.lower() for w in re.findall(r"\w{3,}", claim.quote)})
