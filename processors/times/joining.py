"""Neighbouring words of time that say one thing, made one: "early" + "Friday" + "1:30 a.m.", "between" two days, a zone."""

from dataclasses import replace

from processors.times.atoms import Atom
from processors.times.days import DayRef, Exact, Month, MonthDay, Shift, Stretch, Weekday, Within
from processors.times.lexicon import Grammar
from processors.times.reading import Part

SPAN_WORDS = 20  # characters before a stretch in which the word that opens it stands


def joined(atoms: list[Atom], lower: str, words: Grammar) -> list[Atom]:
    """Neighbours that say one thing made one: "early" + "Friday" + "1:30 a.m."; zones taken in."""
    found: list[Atom] = []
    for plain in atoms:
        atom = _with_zone(plain, lower, words) if plain.clock else plain
        if found and (pair := _pair(found[-1], atom, lower, words)):
            found[-1] = pair
            if len(found) > 1 and (span := _pair(found[-2], pair, lower, words)) and isinstance(span.day, Stretch):
                found[-2:] = [span]
        else:
            found.append(atom)
    return found


def _with_zone(atom: Atom, lower: str, words: Grammar) -> Atom:
    """A clock time with the zone that stands behind it."""
    assert atom.clock
    for name, offset in words.values["zone"].items():
        if (
            lower.startswith(name, at := _skip(lower, atom.end))
            and not lower[at + len(name) : at + len(name) + 1].isalpha()
        ):
            return replace(atom, end=at + len(name), clock=replace(atom.clock, offset=offset))
    if words.local and (match := words.local.match(lower, _skip(lower, atom.end))):
        return replace(atom, end=match.end())
    return atom


def _skip(lower: str, at: int) -> int:
    while at < len(lower) and lower[at] in " \u00a0(":
        at += 1
    return at


def _pair(one: Atom, two: Atom, lower: str, words: Grammar) -> Atom | None:
    gap = lower[one.end : two.start]
    if len(gap) > 40 or "\n" in gap:
        return None
    if words.glue.fullmatch(gap) and (merged := _merge(one, two)):
        return merged
    if not words.join.fullmatch(gap):
        return None
    told = bool(words.span_before and words.span_before.search(lower, max(0, one.start - SPAN_WORDS), one.start))
    return _stretch(one, two, gap, told)


def _stretch(one: Atom, two: Atom, gap: str, told: bool) -> Atom | None:
    """ "from Friday to Sunday"; parts of days make none unless `told` by a word before ("between late Friday and early
    Sunday"), but "the night of Monday to Tuesday" is one, and "overnight from Monday to Tuesday" is Tuesday's.
    """
    if one.kind != "day" or two.kind != "day" or one.day is None or two.day is None or one.clock or two.clock:
        return None
    if one.part_name == "overnight" and two.part is None:
        return replace(one, end=two.end, day=two.day)
    if told and not isinstance(one.day, Month):
        return replace(one, end=two.end, day=Stretch(one.day, _beside(one.day, two.day)), part=None, part_name=None)
    narrow = two.part is not None or (one.part is not None and one.part.end <= 24)
    if narrow or isinstance(one.day, Month) or (" and " in gap and isinstance(one.day, MonthDay | Exact)):
        return None
    return replace(one, end=two.end, day=Stretch(one.day, two.day))


def _beside(one: DayRef, two: DayRef) -> DayRef:
    """The end of a stretch lies on the side of its beginning, though "until" looks ahead."""
    if isinstance(one, Weekday) and isinstance(two, Weekday):
        return replace(two, side=one.side)
    return replace(two, side=one.side) if isinstance(one, MonthDay) and isinstance(two, MonthDay) else two


def _merge(one: Atom, two: Atom) -> Atom | None:
    """Two neighbours as one atom, None where they say two things."""
    day = _one_day(one, two)
    if one.day and two.day and day is None or one.ago or two.ago:
        return None
    if one.clock and two.clock:
        return _zoned(one, two)
    if {one.kind, two.kind} == {"anaphoric", "day"} or one.kind == two.kind == "anaphoric":
        return None
    kinds = (one.kind, two.kind)
    kind = next(k for k in ("anaphoric", "day", "outer", "clock", "part") if k in kinds)
    name, part = _one_part(one, two)
    counted = one if one.kind == "anaphoric" else two
    return Atom(
        one.start, two.end, kind, day or one.day or two.day, part, name, one.clock or two.clock,
        count=counted.count, unit=counted.unit, relative=one.relative or two.relative,
    )  # fmt: skip


def _zoned(one: Atom, two: Atom) -> Atom | None:
    """ "3 p.m. (1200 GMT)": the same moment twice; the one without a zone is the local time."""
    assert one.clock and two.clock
    if (one.clock.offset is None) == (two.clock.offset is None):
        return None
    local = one if one.clock.offset is None else two
    return replace(
        one, end=two.end, clock=local.clock, day=one.day or two.day, kind="day" if one.day or two.day else "clock"
    )


def _one_day(one: Atom, two: Atom) -> DayRef | None:
    if one.day is None or two.day is None:
        return None
    if two.kind == "outer" and isinstance(one.day, Weekday | Month | MonthDay) and one.kind == "day":
        return Within(replace(one.day, side="past"), two.day)
    if isinstance(one.day, Weekday) and isinstance(two.day, MonthDay):
        return replace(two.day, weekday=one.day.weekday)
    if isinstance(one.day, MonthDay) and isinstance(two.day, Weekday):
        return replace(one.day, weekday=two.day.weekday)
    if isinstance(one.day, Weekday | Shift) and isinstance(two.day, Exact | MonthDay):
        return two.day
    if isinstance(one.day, Exact | MonthDay) and isinstance(two.day, Weekday | Shift):
        return one.day
    return _of_today(one, two)


def _of_today(one: Atom, two: Atom) -> DayRef | None:
    """ "Friday last night" is two things, "on Friday overnight" and "yesterday, Friday" are one."""
    for day, other in ((one, two), (two, one)):
        if other.part_name == "overnight" and isinstance(day.day, Weekday | MonthDay | Exact | Shift):
            return day.day
    if isinstance(one.day, Weekday) and isinstance(two.day, Shift):
        return two.day
    return one.day if isinstance(one.day, Shift) and isinstance(two.day, Weekday) else None


def _one_part(one: Atom, two: Atom) -> tuple[str | None, Part | None]:
    """ "early" + "morning": the narrower; a month's "early" is no part of a day."""
    if isinstance(one.day or two.day, Month):
        return None, None
    if one.part and two.part:
        loose = {"early", "late"}
        kept = two if one.part_name in loose else one
        return kept.part_name, kept.part
    kept = one if one.part else two
    return kept.part_name, kept.part
