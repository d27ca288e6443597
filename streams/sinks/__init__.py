"""Where alerts go: one file a sink, all behind one small protocol."""

from typing import Protocol

from processors.model import Alert


class Sink(Protocol):
    """Takes alerts in order. `name` is stable: the sink's place in the outbox is kept under it.

    `send` returns when the alert is safely away and raises UnavailableError where that may work later. It may be given
    an alert again after a crash: `alert_id` tells.
    """

    name: str

    def send(self, alert: Alert) -> None: ...
    def close(self) -> None: ...
