"""The live page: three documents and what they load, packaged as they are; no build, nothing from elsewhere."""

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from streams.web import parameters as given
from streams.web.problems import Problem

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
PAGES = ("index.html", "incident.html")


def routes() -> list[BaseRoute]:
    return [
        Route("/", lambda request: _file(request, "index.html")),
        Route("/incidents/{incident_id}", lambda request: _file(request, "incident.html")),
        Route("/static/{name}", _static),
    ]


def _static(request: Request) -> Response:
    given.only(request.query_params, ())
    return _file(request, request.path_params["name"])


def _file(request: Request, name: str) -> Response:
    """One of the packaged files, by name; a browser asks again each time, and is told when it has it already."""
    if name not in names():
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no {name[:80]}")
    data, tag = packaged(name)
    headers = {"etag": tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(data, media_type=TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def names() -> frozenset[str]:
    """What is packaged; nothing else can be asked for."""
    found = (each.name for each in files("streams.web").joinpath("static").iterdir())
    return frozenset(name for name in found if name.rpartition(".")[2] in TYPES)


@cache
def packaged(name: str) -> tuple[bytes, str]:
    """A file and its tag."""
    data = files("streams.web").joinpath("static", name).read_bytes()
    return data, f'"{sha256(data).hexdigest()[:16]}"'
