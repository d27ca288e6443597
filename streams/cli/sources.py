"""`sources`: the source list, looked at, checked, and exchanged with feed readers."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from processors.errors import ConfigError, FetchError
from streams.cli.talk import emit, say

if TYPE_CHECKING:
    from producers.diagnosis import Diagnosis
    from producers.sources import Source
    from producers.status import Status

sources = typer.Typer(no_args_is_help=True, help="The sources: list, check, import, export; fetch one.")
Names = Annotated[list[str] | None, typer.Argument(help="Ids from the list, or addresses; all where none is given.")]


def register(app: typer.Typer) -> None:
    app.add_typer(sources, name="sources")


@sources.command("list")
def list_sources(
    as_json: Annotated[
        bool, typer.Option("--json", help="One source a line as JSON, with its last fifty polls.")
    ] = False,
) -> None:
    """How each source is doing: a table on a terminal, else JSON lines."""
    from producers.status import status_of
    from streams.codec import encode
    from streams.settings import load
    from streams.store import Store
    from streams.wayin import listed, states

    settings, now = load(), datetime.now(UTC)
    known = listed(settings)
    with closing(Store(settings.database)) as store:
        remembered = states(store, known)
    found = [status_of(source, remembered.get(source.id), now) for source in known]
    if not as_json and sys.stdout.isatty():
        _show_table(found, now)
        return
    for each in found:
        emit(sys.stdout.buffer, encode(each))


def _show_table(found: list["Status"], now: datetime) -> None:
    from rich.console import Console

    from streams.cli.source_table import notes, table

    console = Console(highlight=False)
    console.print(table(found, now))
    for line in notes(found):
        console.print(line, markup=False)


@sources.command()
def check(names: Names = None) -> None:
    """Ask sources once, without remembering it, and say what is wrong and what to do. Exit status 1 if one fails."""
    from producers.diagnosis import diagnose_feed, diagnose_source
    from streams.settings import load
    from streams.wayin import listed, open_way_in

    settings, failed, now = load(), 0, datetime.now(UTC)
    addresses = [name for name in names or () if "://" in name]
    known = [] if addresses and len(addresses) == len(names or ()) else listed(settings)
    chosen = _named(known, [name for name in names or () if name not in addresses])
    with open_way_in(settings, chosen) as way_in:
        for url in addresses:
            failed += not _show(url, diagnose_feed(url, way_in.fetcher, way_in.parser, now))
        for source in chosen:
            if source.kind == "feed":
                found = diagnose_feed(source.url, way_in.fetcher, way_in.parser, now)
            else:
                found = diagnose_source(source, way_in.poll, now)
            failed += not _show(source.id, found)
    raise typer.Exit(1 if failed else 0)


def _named(known: list["Source"], names: list[str]) -> list["Source"]:
    if missing := set(names) - {source.id for source in known}:
        raise ConfigError(f"no source of this id: {', '.join(sorted(missing))}")
    return [source for source in known if source.id in names] if names else known


def _show(name: str, found: "Diagnosis") -> bool:
    typer.echo(f"{'ok  ' if found.ok else 'FAIL'}  {name}" + ("" if found.ok else f"  {found.code}"))
    for line in (*found.findings, *(f"→ {one}" for one in found.advice)):
        typer.echo(f"      {line}")
    return found.ok


@sources.command()
def fetch(
    url: Annotated[str, typer.Argument(help="Address of a feed, or an id from the list.")],
) -> None:
    """Print what a source gives now as items, one a line, without remembering it."""
    from producers.sources import Source
    from producers.state import SourceState
    from streams.codec import encode
    from streams.settings import load
    from streams.wayin import listed, open_way_in

    settings = load()
    source = Source(id="fetched", url=url) if "://" in url else _named(listed(settings), [url])[0]
    with open_way_in(settings, [source]) as way_in:
        result = way_in.poll(source, SourceState(source_id=source.id), datetime.now(UTC), 0.5)
        if result.outcome == "discovered":
            result = way_in.poll(source, result.state, datetime.now(UTC), 0.5)
    for note in result.notes:
        say(note)
    for item in result.items:
        emit(sys.stdout.buffer, encode(item))
    for each in result.rejected:
        say(f"entry {each.number}: {each.reason}")
    if result.state.health.error:
        raise FetchError(f"{url}: {result.state.health.error_text}")
    raise typer.Exit(1 if result.rejected else 0)


@sources.command()
def init() -> None:
    """Write a source list to start from, where there is none yet."""
    from producers.starter import starter_pack
    from streams.settings import load

    file = load().sources_file
    if file.exists():
        raise ConfigError(f"source list {file}: there is one already")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter_pack(), "utf-8")
    say(f"Wrote {file}. Look through it, then: tocsin sources check")


@sources.command()
def login() -> None:
    """Log a Telegram account in, for sources of kind telegram_client; asks for phone number, code and password."""
    from streams.settings import load
    from streams.wayin import account

    settings = load()
    api_id, api_hash = account(settings)
    from producers.telethon_session import login as log_in

    def ask(what: str) -> str:
        return str(typer.prompt(what, hide_input=what == "password", err=True))

    say(
        f"Logged in as {log_in(settings.telegram_session, api_id, api_hash, ask)}; kept in {settings.telegram_session}."
    )


@sources.command("import")
def import_opml(file: Annotated[Path, typer.Argument(help="OPML file of a feed reader.")]) -> None:
    """Add an OPML file's feeds to the source list; those that are in it already are left alone."""
    from producers import opml
    from producers import sources as source_list
    from streams.settings import load

    into = load().sources_file
    known = source_list.load(into) if into.is_file() else []
    try:
        found = opml.read(file.read_bytes(), known)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from None
    into.parent.mkdir(parents=True, exist_ok=True)
    before = into.read_text("utf-8") if into.is_file() else ""
    beside = into.with_name(into.name + ".new")
    beside.write_text(before + ("\n" if before else "") + source_list.dump(found), "utf-8")
    beside.replace(into)
    say(f"{len(found)} feeds added to {into}.")


@sources.command("export")
def export_opml(
    into: Annotated[Path | None, typer.Argument(help="File to write; standard output where none is given.")] = None,
) -> None:
    """Write the feeds of the source list as OPML, for any feed reader."""
    from producers import opml
    from streams.settings import load
    from streams.wayin import listed

    data = opml.write(listed(load()))
    if into:
        into.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
