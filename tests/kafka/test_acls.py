"""The rights that docs/kafka.md lists for each process, on a broker that allows nothing else: they do, and no more is had."""

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType
from kafka.errors import KafkaError
from pydantic import SecretStr

from streams.kafka_dead_letters import Desk
from streams.kafka_io import Record, Sender, admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.harness import Workers, item, record, wait_for

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]
SECRET = uuid.uuid4().hex
ROW = re.compile(r"^\| (\w+) \| ((?:[a-z ,]+(?:`[^`]+`(?:, )?)+;? ?)+)\|$", re.MULTILINE)
NAMED = re.compile(r"(group|transactional id)? ?`([^`]+)`")


def rights() -> dict[str, list[tuple[ACLOperation, ResourceType, str]]]:
    """The table of docs/kafka.md: by principal, what it may do to what."""
    text = (harness.ROOT / "docs" / "kafka.md").read_text()
    table = text[text.index("| principal |") :].split("```")[0]
    return {who: [right for part in told.split(";") for right in _rights(part)] for who, told in ROW.findall(table)}


def _rights(part: str) -> Iterator[tuple[ACLOperation, ResourceType, str]]:
    verbs = re.split(" group| transactional| topic|`", part.strip())[0].split(", ")
    for kind, name in NAMED.findall(part):
        resource = {"group": ResourceType.GROUP, "transactional id": ResourceType.TRANSACTIONAL_ID}
        for verb in verbs:
            operation = ACLOperation[verb.strip().upper().replace(" ", "_")]
            yield operation, resource.get(kind, ResourceType.TOPIC), name.replace("<deployment>", "tocsin")


@pytest.fixture(scope="module")
def guarded(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """Settings of the administrator of a broker that allows others what the table says. `broker` is there if it can be."""
    server = Broker(tmp_path_factory.mktemp("acls"))
    users = "".join(f' user_{name}="{SECRET}"' for name in ("root", *rights()))
    login = (
        f'org.apache.kafka.common.security.plain.PlainLoginModule required username="root" password="{SECRET}"{users};'
    )
    server.settings = {
        "listeners": f"SASL_PLAINTEXT://127.0.0.1:{server.port},CONTROLLER://127.0.0.1:{server.controller_port}",
        "listener.security.protocol.map": "SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.sasl_plaintext.plain.sasl.jaas.config": login,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:root;User:ANONYMOUS",  # the latter is the broker to its own controller
    }
    server.ready_seconds = 8.0
    server.start()
    root = KafkaSettings(
        bootstrap_servers=server.bootstrap, security_protocol="SASL_PLAINTEXT", sasl_mechanism="PLAIN", username="root",
        password=SecretStr(SECRET), partitions=2, session_seconds=6,
    )  # fmt: skip
    with admin(root) as client:
        client.create_acls(
            [
                ACL(f"User:{who}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))
                for who, allowed in rights().items()
                for operation, kind, name in allowed
            ]
        )
    yield root
    server.stop()


def as_(settings: KafkaSettings, who: str) -> KafkaSettings:
    return settings.model_copy(update={"username": who})


def started(settings: KafkaSettings, stage: str, database: str, folder: Path) -> Workers:
    return Workers(as_(settings, stage), database, folder, TOCSIN_KAFKA_PASSWORD=SECRET).start(stage)


def test_each_process_does_its_work_with_what_it_is_allowed(
    guarded: KafkaSettings, database: str, folder: Path
) -> None:
    desk = as_(guarded, "desk")
    with admin(desk) as client:
        apply(client, wanted(desk), differences(client, wanted(desk)))
        assert differences(client, wanted(desk)) == []
    Sender(as_(guarded, "producer")).send([record(guarded, each) for each in harness.stream(20)])
    Sender(as_(guarded, "producer")).send([record(guarded, item("p", "1", "poison"))])
    with (
        started(guarded, "extract", database, folder),
        started(guarded, "resolve", database, folder),
        started(guarded, "relay", database, folder),
    ):
        consumer = as_(guarded, "consumer")
        assert wait_for(lambda: harness.alerts(consumer) and harness.incidents(consumer)), folder
        letters = Desk(desk, "extract.dlq.v1")
        assert wait_for(lambda: list(letters.letters()))
        letters.replay(list(letters.letters()))
        assert wait_for(lambda: [each.attempts for each in letters.letters()] == [2])
        with admin(desk) as client:
            letters.purge(client, list(letters.letters()))
    assert delivered(as_(guarded, "sinks"), folder)


def delivered(settings: KafkaSettings, folder: Path) -> list[str]:
    """What `tocsin worker --stage sinks` gives."""
    file = folder / "alerts.jsonl"
    given = harness.environment(settings, f"sqlite:///{folder / 'state.db'}")
    given |= {"TOCSIN_SINKS_JSONL": str(file), "TOCSIN_METRICS_PORT": "0", "TOCSIN_KAFKA_PASSWORD": SECRET}
    run = [sys.executable, "-c", "from streams.cli import main; main()", "worker", "--stage", "sinks"]
    with (folder / "sinks.log").open("wb") as log:
        child = subprocess.Popen(run, env=given, stdout=log, stderr=log)
    try:
        return wait_for(lambda: [json.loads(each)["alert_id"] for each in _lines(file)], 60)
    finally:
        child.kill()
        child.wait()


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines() if file.exists() else []


@pytest.mark.parametrize(
    ("who", "topic"), [("consumer", "alerts.v1"), ("producer", "mentions.v1"), ("extract", "items.v1")]
)
def test_nobody_writes_what_is_not_theirs(guarded: KafkaSettings, who: str, topic: str) -> None:
    with admin(guarded) as client:
        apply(client, wanted(guarded), differences(client, wanted(guarded)))
    with pytest.raises(KafkaError, match="Authorization"):
        Sender(as_(guarded, who)).send([Record(topic=topic, key=b"k", value=b"v")], timeout=20)
