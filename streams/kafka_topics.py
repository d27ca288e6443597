"""The topics as they should be, what differs on the brokers, and setting it right. Nothing else creates topics."""

import time
from collections.abc import Iterable
from typing import Literal

import msgspec
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from streams.kafka_io import LARGEST, broker_errors
from streams.kafka_settings import KafkaSettings
from streams.topology import ALERTS, ITEMS, MENTIONS, STAGES, TOPICS

DAY = 86_400_000  # milliseconds
DLQ_PARTITIONS = 1  # few records, read in order by people


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A topic as the settings want it."""

    name: str
    partitions: int
    replication: int
    configs: dict[str, str]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What is not as wanted; `apply` sets it right unless it says why it can't."""

    topic: str
    what: str  # 'topic', 'partitions', 'replication' or the name of a topic setting
    found: str | None
    wanted: str
    kind: Literal["create", "change", "by_hand"]
    note: str = ""

    def __str__(self) -> str:
        if self.kind == "create":
            return f"{self.topic}: missing, to be created with {self.wanted}"
        note = f" ({self.note})" if self.note else ""
        return f"{self.topic}: {self.what} is {self.found}, should be {self.wanted}{note}"


def wanted(settings: KafkaSettings) -> list[Wanted]:
    """Every topic of the topology, with its dead letters."""
    days = {ITEMS.name: settings.items_days, MENTIONS.name: settings.items_days, ALERTS.name: settings.alerts_days}
    size = str(settings.max_record_bytes)
    parts, kept = settings.partitions, settings.dead_letters_days
    plans = [_plan(settings, topic.name, parts, topic.cleanup, days.get(topic.name), size) for topic in TOPICS]
    dead = [_plan(settings, stage.dlq, DLQ_PARTITIONS, "delete", kept, str(LARGEST)) for stage in STAGES]
    return plans + dead


def _plan(settings: KafkaSettings, name: str, partitions: int, cleanup: str, days: float | None, size: str) -> Wanted:
    configs = {
        "cleanup.policy": cleanup,
        "compression.type": "uncompressed",  # the size limit holds for what is inside: a few kilobytes may unpack to any size
        "max.message.bytes": size,
        "min.insync.replicas": str(max(1, settings.replication - 1)),
        "retention.ms": str(round(days * DAY)) if days else "-1",
    }
    return Wanted(name=settings.prefix + name, partitions=partitions, replication=settings.replication, configs=configs)


def differences(client: KafkaAdminClient, plans: Iterable[Wanted]) -> list[Difference]:
    """What the brokers have against what is wanted; empty where all is well."""
    with broker_errors():
        plans = list(plans)
        found = {each["name"]: each for each in client.describe_topics([plan.name for plan in plans])}
        there = [name for name, each in found.items() if not each["error_code"]]
        configs = _configs(client, there)
    result: list[Difference] = []
    for plan in plans:
        if plan.name not in there:
            shape = f"{plan.partitions} partitions, {plan.replication} copies, {_spelled(plan.configs)}"
            result.append(Difference(topic=plan.name, what="topic", found=None, wanted=shape, kind="create"))
        else:
            result += _shape(plan, found[plan.name]["partitions"]) + _settings(plan, configs[plan.name])
    return result


def apply(client: KafkaAdminClient, plans: Iterable[Wanted], found: Iterable[Difference]) -> None:
    """Creates what is missing and changes what can be changed."""
    by_name = {plan.name: plan for plan in plans}
    with broker_errors():
        for each in found:
            plan = by_name[each.topic]
            if each.kind == "create":
                _create(client, plan)
            elif each.kind == "change" and each.what == "partitions":
                client.create_partitions({plan.name: plan.partitions})
            elif each.kind == "change":
                client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, plan.name, {each.what: each.wanted})])


def _create(client: KafkaAdminClient, plan: Wanted) -> None:
    options = {"num_partitions": plan.partitions, "replication_factor": plan.replication, "configs": plan.configs}
    client.create_topics({plan.name: options}, wait_for_metadata=True)


def _shape(plan: Wanted, partitions: list[dict[str, list[int]]]) -> list[Difference]:
    result = []
    if len(partitions) != plan.partitions:
        fewer = len(partitions) > plan.partitions
        result.append(
            Difference(
                topic=plan.name,
                what="partitions",
                found=str(len(partitions)),
                wanted=str(plan.partitions),
                kind="by_hand" if fewer else "change",
                note="Kafka takes none away" if fewer else "keys move to other partitions",
            )
        )
    copies = min((len(each["replica_nodes"]) for each in partitions), default=0)
    if copies != plan.replication:
        note = "by kafka-reassign-partitions"
        numbers = {"found": str(copies), "wanted": str(plan.replication)}
        result.append(Difference(topic=plan.name, what="replication", kind="by_hand", note=note, **numbers))
    return result


def _settings(plan: Wanted, has: dict[str, str]) -> list[Difference]:
    return [
        Difference(topic=plan.name, what=name, found=has.get(name), wanted=value, kind="change")
        for name, value in plan.configs.items()
        if has.get(name) != value
    ]


def _configs(client: KafkaAdminClient, topics: list[str], tries: int = 5) -> dict[str, dict[str, str]]:
    """Effective settings by topic. A topic just made may answer with none for a moment, so it is asked again."""
    if not topics:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, None) for name in topics]
    answer = client.describe_configs(asked, config_filter="all")["topic"]
    if tries and not all(answer.get(name) for name in topics):
        time.sleep(0.2)
        return _configs(client, topics, tries - 1)
    return {name: {key: each["value"] for key, each in answer[name].items()} for name in topics}


def _spelled(configs: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in configs.items())
