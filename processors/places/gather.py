"""A document's place names, ready to be weighed: equal phrases as one name, with the areas and units told beside them."""

import re
from collections.abc import Iterator, Sequence

from processors.places import lexicon
from processors.places.names import How, Names
from processors.places.rank_features import Name
from processors.places.records import Kind
from processors.places.spans import FLAG, Line, Span
from processors.places.units import puts_into, units_told

_OWNER = re.compile(
    r"['’]s?\s(?:[\w-]+\s){0,3}$|\s(?:city|town|village|district|capital)\s(?:of\s)?$"
)  # "Iraq's northern X"
_STATE = re.compile(r"\s?[,(]\s?([A-Z][\w.]*(?: [A-Z][\w.]*)?)")
_INSIDE = re.compile(r"\b(?:in|across|inside|throughout) (?:the )?(?:[\w-]+ern )?$", re.I)
_HOLDS = re.compile(r"['’]s (?:[\w-]+ ){0,2}[A-Z]|:")  # "Ruritania's northern Harrow"
_SHORT = re.compile(r"(?:[A-Z]\.?){2,3}")  # "US", "U.K.", "UAE"
_OWN = re.compile(r"(?:-[a-z]+ed)? (?!(?:soil|territory|waters|airspace|and|or|in|on|at|has|is|was|to)\b)[a-z]")
FLAG_A = 0x1F1E6  # the sign for A in flags
UNITS = (Kind.DISTRICT, Kind.PROVINCE)


def gather(lines: Sequence[Line], chosen: Sequence[Sequence[Span]], names: Names) -> list[Name]:
    """The distinct names among the chosen spans, in order of their first mention."""
    found: dict[str, Name] = {}
    number = 0
    for line, spans in zip(lines, chosen, strict=True):
        for at, span in enumerate(spans):
            if span.match is None:
                continue
            name = found.get(span.text)
            if name is None:
                name = found[span.text] = Name(span.text, span.match, 0, number)
            name.count, number = name.count + 1, number + 1
            name.containers += _containers(line, spans, at, names)
            name.unit |= units_beside(line, span) & _kinds(name, names)
            name.placed |= _is_placed(line, spans, at)
    return list(found.values())


def _kinds(name: Name, names: Names) -> frozenset[Kind]:
    """What a name's candidates are: none of another kind can be asked for."""
    return frozenset(Kind(int(kind)) for kind in names.gazetteer.columns["kind"][name.match.rows])


def _containers(line: Line, spans: Sequence[Span], at: int, names: Names) -> Iterator[int]:
    """Rows of the areas that the words beside a name say it lies in."""
    span = spans[at]
    yield from states_told(line, span, names)
    yield from flag_told(line, span, names)
    if at + 1 < len(spans) and puts_into(_between(line, span, spans[at + 1])):
        yield from _areas(spans[at + 1], names)
        if at + 2 < len(spans) and puts_into(_between(line, spans[at + 1], spans[at + 2])):
            yield from _areas(spans[at + 2], names, Kind.PROVINCE)
    if at and _OWNER.fullmatch(_between(line, spans[at - 1], span)):
        yield from _areas(spans[at - 1], names)


def flag_told(line: Line, span: Span, names: Names) -> Iterator[int]:
    """Row of the country whose flag stands right before a name."""
    flag = re.search(rf"{FLAG.pattern}$", line.text[: span.start - line.start])
    if flag:
        code = "".join(chr(ord(sign) - FLAG_A + ord("A")) for sign in flag[0].strip(" #"))
        row = names.gazetteer.country_rows.get(code)
        yield from () if row is None else (row,)


def area_told(line: Line, spans: Sequence[Span], at: int, names: Names) -> list[int]:
    """Rows of the province or district that the words behind a name put it into, where these can be no town's name:
    "X, North Harrow", "X in Harrow province".
    """
    if at + 1 >= len(spans) or not puts_into(_between(line, spans[at], spans[at + 1])):
        return []
    area, kinds = spans[at + 1], names.gazetteer.columns["kind"]
    if area.match is None:  # "X, Harrow township, Ohio" where no Harrow is known
        return area_told(line, spans, at + 1, names)
    if area.match.how not in (How.STRICT, How.LOOSE, How.ABBREVIATION):
        return []
    rows = [int(row) for row in area.match.rows]
    if not (units_beside(line, area) or all(kinds[row] in UNITS for row in rows)):
        return area_told(line, spans, at + 1, names)
    return [row for row in rows if kinds[row] in UNITS] or area_told(line, spans, at + 1, names)


def states_told(line: Line, span: Span, names: Names) -> Iterator[int]:
    """Row of the province whose abbreviation follows a comma: "X, VA"."""
    told = _STATE.match(line.sentence.text, span.end - line.start)  # as written: "HARROW, Mo." is shouted in part only
    if told is None:
        return
    first = told[1].partition(" ")[0]
    known = lexicon.abbreviations()
    form = next((form for form in (told[1], first, first.rstrip(".")) if form in known), None)
    for unit in known[form] if form else ():
        if (row := names.gazetteer.province_rows.get(unit)) is not None:
            yield row


def _is_placed(line: Line, spans: Sequence[Span], at: int) -> bool:
    """Do the words around a name say that something happens or lies in it, not that it acts?"""
    span = spans[at]
    if modifies(line, span):
        return False
    if _INSIDE.search(line.text[: span.start - line.start]) or _HOLDS.match(line.text, span.end - line.start):
        return True
    return bool(at) and puts_into(_between(line, spans[at - 1], span))


def modifies(line: Line, span: Span) -> bool:
    """Does a country's short form, which has no adjective, stand as one: "US jets", but not "US territory"?"""
    return bool(_SHORT.fullmatch(span.text)) and bool(_OWN.match(line.text, span.end - line.start))


def _between(line: Line, one: Span, other: Span) -> str:
    return line.text[one.end - line.start : other.start - line.start]


def _areas(span: Span, names: Names, least: Kind = Kind.DISTRICT) -> Iterator[int]:
    if span.match is not None:
        kinds = names.gazetteer.columns["kind"][span.match.rows]
        yield from (
            int(row) for row, kind in zip(span.match.rows, kinds, strict=True) if kind >= least and kind != Kind.REGION
        )


def units_beside(line: Line, span: Span) -> frozenset[Kind]:
    """Kinds that the word after a name, at its end, or before "of" it asks for; none where no such word stands there."""
    start, end = span.start - line.start, span.end - line.start
    return units_told(line.text[:start], line.text[start:end], line.text[end:])
