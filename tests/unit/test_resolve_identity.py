"""Which id goes with which part where an incident is split."""

import msgspec

from processors.resolve.identity import assign
from processors.resolve.intake import entries_of
from processors.resolve.state import Entry
from tests.unit.resolving import at, mention, told


def entry(source: str, hours: float, incident_id: str | None) -> Entry:
    [made] = entries_of(told(source, "1", hours, mention("A bomb went off in Mardan.")), stands=True)
    return msgspec.structs.replace(made, incident_id=incident_id)


def ids(*clusters: list[Entry]) -> tuple[str | None, ...]:
    return assign(clusters, {"one": at(0)}, lambda _: False).ids


def test_the_id_stays_with_most_of_what_it_had() -> None:
    post, report, second = entry("post", 0, "one"), entry("report", 1, "one"), entry("second", 2, "one")
    assert ids([post], [report, second])[1] == "one"


def test_of_equal_parts_the_id_goes_with_the_one_that_others_tell_too() -> None:
    post, report, fresh = entry("post", 0, "one"), entry("report", 1, "one"), entry("fresh", 2, None)
    assert ids([post], [report, fresh])[1] == "one"
    assert ids([post], [report])[0] == "one"
