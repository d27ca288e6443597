"""The published description of the API: as generated, true of the addresses, of their parameters and of real answers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from starlette.routing import Route

from streams.store import history
from streams.web import page
from streams.web.access import Access
from streams.web.api import Api
from tests.web.site import Site

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "deploy/openapi.yaml").read_text("utf-8"))


def test_it_is_as_the_generator_makes_it() -> None:
    assert subprocess.run([sys.executable, "tools/generate_openapi.py", "--check"], cwd=ROOT).returncode == 0, "run it"


def test_it_names_every_address() -> None:
    routes = [each.path for each in Api(Access("sqlite://"), lambda: False).routes() if isinstance(each, Route)]
    assert set(routes) == set(DOCUMENT["paths"])
    assert not set(routes) & {each.path for each in page.routes() if isinstance(each, Route)}


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_parameters_are_those_that_are_taken(empty: Site, path: str) -> None:
    named = {each["name"] for each in DOCUMENT["paths"][path]["get"]["parameters"] if each["in"] == "query"}
    said = empty.refused(path.replace("{incident_id}", "x"), nonsense="1")
    listed = said["detail"].removeprefix("is no parameter here; there are ")
    assert said["parameter"] == "nonsense" and {*listed.split(", ")} - {"none"} == named


@pytest.mark.parametrize("path", ["/api/v1/incidents", "/api/v1/incidents/{incident_id}", "/healthz", "/readyz"])
def test_answers_are_what_it_says(site: Site, path: str) -> None:
    one = max(history.incidents(site.store.engine), key=lambda i: i.version)
    check(path, "200", site.json(path.replace("{incident_id}", one.incident_id)))


def test_refusals_are_what_it_says(site: Site) -> None:
    check("/api/v1/incidents", "400", site.refused("/api/v1/incidents", limit="x"))
    check("/api/v1/incidents/{incident_id}", "404", site.refused("/api/v1/incidents/x"))


def check(path: str, status: str, found: Any) -> None:
    content = DOCUMENT["paths"][path]["get"]["responses"][status]["content"]
    ((_, kind),) = content.items()
    whole = kind["schema"] | {"components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(json.loads(json.dumps(found)))
