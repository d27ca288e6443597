"""Commands, settings, metrics and schemas in the docs are those of the code; schemas take what the code writes."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from processors.model import Item
from streams.codec import encode
from tools import generate_docs


@pytest.mark.parametrize("path", generate_docs.generated(), ids=lambda path: path.name)
def test_the_file_is_as_generated(path: "generate_docs.Path") -> None:
    hint = "run: python tools/generate_docs.py"
    assert path.is_file(), hint
    assert path.read_text("utf-8") == generate_docs.generated()[path], hint


def test_schemas_are_schemas_and_take_what_is_written() -> None:
    for name in generate_docs.STRUCTS:
        jsonschema.Draft202012Validator.check_schema(json.loads(generate_docs.schema(name)))
    item = Item(source_id="s", external_id="1", kind="new", published_at=datetime(2026, 3, 1, tzinfo=UTC), body="")
    jsonschema.validate(json.loads(encode(item)), json.loads(generate_docs.schema("item")))


def test_the_contracts_commands_are_there() -> None:
    text = generate_docs.commands()
    for name in ("demo", "run", "replay", "annotate", "worker", "produce", "tail", "incidents", "explain", "doctor"):
        assert f"## `tocsin {name}`" in text
    for name in ("sources list", "sources check", "sources fetch", "gazetteer build", "topics plan", "dlq list"):
        assert f"## `tocsin {name}`" in text
