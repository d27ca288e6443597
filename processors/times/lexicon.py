"""The words and forms of time in one language, compiled from `lexicon/<lang>/times.toml`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from processors.errors import ResourceError
from processors.lexicon.load import load
from processors.model import TimePrecision
from processors.times.feasts import Feast

WORD = re.compile(r"[^\W\d_]+|\d+")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
GROUPS = {
    "year": r"(?:1[89]|20)\d\d",
    "shortyear": r"\d\d",
    "day": r"(?:0?[1-9]|[12]\d|3[01])(?!\d)",
    "lastday": r"(?:0?[1-9]|[12]\d|3[01])(?!\d)",
    "monthnumber": r"(?:0?[1-9]|1[0-2])(?!\d)",
    "hour": r"(?:[01]?\d|2[0-4])",
    "lasthour": r"(?:[01]?\d|2[0-4])",
    "minute": r"[0-5]\d(?!\d)",
    "lastminute": r"[0-5]\d(?!\d)",
    "decade": r"(?:1[89]|20)\d0",
    "digits": r"\d{1,3}(?!\d)",
}


class PartWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the day in hours from midnight; `night` parts without a day count for the morning."""

    words: tuple[str, ...]
    hours: tuple[int, int]
    precision: TimePrecision = "hour"


class DeicticWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for a day counted from today, with a part of the day where they name one."""

    words: tuple[str, ...]
    days: int
    part: str | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form of a time expression: `first` is the class of its first word, `form` a regular expression over lower-cased
    text with {placeholders}; a blank is one or more spaces, `~` is none or more. `example` must be found by it.
    """

    kind: str
    first: tuple[str, ...]
    form: str
    example: str
    after: tuple[str, ...] = ()  # the word before must be one of these
    not_after: tuple[str, ...] = ()  # the word before must be none of these
    sign: int = 0  # -1 looks back, 1 ahead
    day: int = 0


class TimeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    month: dict[str, tuple[str, ...]]  # number of the month: its words
    weekday: dict[str, tuple[str, ...]]  # 0 is Monday
    number: dict[str, tuple[str, ...]]
    unit: dict[str, tuple[str, ...]]  # minute, hour, day, week, month, year, weekend
    part: dict[str, PartWords]
    rule: tuple[Rule, ...]
    deictic: tuple[DeicticWords, ...] = ()
    feast: tuple[Feast, ...] = ()
    weekday_plural: dict[str, tuple[str, ...]] = {}  # class "weekdays"
    weekday_short: dict[str, tuple[str, ...]] = {}  # abbreviations, for stricter forms; class "short"
    zone: dict[str, tuple[str, ...]] = {}  # minutes east of UTC: names
    words: dict[str, tuple[str, ...]] = {}  # further classes, for rules to name
    capital: tuple[str, ...] = ()  # words that must be written with a capital to be a month or weekday
    glue: str = ""  # what may stand between the parts of one expression
    join: str = ""  # what stands between the ends of a stretch
    span_before: str = ""  # what stands before a stretch that its words leave no doubt of
    future: tuple[str, ...] = ()  # words that look ahead
    past: tuple[str, ...] = ()  # words that look back
    past_endings: tuple[str, ...] = ()
    ahead_of_participle: tuple[str, ...] = ()  # a past form behind one of these looks ahead
    beside_participle: tuple[str, ...] = ()  # a past form behind one of these says neither
    future_after: str = ""  # what stands after a date that lies ahead
    same_zone: str = ""  # "local time"
    label_before: str = ""  # regular expressions beside a time that says when a text was written
    label_after: str = ""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    rule: Rule
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language's rules by the first word they can begin with; under "" those that begin with a digit."""

    words: TimeWords
    starts: dict[str, tuple[CompiledRule, ...]]
    values: dict[str, dict[str, int]]  # month, weekday, number, zone: word to value
    units: dict[str, str]
    parts: dict[str, str]
    deictics: dict[str, DeicticWords]
    feasts: dict[str, Feast]
    glue: re.Pattern[str]
    join: re.Pattern[str]
    span_before: re.Pattern[str] | None
    future_after: re.Pattern[str] | None
    local: re.Pattern[str] | None


