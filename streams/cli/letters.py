"""`dlq` on Kafka: the dead letters of the stages' topics, to look at, send again and let go. `dlq.py` has the command."""

import base64
import sys
from typing import TYPE_CHECKING, Any

from processors.errors import ConfigError
from streams.cli.talk import emit, say

if TYPE_CHECKING:
    from streams.kafka_dead_letters import Desk, Letter


def list_letters(stage: str, done_too: bool) -> None:
    """One line a letter, as JSON: where it lies, why it is there, where it came from."""
    from streams.codec import encode

    for desk in _desks(stage):
        for letter in desk.letters(done_too):
            emit(sys.stdout.buffer, encode(_summary(letter)))


def show(name: str) -> None:
    """One letter, STAGE:PARTITION:OFFSET, whole: headers, key and value; bytes that are no UTF-8 in base64."""
    from streams.codec import encode

    def text(value: bytes | None) -> Any:
        try:
            return value.decode() if value is not None else None
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value or b"").decode()}

    (letter,) = _chosen([name])
    original = letter[1].original
    whole = _summary(letter[1]) | {
        "key": text(original.key),
        "value": text(original.value),
        "headers": [[key, text(value)] for key, value in original.headers],
    }
    emit(sys.stdout.buffer, encode(whole))


def replay(names: list[str] | None, stage: str) -> None:
    """Send the originals to where they failed, in order. They count as done when the brokers have them."""
    count = 0
    for desk, letters in _by_desk(names, stage):
        count += desk.replay(letters)
    say(f"{count} replayed")


def purge(names: list[str] | None, stage: str, yes: bool) -> None:
    """Delete letters, and all that lie before them in their partition, from the brokers."""
    from streams.kafka_io import admin
    from streams.kafka_settings import load

    with admin(load()) as client:
        for desk, letters in _by_desk(names, stage, done_too=True):
            last = ", ".join(sorted({letter.name for letter in letters}))
            say(f"{desk.topic}: {len(letters)} letters ({last}) {'deleted' if yes else 'would go; --yes deletes them'}")
            if yes and letters:
                desk.purge(client, letters)


def _desks(stage: str) -> list["Desk"]:
    from streams.kafka_dead_letters import Desk
    from streams.kafka_settings import load
    from streams.topology import STAGES

    settings = load()
    found = [Desk(settings, settings.prefix + each.dlq) for each in STAGES if stage in ("", each.name)]
    if not found:
        raise ConfigError(f"no stage {stage!r} has dead letters: there are {', '.join(each.name for each in STAGES)}")
    return found


def _by_desk(names: list[str] | None, stage: str, done_too: bool = False) -> list[tuple["Desk", list["Letter"]]]:
    if not names:
        return [(desk, list(desk.letters(done_too))) for desk in _desks(stage)]
    chosen = _chosen(names)
    return [(desk, [letter for other, letter in chosen if other == desk.topic]) for desk in _desks("")]


def _chosen(names: list[str]) -> list[tuple[str, "Letter"]]:
    every = {_name(letter): (desk.topic, letter) for desk in _desks("") for letter in desk.letters(done_too=True)}
    if missing := [name for name in names if name not in every]:
        raise ConfigError(f"no letter {', '.join(missing)}")
    return [every[name] for name in names]


def _name(letter: "Letter") -> str:
    return f"{letter.topic.rsplit('.dlq.', 1)[0].rsplit('.', 1)[-1]}:{letter.name}"


def _summary(letter: "Letter") -> dict[str, Any]:
    original = letter.original
    return {
        "letter": _name(letter),
        "code": letter.code,
        "reason": letter.reason,
        "stage": letter.stage,
        "from": f"{original.topic}/{original.partition}@{original.offset}",
        "attempts": letter.attempts,
        "bytes": len(original.value or b""),
    }
