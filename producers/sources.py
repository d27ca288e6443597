"""The source list, `sources.toml`: reading it with clear errors, and writing it."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from processors.errors import ConfigError
from processors.model import SourceTraits

SourceKind = Literal["feed", "telegram_preview", "telegram_client", "telegram_bot", "telegram_export", "jsonl"]
KINDS: tuple[str, ...] = get_args(SourceKind)
NAMED_BY_CHANNEL = frozenset({"telegram_preview", "telegram_client", "telegram_bot"})
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DEFAULT_INTERVAL = timedelta(minutes=15)
SHORTEST = timedelta(seconds=30)
LONGEST = timedelta(days=1)
SOURCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One source as the operator set it down. `url` is an address, a Telegram channel's name or a path, by `kind`."""

    id: str
    url: str
    kind: SourceKind = "feed"
    title: str | None = None
    lang: str | None = None  # ISO 639-1, where the source does not declare it
    country: str | None = None  # ISO 3166-1 alpha-2: where its unqualified place names lie
    region: str | None = None
    reliability: str = "F"  # Admiralty letter
    publisher: str | None = None  # outlets of one publisher count once
    interval: timedelta = DEFAULT_INTERVAL
    article: bool = False  # read the whole article behind an entry
    interested: str | None = None  # the party it speaks for
    enabled: bool = True
    backfill: int = 100  # posts read back on the first start, for Telegram
    channel: str | None = None  # a Telegram channel's public name, which an export does not tell
    private: bool = False  # read chats of an export that are not public channels, too
    folder: str | None = None  # group in OPML


def traits(source: Source) -> SourceTraits:
    """What the core uses of a source."""
    return SourceTraits(
        source_id=source.id,
        publisher=source.publisher,
        reliability=source.reliability,
        country=source.country,
        interested=source.interested,
    )


def load(path: Path) -> list[Source]:
    """The sources of a TOML file; raises `ConfigError` naming the line and field."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return parse(text, str(path))


def parse(text: str, name: str = "sources.toml") -> list[Source]:
    """As `load`, from text."""
    import tomllib

    try:
        tables = tomllib.loads(text).get("source", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{name}: sources are written as [[source]] tables")
    lines = _Lines(text, name)
    sources = [_source(table, lines, index) for index, table in enumerate(tables)]
    _reject_repeated_ids(sources, lines)
    return sources


class _Lines:
    """Where in the file the n-th source and its fields stand, for error messages."""

    def __init__(self, text: str, name: str) -> None:
        self.name, self.lines = name, text.splitlines()
        self.starts = [i for i, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]

    def error(self, index: int, field: str | None, reason: str) -> ConfigError:
        where = self.name
        if index < len(self.starts):
            start = self.starts[index]
            end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.lines)
            field_at = (
                i for i in range(start, end) if field and re.match(rf"\s*{re.escape(field)}\s*=", self.lines[i])
            )
            where = f"{self.name}:{next(field_at, start) + 1}"
        return ConfigError(f"{where}: {field}: {reason}" if field else f"{where}: {reason}")


def _source(table: dict[str, Any], lines: _Lines, index: int) -> Source:
    for field in table:
        if field not in Source.__struct_fields__:
            raise lines.error(index, field, f"unknown field; known are {', '.join(Source.__struct_fields__)}")
    for field in ("id", "url"):
        if not isinstance(table.get(field), str):
            raise lines.error(index, field if field in table else None, f"{field} must be given, as a string")
    values = dict(table)
    try:
        if "interval" in table:
            values["interval"] = duration(table["interval"])
        if str(table.get("kind")) in NAMED_BY_CHANNEL and table["url"] != "*":
            values["url"] = channel_name(table["url"])
        source = msgspec.convert(values, Source)
        check(source)
    except FieldError as error:
        raise lines.error(index, error.field, error.reason) from error
    except (msgspec.ValidationError, AttributeError) as error:
        found = re.search(r"`\$\.(\w+)", str(error))
        raise lines.error(index, found[1] if found else None, str(error).split(" - at")[0]) from error
    return source


class FieldError(ValueError):
    """A value of a source that it may not have."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


def duration(value: object) -> timedelta:
    """`900`, `"900s"`, `"15m"`, `"2h"`, `"1d"` as a time span."""
    match = re.fullmatch(r"(\d{1,6})\s*([smhd]?)", str(value).strip())
    if not match or isinstance(value, bool):
        raise FieldError("interval", f"{value!r} is no time span; write 900, '15m' or '2h'")
    return timedelta(seconds=int(match[1]) * UNITS[match[2] or "s"])


def channel_name(value: str) -> str:
    """The name in `name`, `@name`, `https://t.me/name` or `https://t.me/s/name`."""
    name = (
        re.sub(r"^(?:https?://)?(?:t|telegram)\.me/(?:s/)?", "", value.strip()).lstrip("@").split("/")[0].split("?")[0]
    )
    if not CHANNEL.fullmatch(name):
        raise FieldError("url", f"{value!r} is no public channel's name")
    return name


def check(source: Source) -> None:
    """Raises where a value is outside what it may be."""
    if not SOURCE_ID.fullmatch(source.id):
        raise FieldError("id", f"{source.id!r}: letters, digits, '.', '_' and '-' only, 100 at most")
    if source.kind == "feed" and not re.match("https?://[^/]", source.url):
        raise FieldError("url", f"{source.url!r} is no http or https address")
    if source.reliability not in ("A", "B", "C", "D", "E", "F"):
        raise FieldError("reliability", f"{source.reliability!r} is no Admiralty letter (A to F)")
    if source.country is not None and not re.fullmatch("[A-Z]{2}", source.country):
        raise FieldError("country", f"{source.country!r} is no ISO 3166-1 code of two capitals")
    if source.lang is not None and not re.fullmatch("[a-z]{2}", source.lang):
        raise FieldError("lang", f"{source.lang!r} is no ISO 639-1 code of two small letters")
    if not SHORTEST <= source.interval <= LONGEST:
        raise FieldError("interval", "at least 30 seconds, at most one day")


def _reject_repeated_ids(sources: Iterable[Source], lines: _Lines) -> None:
    known: set[str] = set()
    for index, source in enumerate(sources):
        if source.id in known:
            raise lines.error(index, "id", f"{source.id!r} is there twice")
        known.add(source.id)


def dump(sources: Iterable[Source]) -> str:
    """The sources as TOML; `parse` reads it back to equal sources."""
    return "\n".join(_table(source) for source in sources)


def _table(source: Source) -> str:
    default = Source(id="", url="")
    given = {field: getattr(source, field) for field in Source.__struct_fields__}
    lines = [f"{field} = {_toml(value)}" for field, value in given.items() if value != getattr(default, field)]
    return "\n".join(["[[source]]", *lines]) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, timedelta):
        return f'"{int(value.total_seconds())}s"'
    # a JSON string is a TOML basic string, but for the delete character
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007F")
