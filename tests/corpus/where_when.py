"""How many of our own sentences are given the right place and time?

usage: python -m tests.corpus.where_when [--on CLASS …] [--show]

One line a class: right of all. `--show` prints what is wrong besides. What a table may say stands at the head of where_when.toml.
"""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.geo import km
from processors.model import EventType, Item, Place
from processors.normalize import as_is
from processors.places.find import find_places
from processors.places.index import Gazetteer
from processors.places.keys import key
from processors.places.roles import assign_roles
from processors.places.toponyms import PlaceContext
from processors.times.event_time import event_time
from processors.times.find import find_times
from processors.times.interval import resolve_interval
from streams.placeindex import ready_index
from streams.settings import load

TEXTS = tuple(Path(__file__).with_name(f"{name}.toml") for name in ("where_when", "where_world"))
PUBLISHED = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text and the days of its incident; without `date` and `first` it tells none."""

    on: str
    text: str
    trigger: str
    date: str | None = None
    first: str | None = None
    last: str | None = None
    published: datetime = PUBLISHED

    def days(self) -> tuple[str | None, str | None]:
        return (self.date, self.date) if self.date else (self.first, self.last or self.first)


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text and the places of its incident; None is not asked."""

    on: str
    text: str
    trigger: str
    target: tuple[str, ...] | None = None
    origin: tuple[str, ...] = ()
    near: tuple[float, float, float] | None = None
    country: str | None = None


class Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    when: tuple[When, ...] = ()
    where: tuple[Where, ...] = ()


def tables() -> Tables:
    """All texts. Raises msgspec.ValidationError where a file says what it may not."""
    read = [msgspec.convert(tomllib.loads(file.read_text("utf8")), Tables) for file in TEXTS]
    return Tables(tuple(w for t in read for w in t.when), tuple(w for t in read for w in t.where))


def _read(text: str, trigger: str, published: datetime) -> tuple[Analysis, Sentence, int]:
    item = Item(source_id="own", external_id="1", kind="new", body=text, lang="en", published_at=published)
    document = as_is(item, text, None)
    analysis = Analysis(document, split(document), parse)
    analysis.parse(analysis.sentences)
    start = text.index(trigger)
    sentence = analysis.sentence_at(start)
    assert sentence is not None
    return analysis, sentence, start


def days_told(when: When) -> tuple[str | None, str | None]:
    """First and last day that are read out of the text, None where it tells none."""
    analysis, sentence, start = _read(when.text, when.trigger, when.published)
    times = find_times(when.text, when.published)
    others = [s for s in analysis.sentences if s is not sentence]
    found = event_time(analysis, sentence, start, start + len(when.trigger), times, others)
    if found is None:
        return None, None
    told = resolve_interval(found, None, when.published)
    if told.local_date:
        return told.local_date, told.local_date
    first, last = told.start.date(), (told.end - timedelta(minutes=1)).date()
    return first.isoformat(), max(first, last, date.min).isoformat()


def places_told(where: Where, gazetteer: Gazetteer) -> list[Place]:
    """The places with a role that are read out of the text."""
    analysis, sentence, start = _read(where.text, where.trigger, PUBLISHED)
    toponyms = find_places(analysis, gazetteer, PlaceContext(country=where.country))
    others = [s for s in analysis.sentences if s is not sentence]
    end = start + len(where.trigger)
    return assign_roles(analysis, sentence, start, end, EventType.BOMBING, toponyms, others)


def is_right(where: Where, places: Sequence[Place]) -> bool:
    """Whether the places are those the text tells."""
    targets = [p for p in places if p.role == "target"]
    if where.near is not None:
        at = next(((p.lat, p.lon) for p in targets if p.lat is not None and p.lon is not None), None)
        if at is None or km(*at, *where.near[:2]) > where.near[2]:
            return False
    if where.target is not None and not _same(where.target, targets):
        return False
    return _same(where.origin, [p for p in places if p.role == "origin"])


def _same(wanted: Sequence[str], places: Sequence[Place]) -> bool:
    return len(wanted) == len(places) and all(any(_is(name, p) for p in places) for name in wanted)


def _is(wanted: str, place: Place) -> bool:
    """ "Name, Province, CC": is it this place?"""
    name, *areas = wanted.split(", ")
    named = key(name) in (key(place.name or ""), key(place.text or "")) or key(name) in key(place.text or "")
    country = not areas or areas[-1] == place.country
    return named and country and place.lat is not None and (len(areas) < 2 or areas[0] == place.admin1)


def wrong_when(texts: Iterable[When]) -> list[tuple[When, str]]:
    """The texts whose days are read wrong, with what is read."""
    told = ((when, days_told(when)) for when in texts)
    return [(when, str(days)) for when, days in told if days != when.days()]


def wrong_where(texts: Iterable[Where], gazetteer: Gazetteer) -> list[tuple[Where, str]]:
    """The texts whose places are read wrong, with what is read."""
    told = ((where, places_told(where, gazetteer)) for where in texts)
    return [(where, _shown(places)) for where, places in told if not is_right(where, places)]


def _shown(places: Sequence[Place]) -> str:
    return "; ".join(
        f"{p.role}: {p.text!r} {p.name}, {p.admin1}, {p.country} {p.lat} {p.lon}"
        for p in places
        if p.role != "mentioned"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--on", nargs="+", default=())
    arguments.add_argument("--show", action="store_true")
    options = arguments.parse_args()
    texts = tables()
    gazetteer = Gazetteer.open(ready_index(load(), lambda _: None))
    when = [t for t in texts.when if not options.on or t.on in options.on]
    where = [t for t in texts.where if not options.on or t.on in options.on]
    wrong: list[tuple[When | Where, str]] = [*wrong_when(when), *wrong_where(where, gazetteer)]
    missed = Counter(t.on for t, _ in wrong)
    asked = Counter([t.on for t in when] + [t.on for t in where])
    lines = [f"{name:32} {count - missed[name]:3} of {count}" for name, count in asked.items()]
    lines.append(f"{'all':32} {asked.total() - len(wrong):3} of {asked.total()}")
    lines += [f"\n[{t.on}] {t.text}\n  wanted {t}\n  told   {told}" for t, told in wrong if options.show]
    sys.stdout.writelines(line + "\n" for line in lines)


if __name__ == "__main__":
    main()
