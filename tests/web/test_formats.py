"""GeoJSON and Atom keep to their standards, whatever the sources wrote."""

import json
from typing import Any

import feedparser
import pytest
from lxml import etree

from processors.model import Incident
from streams.store import history
from tests.web import hostile
from tests.web.site import Site

ATOM = "{http://www.w3.org/2005/Atom}"


def checked(found: Any) -> list[dict[str, Any]]:
    """The features of a collection that keeps to RFC 7946."""
    assert found["type"] == "FeatureCollection" and isinstance(found["features"], list)
    for each in found["features"]:
        assert each["type"] == "Feature" and isinstance(each["properties"], dict) and isinstance(each["id"], str)
        if each["geometry"] is not None:
            assert each["geometry"]["type"] == "Point"
            lon, lat = each["geometry"]["coordinates"]
            assert -180 <= lon <= 180 and -90 <= lat <= 90
    assert len({each["id"] for each in found["features"]}) == len(found["features"])
    return list(found["features"])


def test_geojson_has_what_the_list_has(site: Site) -> None:
    status, headers, body = site.ask("/incidents.geojson")
    assert status == 200 and headers["content-type"] == "application/geo+json"
    features = {each["id"]: each for each in checked(json.loads(body))}
    known = {each.incident_id: each for each in history.incidents(site.store.engine)}
    assert features.keys() == known.keys()
    for name, each in known.items():
        assert features[name]["geometry"]["coordinates"] == [each.places[0].lon, each.places[0].lat]
        assert features[name]["properties"]["severity"] == each.severity


def test_geojson_takes_the_filters_of_the_list(site: Site) -> None:
    query = {"event_type": "bombing", "bbox": "4,20,30,40", "as_of": "2026-03-03"}
    listed = site.pages(limit=500, **query)
    assert [each["id"] for each in checked(site.json("/incidents.geojson", **query))] == [
        each["incident_id"] for each in listed
    ]
    assert len(checked(site.json("/incidents.geojson", limit=2))) == 2
    assert site.refused("/incidents.geojson", cursor="x")["parameter"] == "cursor"


def placed(**place: Any) -> Incident:
    import msgspec

    one = hostile.incident()
    return msgspec.structs.replace(one, places=(msgspec.structs.replace(one.places[0], **place),))


@pytest.mark.parametrize("place", [{"lat": None, "lon": None}, {"precision": "country"}])
def test_no_point_is_made_up(empty: Site, place: dict[str, Any]) -> None:
    empty.publish(placed(**place))
    (feature,) = checked(empty.json("/incidents.geojson"))
    assert feature["geometry"] is None
    assert checked(empty.json("/incidents.geojson", bbox="-180,-90,180,90")) == []


def atom(body: bytes) -> Any:
    """A feed that has what RFC 4287 asks for, as feedparser reads it."""
    root = etree.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    for each in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(each.findall(f"{ATOM}{name}")) == 1 and each.find(f"{ATOM}{name}").text
        assert [link.get("href") for link in each.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert {each.tag.removeprefix(ATOM) for each in root} <= {"id", "title", "updated", "link", "author", "entry"}
    read = feedparser.parse(body)
    assert not read.bozo, read.get("bozo_exception")
    assert len({each.id for each in read.entries}) == len(read.entries)
    return read


def test_atom_has_the_newest_alerts_first(site: Site) -> None:
    status, headers, body = site.ask("/alerts.atom", limit=500)
    assert status == 200 and headers["content-type"] == "application/atom+xml"
    sent = list(history.alerts(site.store.engine))[::-1]
    read = atom(body)
    assert [each.id for each in read.entries] == [f"urn:uuid:{alert.alert_id}" for alert in sent]
    assert [each.title for each in read.entries] == [alert.headline for alert in sent]
    assert read.entries[0].link == f"{site.server.address}incidents/{sent[0].incident_id}"
    assert len(atom(site.ask("/alerts.atom", limit=3)[2]).entries) == 3


def test_an_empty_feed_is_a_feed(empty: Site) -> None:
    assert atom(empty.ask("/alerts.atom")[2]).entries == []


def test_hostile_words_stay_words(empty: Site) -> None:
    empty.publish(hostile.incident(), hostile.item())
    _, headers, body = empty.ask("/alerts.atom")
    assert headers["x-content-type-options"] == "nosniff"
    (entry,) = atom(body).entries
    root = etree.fromstring(body)
    assert {each.tag for each in root.iter()} == {
        ATOM + name
        for name in ("feed", "id", "title", "updated", "link", "author", "name", "entry", "category", "content")
    }
    assert hostile.SCRIPT in root.findtext(f"{ATOM}entry/{ATOM}content")
    assert entry.link.startswith(empty.server.address)
    (feature,) = checked(empty.json("/incidents.geojson"))
    assert hostile.SCRIPT in feature["properties"]["title"]
