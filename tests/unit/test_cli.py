"""The commands on small inputs, with the plain reader: data on standard output, talk on standard error, exit status."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from processors.errors import ConfigError
from streams.cli import main
from streams.cli.commands import app
from streams.codec import encode
from streams.readers import Recipe
from streams.store import Store, deadletters
from tests.plainreader import PlainReader, stream


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder of its own, and a reader without models."""
    index = tmp_path / "any.idx"
    index.touch()
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TOCSIN_GAZETTEER", str(index))
    monkeypatch.setenv("TOCSIN_METRICS_PORT", "0")
    monkeypatch.setenv("TOCSIN_WEB_PORT", "0")
    monkeypatch.delenv("TOCSIN_CONFIG", raising=False)
    monkeypatch.setattr(Recipe, "pipeline", lambda _: PlainReader())
    return tmp_path


def call(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [*words], input=given)


def item_lines(count: int = 40) -> bytes:
    return b"".join(encode(item) + b"\n" for item in stream(count, 3))


def test_replay_writes_alerts_and_one_line_an_incident(place: Path) -> None:
    items, alerts, incidents = place / "items.jsonl", place / "a.jsonl", place / "i.jsonl"
    items.write_bytes(item_lines())
    result = call("replay", str(items), "--alerts", str(alerts), "--incidents", str(incidents), "--jobs", "1")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "40 items" in result.stderr
    told = [json.loads(line) for line in incidents.read_text().splitlines()]
    assert told
    assert len({incident["incident_id"] for incident in told}) == len(told)
    sent = [json.loads(line) for line in alerts.read_text().splitlines()]
    assert {alert["incident_id"] for alert in sent} <= {incident["incident_id"] for incident in told}


def test_replay_of_standard_input_gives_the_same_alerts_on_standard_output(place: Path) -> None:
    items, alerts = place / "items.jsonl", place / "a.jsonl"
    items.write_bytes(item_lines())
    assert call("replay", str(items), "--alerts", str(alerts)).exit_code == 0
    assert call("replay", "-", given=item_lines()).stdout_bytes == alerts.read_bytes()


def test_what_is_no_item_is_named_kept_and_the_rest_goes_on(place: Path) -> None:
    lines = item_lines(6).splitlines(keepends=True)
    bad = b'{"source_id": "s"}\n'
    result = call("replay", "-", "--alerts", str(place / "a"), given=b"".join([*lines[:3], bad, b"\xff\n", *lines[3:]]))
    assert result.exit_code == 1
    assert "standard input:4: external_id: is missing" in result.stderr
    assert "standard input:5: " in result.stderr
    assert "6 items" in result.stderr
    assert "2 rejected" in result.stderr
    store = Store(f"sqlite:///{place}/data/tocsin.db")
    letters = deadletters.find(store.engine)
    store.close()
    assert {letter.value for letter in letters} == {bad.rstrip(), b"\xff"}
    assert {letter.stage for letter in letters} == {"extract"}


def test_one_revision_with_two_texts_is_rejected(place: Path) -> None:
    first = json.loads(item_lines(1))
    second = first | {"body": "bombing at Elsewhere 50,50 killed 4"}
    result = call(
        "replay", "-", "--alerts", str(place / "a"), given=b"".join(encode(i) + b"\n" for i in (first, second))
    )
    assert result.exit_code == 1
    assert "s" in result.stderr
    assert "1 rejected" in result.stderr


