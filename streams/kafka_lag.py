"""Consumer lag from outside the consumer: what the brokers have against what the group has committed."""

import time

import msgspec
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec, OffsetTimestamp
from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError

from streams.kafka_io import broker_errors, client_options
from streams.kafka_settings import KafkaSettings

AGES = (60, 600, 3600, 21600)  # seconds; of a wait that began before the probe did, the next lower of these is known


class Lag(msgspec.Struct, frozen=True, kw_only=True):
    """Of one group on one topic. `seconds`: how long the oldest record has waited at least."""

    topic: str
    records: dict[tuple[str, int], int]
    committed: tuple[int, ...]
    seconds: float = 0.0

    @property
    def waiting(self) -> int:
        return sum(self.records.values())


class LagProbe:
    """Asks the brokers for the lag of a group, over one connection that is made anew after a failure."""

    def __init__(self, settings: KafkaSettings, group: str, topic: str) -> None:
        self._settings, self._group, self._topic = settings, group, topic
        self._client: KafkaAdminClient | None = None
        self._oldest: dict[int, tuple[int, float]] = {}  # by partition: an end seen, and when it was seen first

    def __call__(self) -> Lag:
        """Raises UnavailableError while the brokers are away."""
        try:
            with broker_errors():
                if self._client is None:
                    self._client = KafkaAdminClient(**client_options(self._settings), request_timeout_ms=10_000)
                return self._measure(self._client)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._client:
            self._client.close()
        self._client = None

    def _measure(self, client: KafkaAdminClient) -> Lag:
        described = client.describe_topics([self._topic])[0]
        parts = [TopicPartition(self._topic, each["partition_index"]) for each in described["partitions"]]
        ends = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.LATEST))
        starts = client.list_partition_offsets(dict.fromkeys(parts, OffsetSpec.EARLIEST))
        committed = self._committed(client)
        done = {part: max(committed.get(part, 0), starts[part].offset) for part in parts}
        waiting = {(part.topic, part.partition): max(0, ends[part].offset - done[part]) for part in parts}
        now = time.monotonic()
        ages = [self._age(part.partition, ends[part].offset, done[part], now) for part in parts]
        behind = {part: (done[part], ends[part].offset) for part in parts if done[part] < ends[part].offset}
        seconds = max([_older(client, behind), *ages])
        return Lag(topic=self._topic, records=waiting, committed=tuple(done.values()), seconds=seconds)

    def _committed(self, client: KafkaAdminClient) -> dict[TopicPartition, int]:
        try:
            found = client.list_group_offsets([self._group])[self._group]
        except (CoordinatorNotAvailableError, GroupIdNotFoundError):
            return {}  # nobody ever committed in this group
        return {part: each.offset for part, each in found.items() if each.offset >= 0}

    def _age(self, partition: int, end: int, done: int, now: float) -> float:
        """How long ago an end was first seen that is not reached yet; a lower bound of the oldest record's wait."""
        if done >= end:
            self._oldest.pop(partition, None)
            return 0.0
        seen, since = self._oldest.get(partition, (end, now))
        if done >= seen:
            seen, since = end, now
        self._oldest[partition] = (seen, since)
        return now - since


def _older(client: KafkaAdminClient, behind: dict[TopicPartition, tuple[int, int]]) -> float:
    """The greatest of AGES that a waiting record has, by the time at which it was written; 0 where all are younger.

    `behind` has, by partition, what is committed and the end.
    """
    known = 0.0
    for age in AGES:
        since = OffsetTimestamp(round((time.time() - age) * 1000))
        first = client.list_partition_offsets(dict.fromkeys(behind, since)) if behind else {}
        younger = {part: each.offset if each.offset >= 0 else behind[part][1] for part, each in first.items()}
        if not any(behind[part][0] < offset for part, offset in younger.items()):
            break
        known = age
    return known
