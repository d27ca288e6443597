"""The published description of the topics: as generated, valid by AsyncAPI's own schema, and true of real records."""

import json
import shutil
import subprocess
import sys
import tarfile
from typing import Any

import jsonschema
import pytest
import yaml
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from streams import codec, topology
from streams.kafka_envelope import incident_headers, item_headers, mentions_headers
from tests.kafka import harness
from tests.kafka.broker import CACHE
from tests.kafka.worker import PlainReader

PACKAGE = "@asyncapi/specs@6.11.1"


def document() -> Any:
    return yaml.safe_load((harness.ROOT / "deploy" / "asyncapi.yaml").read_text())


def asyncapi_schema() -> Any:
    """AsyncAPI's schema, out of its npm package, which is fetched once."""
    kept = CACHE / f"asyncapi-{PACKAGE.rpartition('@')[2]}.json"
    if not kept.exists():
        if not shutil.which("npm"):
            pytest.skip("not on this machine: npm, to fetch AsyncAPI's schema")
        CACHE.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=CACHE, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"AsyncAPI's schema cannot be fetched: {done.stderr[-200:]}")
        with tarfile.open(CACHE / done.stdout.strip()) as package:
            member = package.extractfile("package/schemas/3.1.0-without-$id.json")
            assert member
            kept.write_bytes(member.read())
    return json.loads(kept.read_text())


def test_it_is_as_generated() -> None:
    check = [sys.executable, "tools/generate_asyncapi.py", "--check"]
    assert subprocess.run(check, cwd=harness.ROOT).returncode == 0


def test_it_is_valid_by_asyncapis_own_schema() -> None:
    jsonschema.Draft7Validator(asyncapi_schema()).validate(document())


@pytest.mark.parametrize("broken", ["asyncapi", "info", "channels"])
def test_that_schema_would_find_a_fault(broken: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(asyncapi_schema()).validate(document() | {broken: 7})


def test_every_topic_is_described() -> None:
    addresses = {channel["address"] for channel in document()["channels"].values()}
    assert addresses == {t.name for t in topology.TOPICS} | {stage.dlq for stage in topology.STAGES}


def test_records_are_what_it_says_and_what_the_cloudevents_library_reads() -> None:
    item = harness.item("quelle-ü", "1", harness.telling(3))
    (told,) = PlainReader().read([item])
    incident = next(iter(harness.embedded(harness.stream(20)).values()))
    made = (
        ("Item", item, item_headers(item, "here")),
        ("ItemMentions", told, mentions_headers(told, "here")),
        ("Incident", incident, incident_headers(incident, "here")),
    )
    described = document()["components"]
    for name, value, headers in made:
        given = {key: each.decode() for key, each in headers}
        jsonschema.validate(given, described["messages"][name]["headers"])
        schema = {"$ref": f"#/components/schemas/{name}", "components": described}
        jsonschema.Draft202012Validator(schema).validate(json.loads(codec.encode(value)))
        event = from_binary(KafkaMessage(headers=dict(headers), key=None, value=codec.encode(value)), JSONFormat())
        assert (event.get_id(), event.get_type()) == (given["ce_id"], given["ce_type"])
        assert event.get_subject() == given["ce_subject"]
