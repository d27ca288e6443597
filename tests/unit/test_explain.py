"""What `explain` says: values with words and items, why items are together, what versions changed."""

import pytest

from processors.explain import explain, explain_pair
from processors.model import Weapon
from tests.unit.resolving import Run, mention, told

BLAST = "A car bomb killed two people outside the courthouse in Mardan, police said."
LATER = "Doctors put the dead of the courthouse car bomb in Mardan at three."


def run() -> Run:
    return Run(
        [
            told("alpha", "1", 0, mention(BLAST, killed=2, by="police")),
            told("beta", "2", 9, mention(LATER, killed=3, by="doctors")),
            told("gamma", "3", 1, mention("Shots were fired near Gao.", "Gao")),
        ]
    )


def test_every_part_is_there() -> None:
    known = run()
    [market] = [i for i in known.open() if "alpha/1@0" in i.items]
    text = explain(market.incident_id, known.state, known.state.versions(market.incident_id))
    assert "killed 3 to 3, best 3" in text
    assert "2 by official in alpha/1@0" in text
    assert "3 by medics in beta/2@0" in text
    assert "replaced" in text
    assert "type same: bombing and bombing" in text
    assert "opened by alpha/1@0" in text
    assert "killed 2→3" in text


def test_a_value_without_words_is_said_by_its_kind() -> None:
    weapon = Weapon(type="ied", text="")
    known = Run([told("alpha", "1", 0, mention(BLAST, weapons=(weapon, Weapon(type="ied", text="car bomb"))))])
    [only] = known.open()
    text = explain(only.incident_id, known.state)
    assert "alpha/1@0 (alpha): ied, “car bomb”" in text
    assert "alpha/1@0 (alpha): 2025-03-04" in text
    assert "Weapon(" not in text and "When(" not in text


def test_a_pair_is_explained_either_way() -> None:
    known = run()
    assert "together in" in explain_pair("alpha/1", "beta/2", known.state)
    apart = explain_pair("alpha/1", "gamma/3", known.state)
    assert "not together" in apart
    assert "towns apart" in apart
    assert "tells no incident" in explain_pair("alpha/1", "nobody/0", known.state)


def test_an_unknown_incident_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain("none", run().state)
