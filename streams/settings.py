"""The settings: option, then environment, then TOML file, then default.

A field's variable is `TOCSIN_` and its path in capitals: `fetch.allow_private` is TOCSIN_FETCH_ALLOW_PRIVATE. A secret
may be given as a file, named by the variable with `_FILE` behind it. Kafka's settings are in `kafka_settings.py`, those of
the alerts in `alert_settings.py`.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from processors.errors import ConfigError
from streams.alert_settings import AlertsGroup

PREFIX = "TOCSIN_"
CONFIG = "TOCSIN_CONFIG"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FetchGroup(_Group):
    allow_private: bool = Field(default=False, description="fetch from private and local addresses too")
    contact: str = Field(
        default="https://github.com/tocsin-project/tocsin", description="where a publisher can read who asks"
    )
    proxy: SecretStr | None = Field(default=None, description="address of an HTTP proxy; proxy variables are ignored")
    workers: int = Field(default=8, ge=1, le=64, description="sources polled at the same time")
    at_once_per_host: int = Field(default=2, ge=1, le=16, description="requests to one host at the same time")
    spacing_per_host: float = Field(default=0.5, ge=0, description="seconds between two requests to one host")


class TelegramGroup(_Group):
    api_id: int | None = Field(default=None, description="application id of my.telegram.org, to read by an account")
    api_hash: SecretStr | None = Field(default=None, description="its hash")
    session: Path | None = Field(default=None, description="session file; default telegram.session in the data folder")
    bot_token: SecretStr | None = Field(default=None, description="token of a bot, for sources of kind telegram_bot")
    bot_site: str | None = Field(default=None, description="address of the bot API, where it is not Telegram's own")
    preview_site: str | None = Field(default=None, description="address of channel previews, where it is not t.me")


class WebGroup(_Group):
    port: int = Field(default=8420, ge=0, le=65535, description="port of the live page and the read API; 0 is off")
    address: str = Field(default="127.0.0.1", description="where it listens; 0.0.0.0 in a container")
    hosts: tuple[str, ...] = Field(
        default=(), description="names by which it may be called beside localhost, with commas between; * is any"
    )

    @field_validator("hosts", mode="before")
    @classmethod
    def _apart(cls, given: Any) -> Any:
        return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given


class MetricsGroup(_Group):
    port: int = Field(default=9464, ge=0, le=65535, description="port of /metrics on 127.0.0.1; 0 is off")


class LogGroup(_Group):
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least level that is logged"
    )
    format: Literal["auto", "console", "json"] = Field(
        default="auto", description="auto: console on a terminal, else JSON lines"
    )


class SinksGroup(_Group):
    terminal: bool = Field(default=True, description="show alerts of `run` in the terminal")
    jsonl: Path | None = Field(default=None, description="append alerts of `run` to this file, one JSON object a line")


class StateGroup(_Group):
    horizon: timedelta = Field(
        default=timedelta(days=30), description="what nothing told of for so long leaves the working set"
    )
    chunk: int = Field(default=64, ge=1, le=1024, description="most items that change the state in one transaction")
    queue: int = Field(default=256, ge=1, le=65536, description="most polls that wait to be taken in")


class RetentionGroup(_Group):
    alerts: timedelta = Field(
        default=timedelta(days=90),
        description="how long the store keeps alerts that all sinks took; at least the horizon",
    )
    incidents: timedelta = Field(
        default=timedelta(days=1826),
        description="how long the store keeps an incident, with all its versions, after its last; at least the horizon",
    )
    dead_letters: timedelta = Field(default=timedelta(days=90), description="how long the store keeps dead letters")


class Settings(BaseSettings):
    """Everything but Kafka. `load` reads it."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(default_factory=lambda: user_data_dir(), description="state of the embedded service")
    database_url: SecretStr | None = Field(
        default=None, description="SQLAlchemy URL; default SQLite in the data folder"
    )
    gazetteer: Path | None = Field(default=None, description="place index; default one built in the data folder")
    sources: Path | None = Field(default=None, description="source list; default sources.toml in the data folder")
    rules: Path | None = Field(default=None, description="watch rules; without them `run` gives its sinks every alert")
    jobs: int = Field(default=0, ge=0, le=256, description="processes that read text; 0: as many as there are cores")
    profile: Literal["default", "light"] = Field(
        default="default", description="default judges texts by their meaning too, where the encoder is installed"
    )
    fetch: FetchGroup = FetchGroup()
    telegram: TelegramGroup = TelegramGroup()
    web: WebGroup = WebGroup()
    metrics: MetricsGroup = MetricsGroup()
    log: LogGroup = LogGroup()
    sinks: SinksGroup = SinksGroup()
    state: StateGroup = StateGroup()
    alerts: AlertsGroup = AlertsGroup()
    retention: RetentionGroup = RetentionGroup()
    kafka: dict[str, Any] = Field(default={}, description="see the settings of Kafka", exclude=True)

    @property
    def database(self) -> str:
        """The database's URL, with its password."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.expanduser() / 'tocsin.db'}"

    @property
    def gazetteer_file(self) -> Path:
        return (self.gazetteer or self.data_dir / "places.idx").expanduser()

    @property
    def sources_file(self) -> Path:
        return (self.sources or self.data_dir / "sources.toml").expanduser()

    @property
    def telegram_session(self) -> Path:
        return (self.telegram.session or self.data_dir / "telegram.session").expanduser()

    @property
    def processes(self) -> int:
        """How many processes read text."""
        return self.jobs or (len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = os.environ.get(CONFIG)
        return (
            init_settings,
            _Environment(settings_cls),
            TomlConfigSettingsSource(settings_cls, Path(file) if file else None),
        )


class _Environment(PydanticBaseSettingsSource):
    """`TOCSIN_…` variables by the fields' paths, secrets also from files."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for path, field in leaves(self.settings_cls):
            if (given := _given(path, field, os.environ)) is not None:
                *groups, name = path
                table = values
                for group in groups:
                    table = table.setdefault(group, {})
                table[name] = given
        return values


def _given(path: tuple[str, ...], field: FieldInfo, environment: Mapping[str, str]) -> str | None:
    name = variable(path)
    if name in environment:
        return environment[name]
    if is_secret(field) and (file := environment.get(f"{name}_FILE")):
        try:
            return Path(file).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE: {error}") from None
    return None


def leaves(group: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Every single setting with its path, in the order of definition."""
    for name, field in group.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from leaves(field.annotation, (*path, name))
        elif not field.exclude:
            yield (*path, name), field


def variable(path: tuple[str, ...]) -> str:
    """The environment variable of a setting."""
    return PREFIX + "_".join(path).upper()


def is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)


def load(**options: Any) -> Settings:
    """The settings in effect; `options` are the command line's by field, None where not given. Raises ConfigError."""
    given = {name: value for name, value in options.items() if value is not None}
    file = os.environ.get(CONFIG)
    if file and not Path(file).is_file():
        raise ConfigError(f"configuration file {file}: there is none")
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_input=False))
        raise ConfigError("; ".join(faults)) from None
    except (ValueError, OSError) as error:  # tomllib's error is a ValueError
        raise ConfigError(f"configuration file {file}: {error}") from None


def user_data_dir() -> Path:
    """The user's folder for data of programs, by the system's convention."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "tocsin"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "tocsin"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "tocsin"
