"""A worker process for the tests: the real carrier, stages, store and relay, with a reader that needs no models.

    python -m tests.kafka.worker extract|resolve|relay

The settings come from the environment, as for `tocsin worker`.
"""

import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import timedelta

from processors.model import Count, EventType, Item, ItemMentions, Mention, Modality, Place, Span, When
from processors.resolve.resolve import Policy
from streams.kafka_progress import Progress
from streams.kafka_settings import load
from streams.kafka_stages import Resolver
from streams.kafka_worker import carry, extractor, open_store, relay, serve

READ_SECONDS = float(os.environ.get("TEST_READ_SECONDS", "0.002"))  # an item, as parsing would take


class PlainReader:
    """Reads `at LAT LON killed N NAME TYPE`. `poison` raises, `crash` ends the process, `hang` never returns."""

    def read(self, items: Sequence[Item]) -> list[ItemMentions]:
        return [self._read(item) for item in items]

    def _read(self, item: Item) -> ItemMentions:
        words = item.body.split()
        if "poison" in words:
            raise ValueError("poison")
        if "crash" in words:
            os._exit(9)
        if "hang" in words:
            time.sleep(3600)
        time.sleep(READ_SECONDS)
        return ItemMentions(
            item=item.ref,
            source_id=item.source_id,
            external_id=item.external_id,
            revision=item.revision,
            kind=item.kind,
            published_at=item.published_at,
            mentions=(_mention(item, words),) if words[:1] == ["at"] else (),
        )


def _mention(item: Item, words: list[str]) -> Mention:
    lat, lon, killed = float(words[1]), float(words[2]), int(words[4])
    town, kind = words[5], EventType(words[6])
    place = Place(role="target", text=town, start=0, end=len(town), precision="locality", name=town, country="IQ",
                  lat=lat, lon=lon, radius_km=3.0)  # fmt: skip
    day = item.published_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Mention(
        event_type=kind,
        trigger=Span(0, 2, "at"),
        modality=Modality.ACTUAL,
        confidence=0.9,
        when=When(start=day, end=day + timedelta(days=1), precision="day", local_date=day.date().isoformat()),
        places=(place,),
        killed=Count(min=killed, max=killed, text=words[4]),
        words=f"{town} {kind} {town}market",
    )


def main() -> None:
    logging.basicConfig(level="INFO", format=f"%(asctime)s {os.getpid()} %(name)s %(levelname)s %(message)s")
    stage, settings = sys.argv[1], load()
    serve(int(os.environ.get(f"TEST_METRICS_{stage.upper()}", "0")), settings)
    if stage == "relay":
        return relay(settings, open_store(os.environ["TOCSIN_DATABASE_URL"], session_limit=True))
    progress = Progress(stage)
    if stage == "extract":
        return carry(settings, extractor(settings, PlainReader, progress), progress)
    store = open_store(os.environ["TOCSIN_DATABASE_URL"])
    return carry(settings, Resolver(settings, store, Policy(), progress), progress)


if __name__ == "__main__":
    main()
