"""Writes deploy/openapi.yaml: the read API, as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).

    python tools/generate_openapi.py [--check]

Answers come from `streams/web/answers.py` and the contract's structs, choices from `streams/web/parameters.py`.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import msgspec
import yaml

from processors.model import Alert, EventType, Severity, Status
from streams.web import answers, atom, geojson, problems
from streams.web import parameters as given
from streams.web.api import DEFAULT_ENTRIES, DEFAULT_POINTS, MOST_ENTRIES

FILE = Path(__file__).resolve().parents[1] / "deploy" / "openapi.yaml"
STRUCTS = (answers.Incidents, answers.IncidentDetail, answers.Health, answers.ProblemAnswer, Alert)
SCHEMAS = "#/components/schemas/{name}"
Json = dict[str, Any]

TEXT: Json = {"type": "string"}
TIME: Json = {"type": "string", "format": "date-time"}
WHAT: dict[str, tuple[str, Json]] = {
    "status": ("Any of these; left out: all.", {"type": "array", "items": {"enum": list(get_args(Status))}}),
    "event_type": ("Any of these.", {"type": "array", "items": {"enum": [each.value for each in EventType]}}),
    "severity": ("Any of these.", {"type": "array", "items": {"enum": list(get_args(Severity))}}),
    "min_severity": ("This or a graver one.", {"enum": list(get_args(Severity))}),
    "country": (
        "ISO 3166-1 codes of where it happened.",
        {"type": "array", "items": TEXT | {"pattern": "^[A-Za-z]{2}$"}},
    ),
    "since": ("Last changed at or after.", TIME),
    "until": ("Last changed before.", TIME),
    "happened_since": ("Began at or after.", TIME),
    "happened_until": ("Began before.", TIME),
    "bbox": ("west,south,east,north in degrees; west greater than east crosses the antimeridian.", TEXT),
    "q": ("Words that all stand in title, places, actors, weapons or claims.", TEXT | {"maxLength": given.MOST_Q}),
    "as_of": ("As it was known at that time of the items' clock.", TIME),
    "cursor": ("`next_cursor` of the page before.", TEXT),
    "after": ("An alert's id to go on behind, or `start`. The header Last-Event-ID goes before it.", TEXT),
    "version": ("That version of the incident.", {"type": "integer", "minimum": 1}),
}


def document() -> Json:
    """The whole document."""
    _, schemas = msgspec.json.schema_components(STRUCTS, ref_template=SCHEMAS)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tocsin",
            "version": "1.0.0",
            "description": "Security incidents from news feeds and Telegram channels, to read. Within v1 fields and "
            "parameters are only added. Unknown parameters are refused. More in docs/web.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:8420"}],
        "paths": paths(),
        "components": {"schemas": schemas},
    }


def paths() -> Json:
    """Every address that answers with data."""
    filters = _parameters(given.FILTERS)
    page = [_limit(given.DEFAULT_LIMIT, given.MOST_LIMIT), *_parameters(["cursor"])]
    points, entries = _limit(DEFAULT_POINTS, given.MOST_POINTS), _limit(DEFAULT_ENTRIES, MOST_ENTRIES)
    name = {"name": "incident_id", "in": "path", "required": True, "schema": TEXT}
    one = [name, *_parameters(["as_of", "version"])]
    return {
        "/api/v1/incidents": _get("Incidents, the newest change first", [*filters, *page], _json("Incidents")),
        "/api/v1/incidents/{incident_id}": _get("One incident with all behind it", one, _json("IncidentDetail"), 404),
        "/api/v1/alerts/stream": _get(
            "Alerts as server-sent events: `event: alert`, its `id`, an Alert as `data`; `event: reset`: the place is not known",
            _parameters(["after"]), {"text/event-stream": {"schema": TEXT}},
        ),
        "/incidents.geojson": _get(
            "Incidents as points", [*filters, points], {geojson.MEDIA_TYPE: {"schema": {"type": "object"}}}
        ),
        "/alerts.atom": _get("The newest alerts as a feed", [entries], {atom.MEDIA_TYPE: {"schema": TEXT}}),
        "/healthz": _get("The process answers", [], _json("Health")),
        "/readyz": _get("The database answers", [], _json("Health")),
    }  # fmt: skip


def _get(what: str, parameters: list[Json], content: Json, *more: int) -> Json:
    problem = {problems.MEDIA_TYPE: {"schema": {"$ref": SCHEMAS.format(name="ProblemAnswer")}}}
    said = {
        400: "A parameter that cannot be used",
        404: "There is none",
        503: "The database is away, or too many clients",
    }
    refused = {str(status): {"description": said[status], "content": problem} for status in (400, *more, 503)}
    return {
        "get": {
            "summary": what,
            "parameters": parameters,
            "responses": {"200": {"description": what, "content": content}, **refused},
        }
    }


def _json(name: str) -> Json:
    return {"application/json": {"schema": {"$ref": SCHEMAS.format(name=name)}}}


def _parameters(names: Iterable[str]) -> list[Json]:
    """By name; several values of one go with commas between."""
    found = []
    for name in sorted(names):
        text, schema = WHAT[name]
        commas = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
        found.append({"name": name, "in": "query", "description": text, "schema": schema, **commas})
    return found


def _limit(default: int, most: int) -> Json:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return {"name": "limit", "in": "query", "description": "At most so many.", "schema": schema}


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: no anchors."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def text() -> str:
    """The file."""
    head = "# Made by tools/generate_openapi.py: do not edit.\n"
    return head + yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="fail if the file is not as generated")
    if arguments.parse_args().check:
        return 0 if FILE.read_text("utf-8") == text() else 1
    FILE.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
