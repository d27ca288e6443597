"""A made-up world for load: towns, what happens there, and the items that tell it; any part of it can be made alone.

A few towns hold most incidents; an incident has one to three tellings. Wordings are of everyday words, as often as the
frequency table has them, and of rare ones.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from processors.model import Count, EventType, ItemMentions, Mention, Modality, Place, Span, When
from processors.normalize import fingerprint
from processors.resolve.stems import frequencies

START = datetime(2025, 6, 1, tzinfo=UTC)
TOWNS = 22_000
TELLINGS = (1, 1, 2, 3)  # of an incident, each as likely
SOURCES = 500
SYLLABLES = (
    *("ba", "ke", "li", "mo", "nu", "ra", "si", "to", "va", "ze"),
    *("cha", "dri", "fel", "gon", "hul", "jas", "kor", "lam"),
)
Town = tuple[float, float, str]


class World:
    """Incidents within so many days after `START`; the same number tells the same incident in every process."""

    def __init__(self, days: float, towns: int = TOWNS, tellings: Sequence[int] = TELLINGS, seed: int = 7) -> None:
        self.days, self.tellings, self._seed = days, tellings, seed
        self.since = 0.0  # days after `START`, before which nothing that is told from now on happened
        rng = Random(seed)
        self._towns = [(rng.uniform(-35, 60), rng.uniform(-100, 120), _name(rng)) for _ in range(towns)]
        self._town_weights = list(accumulate(1 / (k + 5) ** 1.05 for k in range(towns)))
        everyday = {stem: n for (lang, stem), n in frequencies().texts.items() if lang == "en"}
        self._words, self._word_weights = list(everyday), list(accumulate(everyday.values()))

    def incident(self, number: int) -> list[ItemMentions]:
        """The tellings of one incident, in order."""
        rng = Random(f"{self._seed}/{number}")
        town = rng.choices(self._towns, cum_weights=self._town_weights)[0]
        at, kind = START + timedelta(days=rng.uniform(self.since, self.days)), rng.choice(list(EventType))
        words = [*self._everyday(rng, 30), *(_name(rng) for _ in range(8))]
        return [
            self._telling(rng, f"i{number}-{k}", town, at + timedelta(hours=k), kind, words)
            for k in range(rng.choice(self.tellings))
        ]

    def items(self, first: int) -> Iterator[ItemMentions]:
        """The tellings of the incidents from a number on, without end."""
        while True:
            yield from self.incident(first)
            first += 1

    def _everyday(self, rng: Random, count: int) -> list[str]:
        return rng.choices(self._words, cum_weights=self._word_weights, k=count)

    def _telling(
        self, rng: Random, name: str, town: Town, at: datetime, kind: EventType, words: list[str]
    ) -> ItemMentions:
        lat, lon, named = town
        kept = [w for w in words if rng.random() < 0.6]
        text = " ".join([named, *kept, *self._everyday(rng, 20), _name(rng)])
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        spot = Place(
            role="target", text=named, start=0, end=1, precision="locality", name=named, country="XX", lat=lat, lon=lon
        )
        mention = Mention(
            event_type=kind, trigger=Span(0, 1, "x"), modality=Modality.ACTUAL, confidence=0.8, words=text,
            when=When(start=day, end=day + timedelta(days=1), precision="day", local_date=day.date().isoformat()),
            places=(spot,), killed=Count(min=(n := rng.randint(0, 9)), max=n),
        )  # fmt: skip
        source = f"s{rng.randrange(SOURCES)}"
        return ItemMentions(
            item=f"{source}/{name}@0", source_id=source, external_id=name, revision=0, kind="new", published_at=at,
            lang="en", fingerprint=fingerprint(text), mentions=(mention,),
        )  # fmt: skip


def _name(rng: Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(3, 5)))
