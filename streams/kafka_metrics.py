"""Metrics of the service on Kafka, beside those of `observe.py`. Labels: stages, topics, error codes, partitions."""

from prometheus_client import Counter, Gauge

DEAD_LETTERS = Counter("tocsin_dead_letters", "Records that a stage put aside", ["stage", "code"])
LAG_RECORDS = Gauge("tocsin_consumer_lag_records", "Records not yet acknowledged", ["stage", "topic", "partition"])
LAG_SECONDS = Gauge("tocsin_consumer_lag_seconds", "How long the oldest of these has waited, about", ["stage", "topic"])
HOLDING = Gauge("tocsin_holding", "1 while a stage waits for something that is away", ["stage", "on"])
WATCHDOG = Gauge("tocsin_watchdog_timestamp_seconds", "When a process was last seen to make progress", ["stage"])
HEARTBEAT = Gauge(
    "tocsin_heartbeat_timestamp_seconds", "Time of the newest heartbeat item that a stage has handled", ["stage"]
)
OUTBOX = Gauge("tocsin_outbox_records", "Records in the outbox that the brokers do not have yet", ["topic"])
OUTBOX_AGE = Gauge("tocsin_outbox_age_seconds", "How long the outbox has not been empty")
PUBLISHED = Counter("tocsin_relay_published", "Records of the outbox that the brokers acknowledged", ["topic"])
INCIDENTS = Gauge("tocsin_incidents", "Incidents in the state", ["status", "event_type"])
