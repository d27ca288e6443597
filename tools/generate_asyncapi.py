"""Writes deploy/asyncapi.yaml: the topics, their keys, headers and values, as AsyncAPI 3 (https://www.asyncapi.com).

    python tools/generate_asyncapi.py [--check]

Everything comes from `streams/topology.py`, `streams/kafka_topics.py` and the contract's structs.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec
import yaml

from streams import topology
from streams.kafka_envelope import INCIDENT_TYPE, ITEM_TYPE, MENTIONS_TYPE, REQUIRED
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import Wanted, wanted

FILE = Path(__file__).resolve().parents[1] / "deploy" / "asyncapi.yaml"
TYPES = {
    "items.v1": ITEM_TYPE,
    "mentions.v1": MENTIONS_TYPE,
    "incidents.v1": INCIDENT_TYPE,
    "alerts.v1": "io.tocsin.alert.v1",
}
WHAT = {
    "items.v1": "One post or article as a source published it; an edit is a record with a higher revision.",
    "mentions.v1": "What one item revision tells.",
    "incidents.v1": "Every version of every incident; compacted, so that the last version of each is kept for good.",
    "alerts.v1": "What subscribers are told: new incidents, material changes, corrections, merges, retractions.",
}
BINDING = "0.5.0"
SCHEMAS = "#/components/schemas/{name}"
Json = dict[str, Any]


def document() -> Json:
    """The whole document."""
    plans = {plan.name: plan for plan in wanted(KafkaSettings())}
    _, schemas = msgspec.json.schema_components([t.holds for t in topology.TOPICS], ref_template=SCHEMAS)
    channels = {_ident(topic.name): _channel(topic, plans[topic.name]) for topic in topology.TOPICS}
    dead = {_ident(stage.dlq): _dead(stage, plans[stage.dlq]) for stage in topology.STAGES}
    messages = {topic.holds.__name__: _message(topic) for topic in topology.TOPICS} | {"DeadLetter": _dead_message()}
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "tocsin",
            "version": "1.0.0",
            "description": "Security incidents from news feeds and Telegram channels. Public: alerts.v1, incidents.v1. "
            "Within v1 fields are only added; a breaking change is a new topic. How to consume: docs/consumers.md.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels | dead,
        "operations": _operations(),
        "components": {"messages": messages, "schemas": schemas},
    }


def _channel(topic: topology.Topic, plan: Wanted) -> Json:
    visible = "Public." if topic.public else "Internal: may change with any release."
    return {
        "address": topic.name,
        "description": f"{WHAT[topic.name]} {visible}",
        "messages": {topic.holds.__name__: {"$ref": f"#/components/messages/{topic.holds.__name__}"}},
        "bindings": {"kafka": _topic_binding(plan)},
    }


def _dead(stage: topology.Stage, plan: Wanted) -> Json:
    what = f"What the {stage.name} stage could not process, with its original key, bytes and headers. Internal."
    return {
        "address": stage.dlq,
        "description": what,
        "messages": {"DeadLetter": {"$ref": "#/components/messages/DeadLetter"}},
        "bindings": {"kafka": _topic_binding(plan)},
    }


def _topic_binding(plan: Wanted) -> Json:
    configs = plan.configs
    settings: Json = {
        "cleanup.policy": [configs["cleanup.policy"]],
        "retention.ms": int(configs["retention.ms"]),
        "max.message.bytes": int(configs["max.message.bytes"]),
    }
    shape = {"partitions": plan.partitions, "replicas": plan.replication}
    return {"topic": plan.name} | shape | {"topicConfiguration": settings, "bindingVersion": BINDING}


def _message(topic: topology.Topic) -> Json:
    name = topic.holds.__name__
    text = {"type": "string"}
    headers = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_type": {"type": "string", "const": TYPES[topic.name]},
        "ce_id": text | {"description": "The same for every repeat: drop what was seen."},
        "ce_source": text | {"description": "/<deployment>/<stage>"},
        "ce_subject": text,
        "ce_time": text | {"format": "date-time"},
        "ce_dataschema": text,
        "content-type": {"type": "string", "const": "application/json"},
    }
    return {
        "name": name,
        "title": name,
        "contentType": "application/json",
        "description": "CloudEvents 1.0 in Kafka's binary mode: attributes in headers, the value is the data.",
        "headers": {
            "type": "object",
            "required": list(REQUIRED),
            "properties": headers,
        },
        "payload": {"$ref": SCHEMAS.format(name=name)},
        "bindings": {"kafka": {"key": text | {"description": topic.key}, "bindingVersion": BINDING}},
    }


def _dead_message() -> Json:
    names = ("error-code", "error-message", "error-stage", "original-topic", "original-partition", "original-offset")
    headers = {f"x-{name}": {"type": "string"} for name in (*names, "original-timestamp", "original-null", "attempts")}
    needed = [f"x-{name}" for name in names]
    return {
        "name": "DeadLetter",
        "title": "Dead letter",
        "contentType": "application/octet-stream",
        "headers": {"type": "object", "required": needed, "properties": headers},
        "payload": {"type": "string", "format": "binary"},
    }


def _operations() -> Json:
    """What tocsin does with the channels: `send` where it writes, `receive` where it reads."""

    def channel(name: str) -> Json:
        return {"$ref": f"#/channels/{_ident(name)}"}

    operations: Json = {"produceItems": {"action": "send", "channel": channel(topology.ITEMS.name)}}
    for stage in topology.STAGES:
        name = stage.name.capitalize()
        operations[f"read{name}"] = {"action": "receive", "channel": channel(stage.reads.name)}
        operations[f"bury{name}"] = {"action": "send", "channel": channel(stage.dlq)}
        for topic in stage.writes:
            operations[f"send{topic.holds.__name__}"] = {"action": "send", "channel": channel(topic.name)}
    return operations


def _ident(name: str) -> str:
    return name.replace(".", "-")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--check", action="store_true", help="only say whether the file is as it should be")
    text = "# Made by tools/generate_asyncapi.py; change it there.\n" + yaml.safe_dump(
        document(), sort_keys=False, allow_unicode=True, width=120
    )
    if not ask.parse_args().check:
        FILE.write_text(text, encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        print(f"{FILE} is not as tools/generate_asyncapi.py makes it: run that", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
