"""Settings of all that talks to Kafka: `TOCSIN_KAFKA_…` in the environment, `[kafka]` in the configuration file."""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from processors.errors import ConfigError

PREFIX = "TOCSIN_KAFKA_"


class KafkaSettings(BaseSettings):
    """The environment wins over the file. TOCSIN_KAFKA_PASSWORD_FILE names a file that holds `password`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    bootstrap_servers: str = Field(
        default="127.0.0.1:9092", description="brokers to start from, host:port, comma-separated"
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="how to speak to them; SASL_SSL beyond one machine"
    )
    sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = "SCRAM-SHA-512"
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = Field(
        default=None, description="certificates that brokers are checked against; default the system's"
    )
    cert_file: Path | None = Field(default=None, description="own certificate, where brokers ask for one")
    key_file: Path | None = Field(default=None, description="key of the own certificate")
    prefix: str = Field(
        default="", pattern=r"^[a-z0-9.-]*$", description="put before every topic and group on a shared cluster"
    )
    deployment: str = Field(
        default="tocsin", pattern=r"^[a-z0-9-]+$", description="names this installation in ce_source"
    )

    partitions: int = Field(
        default=12, ge=1, le=1000, description="of each topic; as many workers of a stage have work"
    )
    replication: int = Field(default=1, ge=1, le=5, description="copies of each partition; 3 on three brokers or more")
    items_days: float = Field(default=14, gt=0, description="how long items.v1 and mentions.v1 are kept")
    alerts_days: float = Field(default=90, gt=0, description="how long alerts.v1 is kept")
    dead_letters_days: float = Field(default=90, gt=0, description="how long dead letters are kept")
    max_record_bytes: int = Field(default=1 << 20, ge=1 << 10, le=8 << 20, description="largest item or mention record")

    metrics_address: str = Field(default="127.0.0.1", description="address of /metrics; a container's own network asks")
    session_seconds: int = Field(
        default=30, ge=6, le=300, description="a worker unheard for so long loses its partitions"
    )
    batch: int = Field(default=32, ge=1, le=512, description="most items that are read in one go")
    read_seconds: float = Field(default=120, gt=0, description="a batch not read by then is read one by one")
    stuck_seconds: float = Field(default=180, gt=0, description="records waiting, no progress for so long: ends itself")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed in comes from the configuration file, so the environment goes before it."""
        return env_settings, init_settings


def load(config: Path | None = None) -> KafkaSettings:
    """Reads environment and file. Raises ConfigError with the setting at fault."""
    table = _table(config)
    if (secret := os.environ.get(f"{PREFIX}PASSWORD_FILE")) and "password" not in table:
        table["password"] = _secret(Path(secret))
    try:
        return KafkaSettings(**table)
    except ValidationError as error:
        faults = "; ".join(f"kafka.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ConfigError(faults) from None


def _table(config: Path | None) -> dict[str, Any]:
    path = config or (Path(named) if (named := os.environ.get("TOCSIN_CONFIG")) else None)
    if path is None:
        return {}
    try:
        return dict(tomllib.loads(path.read_text("utf-8")).get("kafka", {}))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None


def _secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(f"kafka.password: {error}") from None
