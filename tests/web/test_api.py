"""The read API over real HTTP, SQLite and PostgreSQL alike: filters, paging, earlier states, answers to what is wrong."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from processors.errors import UnavailableError
from processors.model import Incident
from streams.store import history
from streams.web.access import Access
from tests.web.site import Site, plain

LIST = "/api/v1/incidents"
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def known(site: Site) -> list[Incident]:
    return list(history.incidents(site.store.engine))


def newest_first(incidents: list[Incident]) -> list[str]:
    ordered = sorted(incidents, key=lambda i: (i.updated_at or DAY, i.incident_id), reverse=True)
    return [each.incident_id for each in ordered]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["incident_id"] for each in found]


def without_alert(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "last_alert"}


def test_the_list_is_what_the_store_knows(site: Site) -> None:
    found = site.pages(limit=7)
    assert ids(found) == newest_first(known(site))
    assert [without_alert(each) for each in found] == [
        plain({i.incident_id: i for i in known(site)}[name]) for name in ids(found)
    ]


def test_each_comes_with_its_last_alert(site: Site) -> None:
    last = {alert.incident_id: alert for alert in history.alerts(site.store.engine)}
    page = site.json(LIST, limit=500)
    for each in page["incidents"]:
        alert = last.get(each["incident_id"])
        assert (each["last_alert"] or {}).get("alert_id") == (alert.alert_id if alert else None)
    with site.store.looking() as work:
        newest = max(
            state.record.published_at for state in work.items([each.item.rpartition("@")[0] for each in site.told])
        )
    assert page["newest_item_at"] == plain_time(newest)
    assert page["newest_alert"] == list(history.alerts(site.store.engine))[-1].alert_id


FILTERS: list[tuple[dict[str, Any], Callable[[Incident], bool]]] = [
    ({"status": "open"}, lambda i: i.status == "open"),
    ({"status": "retracted,merged"}, lambda i: i.status != "open"),
    ({"event_type": "bombing"}, lambda i: i.event_type == "bombing"),
    ({"event_type": ["bombing", "shooting"]}, lambda i: i.event_type in ("bombing", "shooting")),
    ({"country": "sd"}, lambda i: i.places[0].country == "SD"),
    ({"country": "IQ"}, lambda i: i.places[0].country == "IQ"),
    ({"severity": "moderate"}, lambda i: i.severity == "moderate"),
    ({"min_severity": "moderate"}, lambda i: i.severity != "minor"),
    ({"bbox": "19,3,29,14"}, lambda i: 19 <= i.places[0].lon <= 29 and 3 <= i.places[0].lat <= 14),
    ({"bbox": "170,-20,24,20"}, lambda i: i.places[0].lon <= 24 and i.places[0].lat <= 20),
    ({"since": "2026-03-03"}, lambda i: i.updated_at >= DAY + timedelta(days=2)),
    ({"until": "2026-03-03T06:00:00+03:00"}, lambda i: i.updated_at < DAY + timedelta(days=2, hours=3)),
    ({"happened_since": "2026-03-02"}, lambda i: i.when.start >= DAY + timedelta(days=1)),
    ({"happened_until": "2026-03-02"}, lambda i: i.when.start < DAY + timedelta(days=1)),
    ({"q": "TÓWN1"}, lambda i: "town1" in i.title.lower()),
    ({"q": "bombing town1"}, lambda i: "bombing" in i.title.lower() and "town1" in i.title.lower()),
    ({"min_severity": "moderate", "event_type": "bombing"}, lambda i: i.severity != "minor" and i.event_type == "bombing"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "wanted"), FILTERS, ids=[str(query) for query, _ in FILTERS])
def test_filters_give_just_what_they_say(site: Site, query: dict[str, Any], wanted: Callable[[Incident], bool]) -> None:
    expected = newest_first([each for each in known(site) if wanted(each)])
    assert ids(site.json(LIST, limit=500, **query)["incidents"]) == expected
    assert ids(site.pages(limit=1, **query)) == expected, "pages are read out of the versions"
    assert ids(site.json(LIST, limit=500, as_of="2027-01-01", **query)["incidents"]) == expected


def test_filters_of_this_test_are_not_empty(site: Site) -> None:
    for query, wanted in FILTERS:
        assert any(map(wanted, known(site))) or query in ({"country": "IQ"}, {"status": "retracted,merged"}), query


@pytest.mark.parametrize("hours", [0, 5, 20, 50, 100])
def test_the_list_as_it_was(site: Site, hours: int) -> None:
    time = DAY + timedelta(hours=hours)
    expected = {each.incident_id: plain(each) for each in history.incidents_at(site.store.engine, time)}
    found = site.pages(limit=3, as_of=time.isoformat())
    assert {each["incident_id"]: without_alert(each) for each in found} == expected
    assert all(each["last_alert"] is None or each["last_alert"]["sent_at"] <= plain_time(time) for each in found)


def plain_time(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 9), min_size=30, max_size=30), written=st.lists(st.integers(0, 4), max_size=30))
def test_pages_are_one_state_whatever_is_written_between_them(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], written: list[int]
) -> None:
    site = Site(f"sqlite:///{tmp_path_factory.mktemp('paging')}/s.db", 60)
    try:
        site.take(30)
        expected = [plain({i.incident_id: i for i in known(site)}[name]) for name in newest_first(known(site))]
        found, cursor = [], {}
        for number, size in enumerate(sizes):
            page = site.json(LIST, limit=size, **cursor)
            found += [without_alert(each) for each in page["incidents"]]
            site.take(written[number] if number < len(written) else 0)
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert found == expected
    finally:
        site.close()


def test_the_next_page_is_linked(site: Site) -> None:
    status, headers, body = site.ask(LIST, limit=2, status="open")
    onward = json.loads(body)["next"]
    assert status == 200 and headers["link"] == f'<{onward}>; rel="next"'
    assert onward.startswith(f"{LIST}?") and "status=open" in onward
    assert json.loads(site.ask(onward)[2])["incidents"]


def test_one_incident_with_versions_claims_and_explanation(site: Site) -> None:
    one = max(known(site), key=lambda i: i.version)
    found = site.json(f"{LIST}/{one.incident_id}")
    versions = history.versions(site.store.engine, one.incident_id)
    more = ("versions", "explanation", "sources", "alerts")
    assert {name: value for name, value in found.items() if name not in more} == plain(one)
    assert [each["version"] for each in found["versions"]] == [each.incident.version for each in versions]
    assert found["versions"][0]["changed"][0].startswith("opened by")
    assert all(each["changed"] for each in found["versions"])
    assert [each["item"] for each in found["sources"]] == list(one.items)
    assert all(each["version"] <= one.version for each in found["alerts"])
    assert found["explanation"]["text"].startswith(one.title)
    said = {each["slot"]: each["said"] for each in found["explanation"]["values"]}
    assert {each["item"] for each in said["event_type"]} <= set(one.items)
    assert one.event_type.value in {each["words"] for each in said["event_type"]}
    counting = [each["value"] for each in said["killed"] if each["standing"] == "counts"]
    assert str(one.killed.best if one.killed else None) in counting


def test_one_incident_as_it_was(site: Site) -> None:
    one = max(known(site), key=lambda i: i.version)
    first, second = history.versions(site.store.engine, one.incident_id)[:2]
    found = site.json(f"{LIST}/{one.incident_id}", version=1)
    assert found["title"] == first.incident.title and len(found["versions"]) == 1
    before = (second.updated_at - timedelta(microseconds=1)).isoformat()
    if second.updated_at > first.updated_at:
        assert site.json(f"{LIST}/{one.incident_id}", as_of=before)["version"] == 1
    early = site.refused(f"{LIST}/{one.incident_id}", as_of="2020-01-01")
    assert early["parameter"] == "as_of" and early["status"] == 404
    assert site.refused(f"{LIST}/{one.incident_id}", version=10_000)["parameter"] == "version"


@pytest.mark.parametrize("name", ["none", "00000000-0000-0000-0000-000000000000", "%00", "a'b", "x" * 300])
def test_no_such_incident(site: Site, name: str) -> None:
    assert site.refused(f"{LIST}/{name}")["status"] == 404


WRONG = [
    ("limit", "0"), ("limit", "501"), ("limit", "many"), ("limit", "１"), ("status", "closed"), ("event_type", "war"),
    ("event_type", ""), ("severity", "grave"), ("min_severity", "grave"), ("country", "Iraq"), ("country", ""),
    ("since", "yesterday"), ("until", "2026-13-01"), ("as_of", "0001-01-01T00:00:00+14:00"), ("bbox", "1,2,3"),
    ("bbox", "1,2,3,x"), ("bbox", "0,10,0,-10"), ("bbox", "0,nan,0,nan"), ("bbox", "-181,0,0,1"), ("q", "x" * 201),
    ("cursor", "nonsense"), ("cursor", "W10"), ("cursor", "é"), ("verbose", "1"), ("Status", "open"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_wrong_is_named(site: Site, name: str, value: str) -> None:
    said = site.refused(LIST, **{name: value})
    assert said["parameter"] == name and said["status"] == 400 and said["detail"]


def test_one_value_is_not_two(site: Site) -> None:
    assert site.refused(LIST, limit=["1", "2"])["parameter"] == "limit"
    assert site.refused(LIST, severity="minor", min_severity="severe")["parameter"] == "severity"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(["q", "bbox", "since", "cursor", "country", "limit", "as_of"]), st.text()))
def test_no_query_is_a_fault_of_the_server(site: Site, query: dict[str, str]) -> None:
    status, _, _ = site.ask(LIST, **{name: text.encode("utf-8", "replace") for name, text in query.items()})
    assert status in (200, 400)


def test_the_connections_cannot_write(site: Site) -> None:
    access = Access(site.store.engine.url.render_as_string(hide_password=False))
    for write in ("DELETE FROM outbox", "CREATE TABLE x (y INTEGER)", "UPDATE positions SET value = '0'"):
        with pytest.raises(UnavailableError, match="read-?only"):
            access.answer(lambda connection, write=write: connection.execute(text(write)))
    access.close()


def test_no_question_is_worked_on_for_ever(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.web.access.LONGEST", 0.3)
    access = Access(site.store.engine.url.render_as_string(hide_password=False))
    endless = text("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n")
    with pytest.raises(UnavailableError):
        access.answer(lambda connection: connection.execute(endless).all())
    access.close()


def test_it_answers_that_it_lives_and_is_ready(site: Site) -> None:
    assert site.json("/healthz") == site.json("/readyz") == {"status": "ok"}
