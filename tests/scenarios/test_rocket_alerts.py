"""The rocket story as it comes in over two days, and the alerts a reader gets, in order, as docs/alerts-of-a-story.md has them.

To renew the page after a change that is meant: python -m tests.scenarios.test_rocket_alerts
"""

import sys
from pathlib import Path

from processors.model import Alert, Item
from tests.scenarios.replaying import post, replayed

PAGE = Path(__file__).parents[2] / "docs" / "alerts-of-a-story.md"
START, END = "<!-- alerts -->\n", "<!-- /alerts -->"
STORY = (
    (
        "babil-watch", "2024-04-20T00:40",
        "Loud explosion heard at a military base in Babil province tonight, fire seen from the road.",
    ),
    (
        "tigris-wire", "2024-04-20T05:30",
        "An explosion at a military base in Iraq's Babil province killed one member of a security force early on Saturday and"
        " wounded eight others, a medical source said.",
    ),
    (
        "tigris-wire", "2024-04-20T15:00",
        "The commander of the force called Saturday's explosion at the military base in Babil an attack. The army said that it"
        " was still investigating and that no aircraft had been in the sky at the time.",
    ),
    ("border-post", "2024-04-21T18:10", "Rockets fired from Zummar towards the base at Rumaylan in Syria, on Sunday evening."),
    (
        "tigris-wire", "2024-04-21T20:00",
        "At least five rockets were fired on Sunday from the Iraqi town of Zummar at a base near Rumaylan in north-eastern Syria"
        " that houses American troops, two security sources said.",
    ),
    (
        "tigris-wire", "2024-04-21T22:30",
        "More than five rockets had been fired on Sunday from Zummar at the base near Rumaylan, a U.S. official said. In response"
        " to the rocket fire, an aircraft of the coalition struck the launcher in Zummar. A lorry that had been parked there was"
        " destroyed in the air strike, an army officer confirmed.",
    ),
    (
        "harbour-herald", "2024-04-22T06:00",
        "A U.S. official, speaking on condition of anonymity, said that more than five rockets had been fired from Iraq on Sunday"
        " at the base in Rumaylan, Syria. No American personnel were hurt in what the official called a failed rocket attack.",
    ),
)  # fmt: skip


def items() -> list[Item]:
    return [post(source, number, at, body) for number, (source, at, body) in enumerate(STORY)]


def page(alerts: list[Alert]) -> str:
    """The story's posts and the alerts between them, by time."""
    said = [(i.published_at, f"{i.published_at:%d %b %H:%M}  {i.source_id}: {i.body}") for i in items()]
    sent = [(a.sent_at, f"{a.sent_at:%d %b %H:%M}  → {a.headline}") for a in alerts]
    lines = [line for _, line in sorted([*said, *sent], key=lambda pair: pair[0])]
    return "```\n" + "\n".join(lines) + "\n```\n"


def test_the_page_shows_the_alerts_as_they_are(place_index: Path) -> None:
    _, alerts = replayed(items(), place_index)
    shown = PAGE.read_text("utf8").split(START)[1].split(END)[0]
    assert shown == page(alerts)


def test_nothing_is_taken_back_and_nothing_told_twice(place_index: Path) -> None:
    _, alerts = replayed(items(), place_index)
    assert {a.kind for a in alerts} <= {"new", "update"}
    assert len({a.headline for a in alerts}) == len(alerts)


def _say(words: str) -> None:
    sys.stderr.write(words)


def _renew() -> None:
    from streams.placeindex import ready_index
    from streams.settings import load

    _, alerts = replayed(items(), ready_index(load(), _say))
    head, rest = PAGE.read_text("utf8").split(START)
    PAGE.write_text(head + START + page(alerts) + END + rest.split(END)[1], "utf8")


if __name__ == "__main__":
    _renew()