def test_a_text_that_breaks_the_reading_costs_only_itself(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaking(PlainReader):
        def read(self, items):  # type: ignore[no-untyped-def]
            if any("3" in item.external_id for item in items):
                raise ValueError("poison")
            return super().read(items)

    monkeypatch.setattr(Recipe, "pipeline", lambda _: Breaking())
    result = call("replay", "-", "--alerts", str(place / "a"), given=item_lines(8))
    assert result.exit_code == 1
    assert "poison" in result.stderr
    assert "7 items" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "/nowhere.jsonl"),
        ("incidents", "--id", "nope"),
        ("incidents", "--as-of", "yesterday"),
        ("explain", "nope"),
        ("sources", "list"),
        ("run", "--once"),
    ],
)
def test_wrong_usage_is_status_two(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(call(*words).exception, ConfigError)
    monkeypatch.setattr("sys.argv", ["tocsin", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2


def test_run_takes_items_and_keeps_what_incidents_shows(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items, alerts = place / "items.jsonl", place / "alerts.jsonl"
    items.write_bytes(item_lines())
    monkeypatch.setenv("TOCSIN_SINKS_JSONL", str(alerts))
    assert call("run", "--from", str(items), "--jobs", "1").exit_code == 0
    shown = call("incidents")
    assert shown.exit_code == 0
    told = [json.loads(line) for line in shown.stdout.splitlines()]
    assert {json.loads(line)["incident_id"] for line in alerts.read_text().splitlines()} <= {
        i["incident_id"] for i in told
    }
    again = alerts.read_bytes()
    assert call("run", "--from", str(items), "--jobs", "1").exit_code == 0
    assert alerts.read_bytes() == again
    assert call("incidents").stdout == shown.stdout
    one = told[0]["incident_id"]
    assert json.loads(call("incidents", "--id", one[:13]).stdout)["incident_id"] == one
    assert one in call("explain", one).stdout
    earlier = call("incidents", "--as-of", "2026-03-01T12:00:00Z").stdout.splitlines()
    assert 0 < len(earlier) < len(told)
    assert call("incidents", "--as-of", "2020-01-01").stdout == ""


def test_run_and_replay_end_with_the_same_incidents(place: Path) -> None:
    items, incidents = place / "items.jsonl", place / "i.jsonl"
    one_a_time = {item.published_at: item for item in stream(60, 3)}
    items.write_bytes(b"".join(encode(item) + b"\n" for item in one_a_time.values()))
    assert call("run", "--from", str(items)).exit_code == 0
    assert call("replay", str(items), "--incidents", str(incidents)).exit_code == 0
    assert call("incidents").stdout_bytes == incidents.read_bytes()


def test_the_source_list_is_made_exchanged_and_shown(place: Path) -> None:
    assert call("sources", "init").exit_code == 0
    assert isinstance(call("sources", "init").exception, ConfigError)
    listed = [json.loads(line) for line in call("sources", "list").stdout.splitlines()]
    assert listed
    assert listed[0]["last_success"] is None
    opml = place / "feeds.opml"
    assert call("sources", "export", str(opml)).exit_code == 0
    (place / "data" / "sources.toml").unlink()
    assert call("sources", "import", str(opml)).exit_code == 0
    urls = {json.loads(line)["url"] for line in call("sources", "list").stdout.splitlines()}
    assert urls == {source["url"] for source in listed if source["kind"] == "feed"}


def test_doctor_masks_secrets_and_names_what_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_FETCH_PROXY", "http://u:geheim@proxy:1")
    monkeypatch.setenv("TOCSIN_KAFKA_PASSWORD", "geheim")
    monkeypatch.setenv("TOCSIN_METRIC_PORT", "1")
    result = call("doctor")
    assert "geheim" not in result.output
    assert "fetch.proxy = ****" in result.stdout
    assert "TOCSIN_METRIC_PORT is set and means nothing" in result.stdout
    assert "MISSING  place index" in result.stdout
    assert result.exit_code == 1


def test_dead_letters_are_listed_shown_processed_again_and_purged(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaking(PlainReader):
        def read(self, items):  # type: ignore[no-untyped-def]
            raise ValueError("poison")

    items = place / "items.jsonl"
    told = next(item for item in stream(20, 3) if "killed" in item.body)
    items.write_bytes(encode(told) + b"\n\xff\n")
    monkeypatch.setattr(Recipe, "pipeline", lambda _: Breaking())
    assert call("run", "--from", str(items)).exit_code == 1
    listed = {letter["code"]: letter for letter in map(json.loads, call("dlq", "list").stdout.splitlines())}
    assert set(listed) == {"internal", "item_invalid"}
    assert json.loads(call("dlq", "show", listed["item_invalid"]["letter"]).stdout)["value"] == {"base64": "/w=="}
    assert call("dlq", "replay").exit_code == 1
    assert len(call("dlq", "list").stdout.splitlines()) == 2
    monkeypatch.setattr(Recipe, "pipeline", lambda _: PlainReader())
    assert "1 of 2 went through" in call("dlq", "replay").stderr
    assert [json.loads(line)["code"] for line in call("dlq", "list").stdout.splitlines()] == ["item_invalid"]
    assert call("incidents").stdout
    assert len(call("dlq", "list", "--stage", "resolve").stdout.splitlines()) == 0
    call("dlq", "purge")
    assert len(call("dlq", "list").stdout.splitlines()) == 1
    call("dlq", "purge", "--yes")
    assert call("dlq", "list").stdout == ""
    assert isinstance(call("dlq", "show", "none").exception, ConfigError)
