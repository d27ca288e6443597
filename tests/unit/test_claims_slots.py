"""Claims of a mention: every value with its words, denials as claims of their own."""

import pytest

from processors.extract.claim_slots import QUOTE, claims_of, quote_around
from processors.model import Actor, Claim, Count, EventType, Mention, Modality, SourceTraits, Span
from tests.unit.actor_samples import analysed


def mention(text: str, trigger: str, **values: object) -> Mention:
    start = text.index(trigger)
    span = Span(start, start + len(trigger), trigger)
    return Mention(
        event_type=EventType.BOMBING,
        trigger=span,
        modality=Modality.ACTUAL,
        confidence=0.9,
        **values,  # type: ignore[arg-type]
    )


def count(text: str, words: str, low: int) -> Count:
    start = text.index(words)
    return Count(min=low, max=low, text=words, start=start, end=start + len(words))


def claims(text: str, told: Mention, traits: SourceTraits | None = None, title: str | None = None) -> tuple[Claim, ...]:
    analysis = analysed(text, title)
    return claims_of(analysis, told, analysis.sentences, traits=traits)


def test_a_toll_belongs_to_who_gives_it_and_officials_confirm() -> None:
    text = "A bomb exploded at a bus stop, killing four people, the governor said."
    found = claims(text, mention(text, "exploded", killed=count(text, "four people", 4)))
    assert [(c.slot, c.value, c.stance, c.by) for c in found] == [
        ("killed", {"min": 4, "max": 4}, "confirms", "governor")
    ]


def test_what_nobody_is_quoted_for_is_the_sources_own_report() -> None:
    text = "A bomb exploded at a bus stop, killing four people."
    (claim,) = claims(text, mention(text, "exploded", killed=count(text, "four people", 4)))
    assert (claim.by, claim.stance, claim.anonymous) == ("gazette", "reports", False)


def test_a_partys_own_channel_claims() -> None:
    text = "A bomb exploded at a bus stop, killing four people."
    traits = SourceTraits(source_id="gazette", interested="Northern Army")
    (claim,) = claims(text, mention(text, "exploded", killed=count(text, "four people", 4)), traits)
    assert (claim.by, claim.stance) == ("Northern Army", "claims")


def test_who_claims_a_deed_is_the_one_who_says_so() -> None:
    text = "A bomb exploded at a bus stop. The ELN claimed the attack."
    start = text.index("ELN")
    by = Actor(text="ELN", name="ELN", kind="armed_group", start=start, end=start + 3, certainty="claimed")
    (claim,) = claims(text, mention(text, "exploded", perpetrators=(by,)))
    assert (claim.slot, claim.value, claim.stance, claim.by) == ("perpetrator", "ELN", "claims", "ELN")


DENIALS = [
    ("A shell hit a clinic. The army denied that its forces had fired on it.", "perpetrator", "army"),
    ("The army denied that its drones had hit a clinic, where medics said two were killed.", "perpetrator", "army"),
    ("A shell hit a clinic. The army denied that any soldier was hurt.", "injured", "army"),
    ("A shell hit a clinic. The defence ministry denied that soldiers had been killed.", "killed", "defence ministry"),
    ("A shell hit a clinic. The Rapid Support Forces denied any involvement.", "perpetrator", "Rapid Support Forces"),
    ("A bomb exploded in the port. The ministry called the reports fabricated.", "occurrence", "ministry"),
    ("A rocket hit a mill. The Houthis say it was not theirs.", "perpetrator", "Houthis"),
    ("A rocket hit a mill. The governor blamed the PMF, which denies it.", "perpetrator", "PMF"),
    ("A drone hit a mill. The ELN says that it did not carry out the attack.", "perpetrator", "ELN"),
    ("A drone hit a mill. The army said none of its aircraft were near.", "perpetrator", "army"),
    ("A sniper hit a mayor. Kyiv denied responsibility.", "perpetrator", "Kyiv"),
    ("Rockets hit a mill. We categorically deny the accusations.", "perpetrator", "gazette"),
    ("Rockets hit a mill. Our forces did not fire.", "perpetrator", "gazette"),
    ('A jet bombed a village. "No civilian was hit," an air force spokesman said.', "killed", "air force spokesman"),
    ("Reports of an attack on the bridge were false, police said.", "occurrence", "police"),
]


@pytest.mark.parametrize(("text", "slot", "by"), DENIALS)
def test_denials(text: str, slot: str, by: str) -> None:
    trigger = next(w for w in ("hit", "exploded", "bombed", "attack") if w in text)
    found = [c for c in claims(text, mention(text, trigger)) if c.stance == "denies"]
    assert [(c.slot, c.by) for c in found] == [(slot, by)]


QUIET = [
    "A bomb exploded in the port. The minister dismissed the threat of further attacks.",
    "A bomb exploded in the port. A resident disputed how long the firing went on.",
    "A bomb exploded in the port. Nobody was hurt.",
    "A bomb exploded in the port. No shots were fired.",
]


@pytest.mark.parametrize("text", QUIET)
def test_what_denies_nothing(text: str) -> None:
    assert [c for c in claims(text, mention(text, "exploded")) if c.stance == "denies"] == []


def test_quotes_stand_in_the_text_and_hold_the_value() -> None:
    text = "In the port, which had been closed since May, a bomb exploded, killing four people; the quay was shut."
    told = mention(text, "exploded", killed=count(text, "four people", 4))
    for claim in claims(text, told):
        assert text[claim.start : claim.end] == claim.quote
        assert "four people" in claim.quote


def test_who_denies_a_deed_does_not_tell_it() -> None:
    text = "The army denied that its guns had hit a clinic, where medics said four people were killed."
    target = Actor(text="clinic", kind="facility", start=text.index("clinic"), end=text.index("clinic") + 6)
    found = claims(text, mention(text, "hit", killed=count(text, "four people", 4), targets=(target,)))
    said = {c.slot: (c.stance, c.by) for c in found}
    assert said["killed"] == ("reports", "medics")
    assert said["target"] == ("reports", "gazette")
    assert said["perpetrator"] == ("denies", "army")


def test_a_quote_is_bounded() -> None:
    text = "word " * 200
    start, end = quote_around(text, 400, 404)
    assert start <= 400 and end >= 404 and end - start <= QUOTE
