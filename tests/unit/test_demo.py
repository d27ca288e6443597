"""The demo's stream and how an alert looks."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from rich.console import Console

from processors.model import Alert, Claim, EventType, Incident, Place, Tally
from streams import demo
from streams.sinks.terminal import TerminalSink, number, rendered


def test_the_stream_is_what_was_asked_for() -> None:
    items = demo.items()
    assert len(items) >= 80
    assert items == sorted(items, key=lambda item: item.published_at)
    assert timedelta(days=2) < items[-1].published_at - items[0].published_at < timedelta(days=3)
    assert {item.channel for item in items} == {"feed", "telegram"}
    assert Counter(item.kind for item in items)["edited"] >= 2
    assert Counter(item.kind for item in items)["deleted"] >= 1
    assert len({item.ref for item in items}) == len(items)
    assert {item.source_id for item in items} == set(demo.traits())


def test_it_is_played_in_order_and_nights_are_cut_short() -> None:
    slept: list[float] = []
    feed = demo.DemoFeed(demo.items(), 7200.0, slept.append)
    units = list(feed.units())
    assert [item for unit in units for item in unit.items] == demo.items()
    assert max(slept) <= demo.LONGEST_PAUSE
    assert sum(slept) < 60
    assert units[-1].tick == demo.items()[-1].published_at + demo.AFTER


def alert(**changes: object) -> Alert:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    place = Place(role="target", text="Kassala", start=0, end=7, precision="admin1", name="Kassala", country="SD")
    claim = Claim(slot="killed", value=3, stance="reports", by="police", quote="three people\nwere " + "killed " * 40)
    incident = Incident(
        incident_id="i", version=2, status="open", event_type=EventType.SHOOTING, title="Shooting, Kassala, SD",
        places=(place,), killed=Tally(min=3, max=None), claims=(claim,), grade="C2", independent_sources=2,
        contested=("killed",),
    )  # fmt: skip
    return Alert(
        alert_id="a", incident_id="i", version=2, kind="update", reason=("killed 2→3",), severity="moderate",
        sent_at=at, headline="h", incident=incident,
    )  # fmt: skip


def test_an_alert_says_what_where_why_and_who() -> None:
    text = "\n".join(line.plain for line in rendered(alert()))
    for words in (
        "UPDATE",
        "moderate",
        "Shooting, Kassala",
        "killed 3+",
        "killed 2→3",
        "C2, 2 independent",
        "police: “three",
    ):
        assert words in text
    assert "somewhere there" in text


def test_no_line_is_wrapped() -> None:
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123  as long as the console
    TerminalSink(console).send(alert())
    lines = console.export_text().rstrip().splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80


def test_numbers() -> None:
    assert number(None) == number(Tally()) == ""
    assert number(Tally(min=3, max=3)) == "3"
    assert number(Tally(min=3)) == "3+"
    assert number(Tally(min=3, max=6)) == "3–6"
    assert number(Tally(max=6)) == "0–6"
