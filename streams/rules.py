"""Watch rules: which alerts somebody wants to be told of. Rules are data, `rules.toml`; they decide, they do not send."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from processors.errors import ConfigError
from processors.model import Alert, AlertKind, EventType, Severity
from streams.sinks import Sink

SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # least first


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alert matches if it meets everything that is set; what is left out lets all through.

    `countries` are ISO 3166-1 codes of where it happened, `severity` is the least, `grade` (Admiralty, such as C3) the
    least in letter and digit alike: B2 meets C3, A4 does not.
    """

    name: str
    types: frozenset[EventType] = frozenset()
    countries: frozenset[str] = frozenset()
    severity: Severity = "minor"
    grade: str = "F6"
    kinds: frozenset[AlertKind] = frozenset()

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-F][1-6]", self.grade):
            raise ValueError(f"grade: {self.grade!r} is none from A1 to F6")
        if bad := sorted(code for code in self.countries if not re.fullmatch("[A-Z]{2}", code)):
            raise ValueError(f"countries: {', '.join(bad)}: no ISO 3166-1 code of two capitals")

    def matches(self, alert: Alert) -> bool:
        """Whether this alert by itself is one that the rule asks for."""
        incident = alert.incident
        struck = {place.country for place in incident.places if place.role == "target"}
        return (
            (not self.kinds or alert.kind in self.kinds)
            and (not self.types or incident.event_type in self.types)
            and (not self.countries or bool(self.countries & struck))
            and SEVERITIES.index(alert.severity) >= SEVERITIES.index(self.severity)
            and incident.grade[:1] <= self.grade[0]
            and incident.grade[1:] <= self.grade[1]
        )


class Watch:
    """Rules over a stream of alerts, in order. Who was told of an incident is told when it is corrected, merged or
    retracted, whatever the rule filters: nobody is left with what no longer holds.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._told: dict[str, set[str]] = {rule.name: set() for rule in rules}  # incidents, by rule

    def wanted_by(self, alert: Alert) -> list[str]:
        """Names of the rules that want this alert, in the file's order; remembers it as told."""
        return [rule.name for rule in self._rules if self._wants(rule, alert)]

    def _wants(self, rule: Rule, alert: Alert) -> bool:
        told = self._told[rule.name]
        owed = alert.kind in ("correction", "merge", "retraction") and alert.incident_id in told
        if not (owed or rule.matches(alert)):
            return False
        told.add(alert.incident_id)
        return True


class Watched:
    """Implements `Sink`: gives another sink what at least one rule wants. `before` are the alerts it was given so far."""

    def __init__(self, sink: Sink, rules: Sequence[Rule], before: Iterable[Alert] = ()) -> None:
        self.name, self._sink, self._watch = sink.name, sink, Watch(rules)
        for alert in before:
            self.was_given(alert)

    def was_given(self, alert: Alert) -> None:
        """This one went before: it counts for what is owed, and is not sent again."""
        self._watch.wanted_by(alert)

    def send(self, alert: Alert) -> None:
        if self._watch.wanted_by(alert):
            self._sink.send(alert)

    def close(self) -> None:
        self._sink.close()


def load(path: Path) -> list[Rule]:
    """The rules of a TOML file. Raises ConfigError that names rule and field."""
    try:
        return parse(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def parse(text: str, name: str = "rules.toml") -> list[Rule]:
    """As `load`, from text."""
    import tomllib

    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error
    tables = whole.get("rule", [])
    if set(whole) - {"rule"} or not isinstance(tables, list):
        raise ConfigError(f"{name}: rules are written as [[rule]] tables")
    rules = [_rule(table, name, number) for number, table in enumerate(tables, 1)]
    if len({rule.name for rule in rules}) < len(rules):
        raise ConfigError(f"{name}: two rules have the same name")
    return rules


def _rule(table: Any, name: str, number: int) -> Rule:
    try:
        return msgspec.convert(table, Rule)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}: rule {number}: {error}") from None
