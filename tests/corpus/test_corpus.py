"""The project's own labelled texts against the gate, types and modality: floors that a change must not fall below.

The models have seen these texts, so the figures guard against breakage; they are no measure of quality. That stands in
docs/quality.md, from cross-validation and from texts that nothing was tuned to.
"""

import pytest

from processors.gate import Gate
from tests.corpus.measure import actual, labels, of, rows


@pytest.mark.slow
def test_the_gate_keeps_what_leads_to_a_mention() -> None:
    gate = Gate()
    leading = [row for row in rows() if actual(row)]
    assert sum(gate.passes(of(row)).passed for row in leading) >= 0.99 * len(leading)


@pytest.mark.slow
def test_true_items_are_kept_and_noise_is_not() -> None:
    true = [row for row in rows() if row["kind"] == "actual"]
    noise = [row for row in rows() if row["kind"] != "actual"]
    assert sum(map(actual, true)) >= 0.86 * len(true)
    assert sum(map(actual, noise)) <= 0.05 * len(noise)


@pytest.mark.slow
def test_types_of_labelled_sentences() -> None:
    now = [x for row in rows() for x in labels(row) if x.event_type and x.modality == "actual"]
    found = [x for x in now if x.found]
    assert len(found) >= 0.75 * len(now)
    assert sum(x.type_right for x in found) >= 0.81 * len(found)


@pytest.mark.slow
def test_modality_of_labelled_sentences() -> None:
    found = [x for row in rows() for x in labels(row) if x.modality and x.found]
    assert sum(x.modality_right for x in found) >= 0.87 * len(found)
