"""Watch rules: what they let through, what is owed to whoever was told, mistakes named, and the stored history tried."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from processors.errors import ConfigError
from processors.model import Alert, AlertKind, EventType, Incident, Place, Severity
from processors.resolve.state import Changes
from streams.cli.commands import app
from streams.rules import Rule, Watch, Watched, parse
from streams.store import Store, history

T0 = datetime(2026, 3, 1, 8, tzinfo=UTC)


def alert(
    incident_id: str = "one",
    version: int = 1,
    kind: AlertKind = "new",
    event_type: EventType = EventType.BOMBING,
    country: str | None = "SD",
    severity: Severity = "moderate",
    grade: str = "B2",
) -> Alert:
    target = Place(role="target", text="Kassala", start=0, end=7, precision="locality", country=country)
    origin = Place(role="origin", text="Asmara", start=9, end=15, precision="locality", country="ER")
    incident = Incident(
        incident_id=incident_id,
        version=version,
        status="open",
        event_type=event_type,
        title="t",
        places=(target, origin),
        grade=grade,
        severity=severity,
        first_reported_at=T0,
        updated_at=T0,
    )
    return Alert(
        alert_id=f"{incident_id}-{version}",
        incident_id=incident_id,
        version=version,
        kind=kind,
        reason=(),
        severity=severity,
        sent_at=T0,
        headline="h",
        incident=incident,
    )


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (Rule(name="r"), True),
        (Rule(name="r", types=frozenset({EventType.BOMBING, EventType.AIRSTRIKE})), True),
        (Rule(name="r", types=frozenset({EventType.AIRSTRIKE})), False),
        (Rule(name="r", countries=frozenset({"SD"})), True),
        (Rule(name="r", countries=frozenset({"ER"})), False),
        (Rule(name="r", severity="moderate"), True),
        (Rule(name="r", severity="severe"), False),
        (Rule(name="r", grade="C3"), True),
        (Rule(name="r", grade="B2"), True),
        (Rule(name="r", grade="A6"), False),
        (Rule(name="r", grade="F1"), False),
        (Rule(name="r", kinds=frozenset({"update"})), False),
    ],
)
def test_what_a_rule_lets_through(rule: Rule, matches: bool) -> None:
    assert rule.matches(alert()) is matches


def test_an_unknown_country_is_in_none() -> None:
    assert not Rule(name="r", countries=frozenset({"SD"})).matches(alert(country=None))


def test_who_was_told_is_told_when_it_no_longer_holds() -> None:
    watch = Watch([Rule(name="grave", severity="severe"), Rule(name="all")])
    assert watch.wanted_by(alert(severity="severe")) == ["grave", "all"]
    assert watch.wanted_by(alert(version=2, kind="update", severity="minor")) == ["all"]
    assert watch.wanted_by(alert(version=3, kind="retraction", severity="minor")) == ["grave", "all"]
    assert watch.wanted_by(alert("other", kind="retraction", severity="minor")) == ["all"]


class Kept:
    name = "kept"

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def send(self, alert: Alert) -> None:
        self.alerts.append(alert)

    def close(self) -> None:
        self.alerts.append(alert("closed"))


def test_a_sink_gets_what_is_wanted_also_after_a_restart() -> None:
    sink, rules = Kept(), [Rule(name="grave", severity="severe")]
    watched = Watched(sink, rules, before=[alert(severity="severe")])
    assert watched.name == "kept"
    watched.send(alert("other"))
    watched.send(alert(version=2, kind="correction", severity="minor"))
    watched.close()
    assert [each.alert_id for each in sink.alerts] == ["one-2", "closed-1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rule]]", "rule 1: .*name"),
        ('[[rule]]\nname = "a"\n[[rule]]\nname = "b"\ntypes = ["earthquake"]', "rule 2: .*earthquake.*types"),
        ('[[rule]]\nname = "a"\nseverity = "huge"', "severity"),
        ('[[rule]]\nname = "a"\ngrade = "G1"', "grade: 'G1'"),
        ('[[rule]]\nname = "a"\ncountries = ["Sudan"]', "countries: Sudan"),
        ('[[rule]]\nname = "a"\ncountry = "SD"', "country"),
        ('[[rule]]\nname = "a"\n[[rule]]\nname = "a"', "same name"),
        ('[rule]\nname = "a"', r"\[\[rule\]\]"),
        ('[[rules]]\nname = "a"', r"\[\[rule\]\]"),
        ("[[rule", "rules.toml: "),
    ],
)
def test_a_mistake_is_named(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        parse(text)


def test_rules_are_tried_on_the_stored_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TOCSIN_CONFIG", raising=False)
    monkeypatch.setenv("TOCSIN_RULES", str(tmp_path / "rules.toml"))
    (tmp_path / "rules.toml").write_text(
        '[[rule]]\nname = "grave"\nseverity = "severe"\n[[rule]]\nname = "north"\ncountries = ["EG"]\n'
    )
    store = Store(f"sqlite:///{tmp_path}/tocsin.db")
    sent = (alert(severity="severe"), alert("two"), alert("one", 2, "retraction", severity="minor"))
    with store.writing() as work:
        work.apply(Changes(verdict="new", alerts=sent))
    assert [each.alert_id for each in history.alerts(store.engine)] == ["one-1", "two-1", "one-2"]
    assert [each.alert_id for each in history.alerts(store.engine, up_to=1)] == ["one-1"]
    store.close()
    result = CliRunner().invoke(app, ["rules", "test"])
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["rule"], line["alert_id"]) for line in lines] == [("grave", "one-1"), ("grave", "one-2")]
    assert "grave: 2 of 3 alerts" in result.stderr
    assert "north: 0 of 3 alerts" in result.stderr


def test_without_rules_the_command_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TOCSIN_RULES", raising=False)
    assert "TOCSIN_RULES" in str(CliRunner().invoke(app, ["rules", "test"]).exception)
    missing = CliRunner().invoke(app, ["rules", "test", str(tmp_path / "none.toml")])
    assert isinstance(missing.exception, ConfigError)
