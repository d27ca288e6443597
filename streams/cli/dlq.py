"""`dlq`: what could not be processed. On Kafka these are topics (`letters.py`); the embedded service keeps its own."""

import base64
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processors.errors import ConfigError
from streams.cli import letters
from streams.cli.talk import emit, say

if TYPE_CHECKING:
    from streams.deadletter import DeadLetter
    from streams.store import Store

dlq = typer.Typer(no_args_is_help=True, help="What could not be processed: look, process again, let go.")
Stage = Annotated[str, typer.Option(help="Only of this stage: produce, extract, resolve or annotate.")]
Names = Annotated[list[str] | None, typer.Argument(help="Letters as `list` names them; all where none is given.")]
Done = Annotated[bool, typer.Option("--all", help="Those replayed before, too (Kafka).")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, only say what would go.")]


def register(app: typer.Typer) -> None:
    app.add_typer(dlq, name="dlq")


@dlq.command("list")
def list_letters(stage: Stage = "", done_too: Done = False) -> None:
    """One line a letter, as JSON: where it lies, why it is there, where it came from."""
    if on_kafka():
        letters.list_letters(stage, done_too)
        return
    with ExitStack() as stack:
        for letter in _stored(_store(stack), None, stage):
            emit(sys.stdout.buffer, _line(_summary(letter)))


@dlq.command()
def show(name: Annotated[str, typer.Argument(help="As `list` names it.")]) -> None:
    """One letter whole; bytes that are no UTF-8 in base64."""
    if on_kafka():
        letters.show(name)
        return
    with ExitStack() as stack:
        (letter,) = _stored(_store(stack), [name], "")
        emit(sys.stdout.buffer, _line(_summary(letter) | {"value": _text(letter.value)}))


@dlq.command()
def replay(names: Names = None, stage: Stage = "") -> None:
    """Process letters again; those that go through are removed. Exit status 1 if one did not."""
    if on_kafka():
        letters.replay(names, stage)
        return
    from streams.again import process
    from streams.cli.wiring import policy, recipe
    from streams.settings import load

    settings = load()
    with ExitStack() as stack:
        store = _store(stack)
        chosen = _stored(store, names, stage)
        done = process(store, chosen, recipe(settings), policy(settings)) if chosen else []
        say(f"{len(done)} of {len(chosen)} went through")
        raise typer.Exit(0 if len(done) == len(chosen) else 1)


@dlq.command()
def purge(names: Names = None, stage: Stage = "", yes: Yes = False) -> None:
    """Delete letters for good."""
    if on_kafka():
        letters.purge(names, stage, yes)
        return
    from streams.store import deadletters

    with ExitStack() as stack:
        store = _store(stack)
        chosen = _stored(store, names, stage)
        say(f"{len(chosen)} letters {'deleted' if yes else 'would go; --yes deletes them'}")
        if yes:
            deadletters.purge(store.engine, [letter.letter_id for letter in chosen])


def on_kafka() -> bool:
    """Brokers are configured, in the environment or in the file."""
    from streams.settings import load

    return "TOCSIN_KAFKA_BOOTSTRAP_SERVERS" in os.environ or "bootstrap_servers" in load().kafka


def _store(stack: ExitStack) -> "Store":
    from streams.settings import load
    from streams.store import Store

    store = Store(load().database)
    stack.callback(store.close)
    return store


def _stored(store: "Store", names: list[str] | None, stage: str) -> list["DeadLetter"]:
    from streams.store import deadletters

    if not names:
        return deadletters.find(store.engine, stage or None, most=100_000)
    found = {name: deadletters.get(store.engine, name) for name in names}
    if missing := [name for name, letter in found.items() if letter is None]:
        raise ConfigError(f"no letter {', '.join(missing)}")
    return [letter for letter in found.values() if letter]


def _summary(letter: "DeadLetter") -> dict[str, Any]:
    return {
        "letter": letter.letter_id,
        "code": letter.code,
        "field": letter.field,
        "reason": letter.reason,
        "stage": letter.stage,
        "from": letter.origin,
        "put_at": letter.put_at,
        "attempts": letter.attempts,
        "bytes": len(letter.value or b""),
    }


def _text(value: bytes | None) -> Any:
    try:
        return value.decode() if value is not None else None
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value or b"").decode()}


def _line(value: dict[str, Any]) -> bytes:
    from streams.codec import encode

    return encode(value)
