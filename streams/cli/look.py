"""`incidents` and `explain`: what the store knows, and why."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from processors.errors import ConfigError
from streams.cli.talk import emit

if TYPE_CHECKING:
    from streams.store import Store

Id = Annotated[str | None, typer.Option("--id", help="Only this incident; the beginning of its id is enough.")]


def register(app: typer.Typer) -> None:
    app.command()(incidents)
    app.command()(explain)


def incidents(
    incident_id: Id = None,
    as_of: Annotated[str | None, typer.Option(help="As known at that time (ISO 8601) of the items' clock.")] = None,
) -> None:
    """The incidents in the store, one a line as JSON."""
    from streams.codec import encode
    from streams.store import history

    store = _store()
    time = _time(as_of) if as_of else None
    found = history.incidents_at(store.engine, time) if time else history.incidents(store.engine)
    shown = 0
    for incident in found:
        if incident_id is None or incident.incident_id.startswith(incident_id):
            emit(sys.stdout.buffer, encode(incident))
            shown += 1
    store.close()
    if incident_id and not shown:
        raise ConfigError(f"no incident of id {incident_id}")


def explain(
    incident_id: Annotated[str, typer.Argument(help="The incident; the beginning of its id is enough.")],
) -> None:
    """Every value of an incident with the words, item and speaker behind it, and what each version changed."""
    from processors.explain import explain as explanation
    from streams.store import history

    store = _store()
    try:
        ids = [i.incident_id for i in history.incidents(store.engine) if i.incident_id.startswith(incident_id)]
        if len(ids) != 1:
            raise ConfigError(f"{len(ids)} incidents have an id that begins with {incident_id}")
        versions = [version.incident for version in history.versions(store.engine, ids[0])]
        with store.looking() as work:
            typer.echo(explanation(ids[0], work, versions))
    finally:
        store.close()


def _store() -> "Store":
    from streams.settings import load
    from streams.store import Store

    return Store(load().database)


def _time(value: str) -> datetime:
    try:
        time = datetime.fromisoformat(value)
    except ValueError as error:
        raise ConfigError(f"--as-of {value}: {error}") from None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
