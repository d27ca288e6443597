"""`rules`: watch rules tried on what happened, before anybody is woken by them."""

import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processors.errors import ConfigError
from streams.cli.talk import emit, say

if TYPE_CHECKING:
    from processors.model import Alert

rules = typer.Typer(no_args_is_help=True, help="Watch rules: which alerts go out.")


def register(app: typer.Typer) -> None:
    app.add_typer(rules, name="rules")


@rules.callback()
def common() -> None:
    """Watch rules: which alerts go out."""


@rules.command()
def test(
    file: Annotated[
        Path | None, typer.Argument(help="TOML file with rules; the one that is set where none is given.")
    ] = None,
) -> None:
    """What the rules would have sent over the stored history: one line an alert and rule as JSON, then the counts."""
    from streams.codec import encode
    from streams.rules import Watch, load
    from streams.settings import load as load_settings
    from streams.store import Store, history

    settings = load_settings()
    if (path := file or settings.rules) is None:
        raise ConfigError("no rules: name a file, or set TOCSIN_RULES")
    known, counts, seen = load(path.expanduser()), Counter[str](), 0
    watch = Watch(known)
    with closing(Store(settings.database)) as store:
        for alert in history.alerts(store.engine):
            seen += 1
            for name in watch.wanted_by(alert):
                counts[name] += 1
                emit(sys.stdout.buffer, encode(_line(name, alert)))
    for rule in known:
        say(f"{rule.name}: {counts[rule.name]} of {seen} alerts")


def _line(rule: str, alert: "Alert") -> dict[str, Any]:
    return {
        "rule": rule,
        "alert_id": alert.alert_id,
        "sent_at": alert.sent_at,
        "kind": alert.kind,
        "severity": alert.severity,
        "grade": alert.incident.grade,
        "event_type": alert.incident.event_type,
        "incident_id": alert.incident_id,
        "headline": alert.headline,
    }
