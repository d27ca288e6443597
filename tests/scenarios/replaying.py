"""Items through the real pipeline and resolver, for tests that check what comes out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from processors.model import Alert, Incident, Item
from processors.pipeline import Pipeline
from processors.resolve.resolve import Policy
from streams.replay import Replay


def post(source: str, number: int, at: str, body: str, title: str | None = None, **more: object) -> Item:
    """An English item; `at` like `2024-04-22T12:00`."""
    published = datetime.fromisoformat(at).replace(tzinfo=UTC)
    fields: dict[str, object] = {"kind": "new", "lang": "en", **more}
    return Item(  # type: ignore[arg-type]
        source_id=source, external_id=str(number), published_at=published, body=body, title=title, **fields
    )


def replayed(items: Sequence[Item], index: Path) -> tuple[list[Incident], list[Alert]]:
    """The incidents at the end, open ones and others, and every alert in order."""

    def conflict(told: object, error: Exception) -> None:
        raise AssertionError(f"{told}: {error}")

    run = Replay(Policy(), conflict)
    alerts = list(run.run(Pipeline(index).read(list(items))))
    return list(run.remaining()), alerts
