"""Who says so: speakers, stances, what their words cover."""

import pytest

from processors.extract.claims import attributions, cited_sources
from tests.unit.actor_samples import analysed

CASES = [
    ("Gunmen killed five guards, police said.", "police", "police", "reports", False),
    (
        "A U.S. official, who spoke anonymously, said five rockets were fired.",
        "U.S. official",
        "official",
        "reports",
        True,
    ),
    ("According to the governor, four people died.", "governor", "official", "reports", False),
    ("The health ministry confirmed that ten people had died.", "health ministry", "official", "confirms", False),
    ("The Taliban denied involvement in the blast.", "Taliban", "party", "denies", False),
    ("Doctors said nine people were treated.", "Doctors", "medics", "reports", True),
    ("Investigators suspect that a gas bottle exploded.", "Investigators", "police", "suspects", False),
    ("The minister accused rebels of the attack.", "minister", "official", "claims", False),
]


@pytest.mark.parametrize(("text", "by", "kind", "stance", "anonymous"), CASES)
def test_speaker_and_stance(text: str, by: str, kind: str, stance: str, anonymous: bool) -> None:
    analysis = analysed(text)
    found = attributions(analysis, analysis.sentences[0])
    assert (by, kind, stance, anonymous) in [
        (a.speaker.by, a.speaker.kind, a.stance, a.speaker.anonymous) for a in found
    ]


def test_a_speaker_put_after_covers_the_sentence_and_one_before_what_follows() -> None:
    after = "Three people died, the mayor said."
    before = "The mayor said three people died."
    assert attributions(analysed(after), analysed(after).sentences[0])[0].start == 0
    first = attributions(analysed(before), analysed(before).sentences[0])[0]
    assert before[first.start : first.end].startswith("three people died")


def test_he_is_the_speaker_before() -> None:
    text = "The mayor said a bomb had gone off. He said two people were hurt."
    analysis = analysed(text)
    assert [a.speaker.by for a in attributions(analysis, analysis.sentences[1])] == ["mayor"]


def test_a_dateline_does_not_speak() -> None:
    text = "DUBAI, Sept 8 (Newswire) - Iranian officials said a blast killed two people."
    analysis = analysed(text)
    assert all(a.speaker.by != "DUBAI" for s in analysis.sentences for a in attributions(analysis, s))


def test_not_confirming_is_not_confirming() -> None:
    text = "The army did not confirm the attack."
    assert [a.stance for a in attributions(analysed(text), analysed(text).sentences[0])] in ([], ["reports"])


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Two drones fell, the state news agency reported.", "state news agency"),
        ("Blast in the port via @harbour_watch", "@harbour_watch"),
    ],
)
def test_sources_that_a_text_names(text: str, source: str) -> None:
    assert source in cited_sources(analysed(text))
