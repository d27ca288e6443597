"""Incidents as GeoJSON (RFC 7946): a point where the place is known, none where it is not."""

from collections.abc import Iterable
from typing import Any

from processors.model import Incident

MEDIA_TYPE = "application/geo+json"


def collection(incidents: Iterable[Incident]) -> dict[str, Any]:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": [feature(each) for each in incidents]}


def feature(incident: Incident) -> dict[str, Any]:
    """The point is that of the first place, which is where it happened, as far as anyone said; `precision` and
    `radius_km` say how well it is known. Nothing is put into the middle of a country for being somewhere in it.
    """
    place = next(iter(incident.places), None)
    located = place is not None and None not in (place.lat, place.lon) and place.precision != "country"
    return {
        "type": "Feature",
        "id": incident.incident_id,
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]} if place and located else None,
        "properties": _properties(incident),
    }


def _properties(incident: Incident) -> dict[str, Any]:
    place = next(iter(incident.places), None)
    names = (
        "version", "status", "event_type", "title", "when", "outcome", "killed", "injured", "severity", "grade",
        "confidence", "independent_sources", "contested", "first_reported_at", "updated_at",
    )  # fmt: skip
    where = {
        name: getattr(place, name, None) for name in ("name", "country", "admin1", "role", "precision", "radius_km")
    }
    return {name: getattr(incident, name) for name in names} | where
