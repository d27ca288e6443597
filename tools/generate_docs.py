"""Writes what follows from the code: docs/reference/*.md, deploy/schemas/*.json and deploy/openapi.yaml. Tests hold the
files to it.

python tools/generate_docs.py
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import typer
from prometheus_client import Counter, Gauge, Histogram
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from processors.model import Alert, Incident, Item, ItemMentions, Mention
from streams import kafka_metrics, kafka_settings, observe
from streams.cli.commands import app
from streams.codec import SCHEMA
from streams.settings import Settings, is_secret, leaves, variable

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Made by tools/generate_docs.py from the code: do not edit. -->\n"
STRUCTS: dict[str, type] = {
    "item": Item,
    "mention": Mention,
    "item-mentions": ItemMentions,
    "incident": Incident,
    "alert": Alert,
}


def generated() -> dict[Path, str]:
    """Every generated file with its text."""
    made = {
        ROOT / "docs/reference/commands.md": commands(),
        ROOT / "docs/reference/settings.md": settings(),
        ROOT / "docs/reference/metrics.md": metrics(),
    }
    return made | {ROOT / f"deploy/schemas/{name}.v1.json": schema(name) for name in STRUCTS}


def commands() -> str:
    """Each command with its arguments and options, as `--help` says them."""
    root = typer.main.get_command(app)
    parts = [NOTE, "# Commands", *_help(root)]
    return (
        "\n\n".join([*parts, *(part for name, command in _walk("tocsin", root) for part in _command(name, command))])
        + "\n"
    )


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    for each in getattr(command, "commands", {}).values():
        full = f"{name} {each.name}"
        if hasattr(each, "commands"):
            yield from _walk(full, each)
        else:
            yield full, each


def _help(command: Any) -> list[str]:
    text = (command.help or "").split("\f")[0]
    return [" ".join(block.split()) for block in text.split("\n\n") if block.strip()]


def _command(name: str, command: Any) -> Iterator[str]:
    own = [parameter for parameter in command.params if parameter.name != "help"]
    arguments = [parameter for parameter in own if parameter.param_type_name == "argument"]
    usage = " ".join(
        [name, *(_argument(each) for each in arguments), *(["[OPTIONS]"] if len(own) > len(arguments) else [])]
    )
    yield f"## `{name}`"
    yield f"```\n{usage}\n```"
    yield from _help(command)
    if own:
        rows = [f"| `{_spelled(each)}` | {each.help or ''} | {_default(each)} |" for each in own]
        yield "\n".join(["| | | default |", "| --- | --- | --- |", *rows])


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name or "").upper()
    return name if parameter.required else f"[{name}]"


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _argument(parameter)
    flag = ", ".join(parameter.opts)
    return flag if getattr(parameter, "is_flag", False) else f"{flag} {(parameter.metavar or parameter.name).upper()}"


def _default(parameter: Any) -> str:
    value = parameter.default
    return "" if value in (None, False, "", ()) or callable(value) else f"`{value}`"


def settings() -> str:
    """Every setting: its name in the file, its variable, what it does, its default."""
    intro = (
        "An option goes before the environment, that before the TOML file (`--config`, `TOCSIN_CONFIG`), that before "
        "the default. A setting `group.name` stands in the table `[group]` of the file. Each secret may be given as a "
        "file: the variable with `_FILE` behind it names it. `tocsin doctor` shows what is in effect."
    )
    own = [_setting(path, field, variable(path)) for path, field in leaves(Settings)]
    prefix = kafka_settings.PREFIX
    kafka = [
        _setting(("kafka", name), field, prefix + name.upper())
        for name, field in kafka_settings.KafkaSettings.model_fields.items()
    ]
    head = "| setting | variable | | default |\n| --- | --- | --- | --- |"
    return (
        "\n\n".join([NOTE, "# Settings", intro, "\n".join([head, *own]), "## Kafka", "\n".join([head, *kafka])]) + "\n"
    )


def _setting(path: tuple[str, ...], field: FieldInfo, name: str) -> str:
    secret = " (secret)" if is_secret(field) else ""
    return f"| `{'.'.join(path)}` | `{name}` | {field.description or ''}{secret} | {_setting_default(field)} |"


def _setting_default(field: FieldInfo) -> str:
    if field.default in (None, PydanticUndefined, "", ()) or isinstance(field.default, BaseModel):
        return ""
    return f"`{field.default}`"


def metrics() -> str:
    """Every metric with its labels."""
    intro = "Served as `/metrics` on 127.0.0.1, port `TOCSIN_METRICS_PORT`, by `run`, `demo` and the workers on Kafka."
    head = "| metric | type | labels | |\n| --- | --- | --- | --- |"
    tables = ["\n".join([head, *_metrics(module)]) for module in (observe, kafka_metrics)]
    return "\n\n".join([NOTE, "# Metrics", intro, tables[0], "## On Kafka", tables[1]]) + "\n"


def _metrics(module: Any) -> Iterator[str]:
    for metric in vars(module).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            kind = type(metric).__name__.lower()
            name = metric._name + ("_total" if isinstance(metric, Counter) else "")
            labels = ", ".join(f"`{label}`" for label in metric._labelnames)
            yield f"| `{name}` | {kind} | {labels} | {metric._documentation} |"


def schema(name: str) -> str:
    """The JSON Schema of a struct, with the contract's stable id."""
    made = msgspec.json.schema(STRUCTS[name])
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA.format(name=name), **made}
    text = msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
    return re.sub(r"[ \t]+$", "", text, flags=re.M) + "\n"


def main() -> None:
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(path.relative_to(ROOT))
    subprocess.run([sys.executable, ROOT / "tools/generate_openapi.py"], check=True)
    print("deploy/openapi.yaml")


if __name__ == "__main__":
    main()