def _alternation(words: Iterable[str]) -> str:
    longest = sorted(set(words), key=lambda w: (-len(w), w))
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest) + r")(?!\w)"


def _spaced(form: str) -> str:
    return form.replace("~", r"\s*").replace(" ", r"\s+")


def _classes(words: TimeWords) -> dict[str, tuple[str, ...]]:
    """Every class of words a rule can name."""
    flat = {name: tuple(w for group in table.values() for w in group) for name, table in _tables(words).items()}
    flat["short"] = tuple(w for group in words.weekday_short.values() for w in group)
    flat["part"] = tuple(w for part in words.part.values() for w in part.words)
    flat["deictic"] = tuple(w for entry in words.deictic for w in entry.words)
    flat["feast"] = tuple(form for feast in words.feast for w in feast.words for form in (w, w.replace("'", "’")))
    flat["weekdays"] = tuple(w for group in words.weekday_plural.values() for w in group)
    return flat | words.words


def _tables(words: TimeWords) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        "month": words.month,
        "weekday": words.weekday,
        "number": words.number,
        "unit": words.unit,
        "zone": words.zone,
    }


def _compile(rule: Rule, classes: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    def filled(match: re.Match[str]) -> str:
        name = match[1]
        if name == "count":
            return rf"(?P<count>\d{{1,3}}(?!\d)|{_alternation(classes['number'])})"
        if name in GROUPS:
            return f"(?P<{name}>{GROUPS[name]})"
        if name in classes:
            return f"(?P<{name}>{_alternation(classes[name])})"
        raise ResourceError(f"times.toml: rule {rule.form!r} names an unknown class {name!r}")

    return re.compile(PLACEHOLDER.sub(filled, _spaced(rule.form)))


def _starts(words: TimeWords, classes: dict[str, tuple[str, ...]]) -> dict[str, tuple[CompiledRule, ...]]:
    found: dict[str, list[CompiledRule]] = {}
    for rule in words.rule:
        compiled = CompiledRule(rule, _compile(rule, classes))
        keys = {key for first in rule.first for key in _first_words(first, classes)}
        for key in keys:
            found.setdefault(key, []).append(compiled)
    return {key: tuple(rules) for key, rules in found.items()}


def _first_words(first: str, classes: dict[str, tuple[str, ...]]) -> set[str]:
    if first == "digit":
        return {""}
    return {match[0] for w in classes.get(first, (first,)) if (match := WORD.search(w))}


@cache
def is_known(lang: str | None) -> bool:
    """Is there a lexicon of times for this language (ISO 639-1)?"""
    return bool(lang) and files("processors.lexicon").joinpath(str(lang), "times.toml").is_file()


@cache
def grammar(lang: str = "en") -> Grammar:
    """The compiled lexicon. Raises ResourceError where the language has none or it is damaged."""
    words = load("times", TimeWords, lang)
    classes = _classes(words)
    tables = _tables(words)
    others = (words.weekday_short, words.weekday_plural)
    tables["weekday"] = {k: sum((o.get(k, ()) for o in others), v) for k, v in words.weekday.items()}
    return Grammar(
        words=words,
        starts=_starts(words, classes),
        values={
            name: {w: int(k) for k, group in tables[name].items() for w in group}
            for name in ("month", "weekday", "number", "zone")
        },
        units={w: unit for unit, group in words.unit.items() for w in group},
        parts={w: name for name, part in words.part.items() for w in part.words},
        deictics={w: entry for entry in words.deictic for w in entry.words},
        feasts={w: feast for feast in words.feast for w in feast.words},
        glue=re.compile(_spaced(words.glue)),
        join=re.compile(_spaced(words.join)),
        span_before=re.compile(_spaced(words.span_before)) if words.span_before else None,
        future_after=re.compile(_spaced(words.future_after)) if words.future_after else None,
        local=re.compile(_spaced(words.same_zone)) if words.same_zone else None,
    )
