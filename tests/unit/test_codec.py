"""Lines and bytes: errors that name the field, what others write and strict JSON refuses, CloudEvents headers."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.errors import ConfigError, ItemError
from processors.model import Alert, EventType, Incident
from streams import lines as lines_module
from streams.codec import Text, alert_headers, decode_item, decode_text
from streams.lines import Lines

GOOD = (
    b'{"source_id": "s", "external_id": "1", "kind": "new", "published_at": "2026-03-01T08:00:00+02:00", "body": "b"}'
)


def test_an_item_in_its_least_form_gets_the_defaults() -> None:
    item = decode_item(GOOD)
    assert item.published_at == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert (item.revision, item.channel, item.fetched_at, item.ref) == (0, "feed", None, "s/1@0")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (GOOD.replace(b'"source_id": "s", ', b""), "source_id"),
        (GOOD.replace(b'"new"', b'"newish"'), "kind"),
        (GOOD.replace(b"+02:00", b""), "published_at"),
        (GOOD.replace(b'"1"', b"1"), "external_id"),
        (GOOD.replace(b'"b"}', b'"b", "revision": -1}'), "revision"),
        (GOOD.replace(b'"s"', b'""'), "source_id"),
        (b"[]", None),
        (b"{", None),
        (b"\xff\xfe", None),
        (b"[" * 5000, None),
    ],
)
def test_what_is_no_item_is_refused_with_its_field(line: bytes, field: str | None) -> None:
    with pytest.raises(ItemError) as caught:
        decode_item(line)
    assert caught.value.field == field


@given(st.binary(max_size=200))
def test_any_bytes_are_an_item_or_an_item_error(data: bytes) -> None:
    for decode in (decode_item, decode_text):
        try:
            decode(data)
        except ItemError as error:
            assert error.reason


def test_texts_keep_their_id_as_it_was() -> None:
    assert decode_text(b'{"id": 7, "text": "x"}') == Text(id=7, text="x")
    assert decode_text(b'\xef\xbb\xbf{"id": "a", "text": "\\ud83d!"}').text == "?!"
    with pytest.raises(ItemError, match="text"):
        decode_text(b'{"id": 7}')


def test_alert_headers_are_cloudevents_in_binary_mode() -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    incident = Incident(incident_id="i", version=1, status="open", event_type=EventType.RIOT, title="t")
    alert = Alert(
        alert_id="a", incident_id="i", version=1, kind="new", reason=(), severity="minor", sent_at=at, headline="h",
        incident=incident,
    )  # fmt: skip
    headers = alert_headers(alert, "/tocsin/relay")
    assert headers["ce_id"] == "a"
    assert headers["ce_subject"] == "i"
    assert headers["ce_type"] == "io.tocsin.alert.v1"
    assert (headers["ce_specversion"], headers["ce_time"]) == ("1.0", "2026-03-01T08:00:00Z")


def test_lines_are_numbered_and_blank_ones_left_out(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"a\r\n\n  \nb\nlast")
    with Lines(str(file)) as lines:
        found = [line for chunk in lines.chunks(2) for line in chunk]
    assert [(line.number, line.data) for line in found] == [(1, b"a"), (4, b"b"), (5, b"last")]


def test_a_line_too_long_is_cut_and_the_next_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAX_LINE", 1000)
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"x" * 5_000_000 + b"\n" + b"short\n")
    with Lines(str(file)) as lines:
        found = [line for chunk in lines.chunks(8) for line in chunk]
    assert len(found[0].data) <= 1002
    assert (found[1].number, found[1].data) == (2, b"short")


def test_more_lines_than_are_read_ahead(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"".join(b"%d\n" % n for n in range(5000)))
    with Lines(str(file)) as lines:
        assert lines.waiting <= lines_module.AHEAD
        assert [int(line.data) for chunk in lines.chunks(64) for line in chunk] == list(range(5000))


def test_leaving_early_ends_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"line\n" * 100_000)
    with Lines(str(file)) as lines:
        next(lines.chunks(1))
    assert not lines._thread.is_alive()


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        Lines("/nowhere.jsonl")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo\n")))
    with Lines("-") as lines:
        assert [line.data for chunk in lines.chunks(9) for line in chunk] == [b"one", b"two"]
