"""The bundled stream, played fast: three days of invented events at real places, as many outlets tell them."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.resources import files

from processors.model import Item, SourceTraits
from producers import sources
from streams.codec import decode_item
from streams.feeding import Unit

LONGEST_PAUSE = 0.8  # seconds: nights are cut short
AFTER = timedelta(days=1)  # of the stream's time, at the end: what was held back goes out


def items() -> list[Item]:
    """The stream, in order of publication."""
    text = files("streams").joinpath("data/demo/items.jsonl").read_bytes()
    return [decode_item(line) for line in text.splitlines()]


def traits() -> dict[str, SourceTraits]:
    """What an operator might have set down about the stream's sources."""
    listed = sources.parse(files("streams").joinpath("data/demo/sources.toml").read_text("utf-8"), "demo sources")
    return {source.id: sources.traits(source) for source in listed}


class DemoFeed:
    """Feeds the service at `speed` seconds of the stream a second; 0 is as fast as it goes."""

    def __init__(self, stream: list[Item], speed: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._stream, self._speed, self._sleep = stream, speed, sleep
        self.clock: datetime = stream[0].published_at

    @property
    def waiting(self) -> int:
        return 0

    def units(self) -> Iterator[Unit]:
        for item in self._stream:
            self._pause(item.published_at - self.clock)
            self.clock = item.published_at
            yield Unit(items=(item,))
        self.clock += AFTER
        yield Unit(tick=self.clock)

    def taken(self, unit: Unit) -> None:
        """Nothing waits for it."""

    def _pause(self, until_next: timedelta) -> None:
        if self._speed > 0:
            self._sleep(min(until_next.total_seconds() / self._speed, LONGEST_PAUSE))
