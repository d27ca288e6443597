"""The store: answers like the memory state, one transaction for all, repeats that change nothing. Own samples."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from processors.errors import ConfigError
from processors.model import Alert, EventType, Incident, ItemMentions, Mention, Modality, Place, Span
from processors.resolve.signs import signs_of
from processors.resolve.state import Changes, Entry, IncidentState, ItemState
from streams.store import Store, deadletters

T0 = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/folder/state.db")
    yield opened
    opened.close()


def entry(number: int, keys: tuple[str, ...], incident: str | None = None, hours: int = 0) -> Entry:
    mention = Mention(
        event_type=EventType.BOMBING, trigger=Span(0, 4, "bomb"), modality=Modality.ACTUAL, confidence=0.5
    )
    return Entry(
        entry_id=f"wire/{number}@0#0",
        item_key=f"wire/{number}",
        item=f"wire/{number}@0",
        published_at=T0 + timedelta(hours=hours),
        keys=keys,
        mention=mention,
        signs=signs_of(item_state(number).record, mention),
        incident_id=incident,
    )


def item_state(number: int) -> ItemState:
    record = ItemMentions(
        item=f"wire/{number}@0", source_id="wire", external_id=str(number), revision=0, kind="new", published_at=T0
    )
    return ItemState(item_key=f"wire/{number}", revision=0, record=record)


def incident(name: str, version: int = 1) -> Incident:
    place = Place(role="target", text="Kassala", start=0, end=7, precision="locality", country="SD", lat=15.4, lon=36.4)
    return Incident(
        incident_id=name,
        version=version,
        status="open",
        event_type=EventType.BOMBING,
        title=f"Bombing {name}",
        places=(place,),
        first_reported_at=T0,
        updated_at=T0 + timedelta(hours=version),
    )


def alert(name: str, version: int = 1) -> Alert:
    return Alert(
        alert_id=f"{name}-{version}",
        incident_id=name,
        version=version,
        kind="new",
        reason=(),
        severity="minor",
        sent_at=T0,
        headline="h",
        incident=incident(name, version),
    )


def apply(store: Store, changes: Changes) -> None:
    with store.writing() as work:
        work.apply(changes)


def test_what_was_applied_is_answered(store: Store) -> None:
    changes = Changes(
        verdict="applied",
        item=item_state(1),
        put=(entry(1, ("a", "b"), "i1"),),
        incidents=(IncidentState(incident=incident("i1"), waiting_since=T0, due_at=T0 + timedelta(minutes=5)),),
        alerts=(alert("i1"),),
    )
    apply(store, changes)
    with store.looking() as work:
        assert work.item("wire/1") == changes.item
        assert work.item("wire/2") is None
        assert work.items(("wire/1", "wire/9")) == [changes.item]
        assert work.entries_of_item("wire/1") == list(changes.put)
        assert work.entries_of_incident("i1") == list(changes.put)
        assert work.incident("i1") == changes.incidents[0]
        assert work.incident("i2") is None
        assert work.due(T0, 10) == []
        assert work.due(T0 + timedelta(minutes=5), 10) == list(changes.incidents)


def test_entries_under_prefers_those_with_more_keys_in_common(store: Store) -> None:
    put = (entry(1, ("a", "b"), hours=0), entry(2, ("a",), hours=5), entry(3, ("b",), hours=9), entry(4, ("z",)))
    apply(store, Changes(verdict="applied", put=put))
    with store.looking() as work:
        assert [e.entry_id for e in work.entries_under(("a", "b"), 1)] == ["wire/1@0#0"]
        assert work.entries_under(("a", "b"), 10) == list(put[:3])
        assert work.entries_under((), 10) == []


def test_a_key_gives_its_newest_entries(store: Store) -> None:
    put = tuple(entry(n, ("a",), hours=(7 * n) % 10) for n in range(10))
    apply(store, Changes(verdict="applied", put=put))
    with store.looking() as work:
        newest = work.newest_under(("a", "none"), 3)
    assert newest == {"a": [(T0 + timedelta(hours=(7 * n) % 10), f"wire/{n}@0#0") for n in (1, 4, 7)]}


def test_an_entry_put_again_is_found_under_its_new_keys_only(store: Store) -> None:
    apply(store, Changes(verdict="applied", put=(entry(1, ("a", "b")),)))
    moved = entry(1, ("b", "c"), "i7")
    apply(store, Changes(verdict="applied", put=(moved,)))
    with store.looking() as work:
        assert work.entries_under(("a",), 5) == []
        assert work.entries_under(("b", "c"), 5) == [moved]
    apply(store, Changes(verdict="applied", drop=(moved.entry_id,)))
    with store.looking() as work:
        assert work.entries_under(("b", "c"), 5) == work.entries_of_item("wire/1") == []


def test_a_failure_undoes_state_alerts_and_position_together(store: Store) -> None:
    def fail() -> None:
        with store.writing() as work:
            work.apply(Changes(verdict="applied", item=item_state(1), alerts=(alert("i1"),)))
            work.move("items", "1")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    with store.looking() as work:
        assert work.item("wire/1") is None
        assert work.position("items") is None
    assert store.pending("jsonl", 10) == []


def test_changes_applied_twice_are_one(store: Store) -> None:
    changes = Changes(
        verdict="applied", incidents=(IncidentState(incident=incident("i1")),), alerts=(alert("i1"), alert("i1", 2))
    )
    apply(store, changes)
    apply(store, changes)
    assert [a.alert_id for _, a in store.pending("jsonl", 10)] == ["i1-1", "i1-2"]
    assert store.count_open() == 1


def test_each_sink_has_its_own_place_in_the_outbox(store: Store) -> None:
    apply(store, Changes(verdict="applied", alerts=(alert("i1"), alert("i2"))))
    seq, first = store.pending("jsonl", 1)[0]
    store.delivered("jsonl", seq)
    assert first.incident_id == "i1"
    assert [a.incident_id for _, a in store.pending("jsonl", 10)] == ["i2"]
    assert len(store.pending("terminal", 10)) == 2


def test_old_entries_leave_the_working_set_and_incidents_stay(store: Store) -> None:
    old, fresh = IncidentState(incident=incident("i1")), IncidentState(incident=incident("i2", version=70))
    waiting = IncidentState(incident=incident("i3"), due_at=T0)
    put = (entry(1, ("a",), "i1"), entry(2, ("a",), "i2"), entry(3, ("a",), "i3"), entry(4, ("a",)))
    apply(store, Changes(verdict="applied", item=item_state(4), put=put, incidents=(old, fresh, waiting)))
    assert len(store.forget(T0 + timedelta(hours=60))) == 2
    with store.looking() as work:
        assert [e.entry_id for e in work.entries_under(("a",), 5)] == ["wire/2@0#0", "wire/3@0#0"]
        assert work.item("wire/4") is None
        assert work.incident("i1") == old


def test_an_item_stays_as_long_as_it_tells_something(store: Store) -> None:
    fresh = IncidentState(incident=incident("i2", version=70))
    put = (entry(2, ("a",), "i2"),)
    apply(store, Changes(verdict="applied", item=item_state(2), put=put, incidents=(fresh,)))
    assert store.forget(T0 + timedelta(hours=60)) == []
    with store.looking() as work:
        assert work.item("wire/2") == item_state(2)


def test_look_ups_use_an_index(store: Store, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "folder" / "state.db")
    for query in (
        'SELECT entry_id FROM entry_keys WHERE key IN (SELECT value FROM json_each(\'["a", "b"]\'))',
        "SELECT told_at FROM entry_keys WHERE key = 'a' ORDER BY told_at DESC, entry_id DESC LIMIT 1 OFFSET 23",
        "SELECT body FROM entries WHERE incident_id = 'i'",
        "SELECT body FROM entries WHERE component = '0/i'",
        "SELECT body FROM entries WHERE item_key = 'i'",
        "SELECT body FROM incidents WHERE due_at <= '2026-01-01'",
        "DELETE FROM entries WHERE published_at < '2026-01-01'",
    ):
        plan = " ".join(str(row) for row in connection.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert "SEARCH" in plan, query
        assert "TEMP B-TREE" not in plan, query
    connection.close()


def test_dead_letters_keep_bytes_and_are_not_doubled(store: Store) -> None:
    letter = deadletters.DeadLetter(
        stage="extract", code="item_invalid", reason="is missing", field="body", origin="f:3", value=b"\xff{", put_at=T0
    )
    deadletters.put(store.engine, [letter, letter])
    deadletters.put(store.engine, [letter])
    assert deadletters.find(store.engine) == [letter]
    assert deadletters.find(store.engine, stage="resolve") == []
    assert deadletters.get(store.engine, letter.letter_id) == letter
    assert deadletters.purge(store.engine, [letter.letter_id]) == 1


@pytest.mark.parametrize("url", ["mysql://localhost/x", "no url", "oracle+foo://x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        Store(url)
