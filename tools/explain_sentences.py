"""Writes docs/explained.md: hard sentences, and which rule or model said what of them. usage: tools/explain_sentences.py"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from processors.model import Item
from processors.normalize import as_is
from processors.pipeline import Pipeline
from streams.placeindex import ready_index
from streams.settings import load

TARGET = Path(__file__).resolve().parents[1] / "docs" / "explained.md"
WRONG = {  # what is misread, by number
    1: "The wounded one is the wife, not the driver.",
    2: "The second place is Al Qahir, which no gazetteer here knows; it takes the only town of the sentence.",
    6: "The eight are counted over both sides, as a clash's dead are; no single stretch of words says eight.",
}
PUBLISHED = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday
HEAD = """# Ten hard sentences, explained

What `tocsin annotate --explain` prints of a text, published on Wednesday 4 March 2026 at 10:00 UTC. Written by
`python -m tools.explain_sentences`; a test holds it to what the program says. Where the reading is wrong the page says so too.
"""
SENTENCES = (
    (
        "A toll spread over a couple, their children and the wounded wife of another man",
        "A drone hit a car on the road to Kupiansk on Monday evening, killing a couple and their three children. "
        "The driver of a second car survived, but his wife was also wounded, the regional prosecutor said.",
    ),
    (
        "Two incidents in one sentence, one in answer to the other",
        "Hours after rockets fired from the hills struck a checkpoint near Taiz, warplanes bombed the village of Al Qahir, "
        "residents said.",
    ),
    (
        "An attempt that failed, with a toll of nobody",
        "Police said a bomb planted under a bridge outside Kandahar was defused on Tuesday before it could go off; "
        "nobody was hurt.",
    ),
    (
        "A headline without verb or article",
        "Roadside mine near Kupiansk, 3 dead",
    ),
    (
        "Words of war about cricket",
        "Sharma fired a devastating opening spell and Pakistan's batting was blown away in Lahore on Tuesday.",
    ),
    (
        "A total, not an addition, and the attackers apart",
        "Four soldiers and two gunmen were killed when fighters stormed an outpost near Djibo on Sunday, the army said on "
        "Tuesday, after two more of the wounded soldiers died, bringing the toll among its men to six.",
    ),
    (
        "A side denies, the incident stands",
        "Residents of Wad Madani said shells fell on the central market on Monday and killed eleven people. "
        "The army denied that its forces had fired on the market.",
    ),
    (
        "Background of today's event",
        "Gunmen abducted nine pupils from a school in Kaduna overnight. In 2021 more than a hundred were taken from another "
        "school in the state.",
    ),
    (
        "An exercise that sounds like an attack",
        "Explosions heard near the port of Haifa this morning are part of a planned drill in which emergency services "
        "rehearse a missile strike, the municipality said.",
    ),
    (
        "A claim of responsibility, and whose word it is",
        "The Islamic State group claimed responsibility for Tuesday's suicide bombing of a mosque in Kabul that, according "
        "to a hospital official, killed at least 17 worshippers and injured dozens more.",
    ),
)


def page() -> str:
    """The whole page."""
    pipeline = Pipeline(gazetteer=ready_index(load(), lambda _: None))
    return HEAD + "".join(_sections(pipeline))


def _sections(pipeline: Pipeline) -> Iterator[str]:
    for number, (what, text) in enumerate(SENTENCES, 1):
        item = Item(source_id="wire", external_id=str(number), kind="new", published_at=PUBLISHED, body=text)
        said = pipeline.explain(as_is(item, text, None))
        wrong = f"\nStill wrong: {WRONG[number]}\n" if number in WRONG else ""
        yield f"\n## {number}. {what}\n> {text}\n\n```\n{said}\n```\n{wrong}"


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
