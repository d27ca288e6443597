"""The addresses that answer with data. See docs/web.md."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from processors.errors import UnavailableError
from streams.codec import encode
from streams.web import atom, geojson, look, outbox
from streams.web import parameters as given
from streams.web.access import Access
from streams.web.answers import Health, Incidents, ListedIncident, brief, picked
from streams.web.detail import detail
from streams.web.events import MOST_CLIENTS, EventStream, Places
from streams.web.problems import Problem

JSON = "application/json"
LAST_EVENT_ID = "last-event-id"
NO_STORE = {"cache-control": "no-store"}
MOST_ENTRIES, DEFAULT_ENTRIES = 500, 100  # of the Atom feed
DEFAULT_POINTS = 1000

T = TypeVar("T")


class Api:
    """`closing` says that the server ends, so that streams end too."""

    def __init__(self, access: Access, closing: Callable[[], bool]) -> None:
        self._access, self._closing = access, closing
        self._places: Places | None = None  # made inside the event loop that it belongs to

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/v1/incidents", self.incidents),
            Route("/api/v1/incidents/{incident_id}", self.incident),
            Route("/api/v1/alerts/stream", self.stream),
            Route("/incidents.geojson", self.points),
            Route("/alerts.atom", self.feed),
            Route("/healthz", self.healthy),
            Route("/readyz", self.ready),
        ]

    async def incidents(self, request: Request) -> Response:
        query = request.query_params
        given.only(query, given.FILTERS | given.PAGING)
        wanted, after, most = given.filters(query), given.cursor(query), given.limit(query)
        found = await self._access.ask(lambda c: _listed(c, wanted, look.page(c, wanted, after, most)))
        if found.next_cursor is None:
            return _json(found)
        onward = onward_from(request.url, found.next_cursor)
        return _json(msgspec.structs.replace(found, next=onward), {"link": f'<{onward}>; rel="next"'})

    async def incident(self, request: Request) -> Response:
        query = request.query_params
        given.only(query, {"as_of", "version"})
        as_of, version, name = given.as_of(query), given.version(query), request.path_params["incident_id"]
        return _json(await self._access.ask(lambda c: detail(c, name, as_of, version)))

    async def stream(self, request: Request) -> ASGIApp:
        given.only(request.query_params, {"after"})
        self._places = self._places or Places(self._access)
        if self._places.clients >= MOST_CLIENTS:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{MOST_CLIENTS} clients follow the alerts already")
        after = request.headers.get(LAST_EVENT_ID) or request.query_params.get("after") or None
        place = await self._places.begin(after)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream", headers=NO_STORE)
        return EventStream(self._places, place, self._closing)

    async def points(self, request: Request) -> Response:
        query = request.query_params
        given.only(query, given.FILTERS | {"limit"})
        wanted, most = given.filters(query), given.limit(query, DEFAULT_POINTS, given.MOST_POINTS)
        made = await self._access.ask(lambda c: geojson.collection(look.all_of(c, wanted, most)))
        return Response(encode(made), media_type=geojson.MEDIA_TYPE, headers=NO_STORE)

    async def feed(self, request: Request) -> Response:
        given.only(request.query_params, {"limit"})
        most = given.limit(request.query_params, DEFAULT_ENTRIES, MOST_ENTRIES)
        base = str(request.base_url).rstrip("/")
        made = await self._access.ask(lambda c: atom.feed(outbox.newest(c, most), base))
        return Response(made, media_type=atom.MEDIA_TYPE, headers=NO_STORE)

    async def healthy(self, request: Request) -> Response:
        """This process answers."""
        given.only(request.query_params, ())
        return _json(Health())

    async def ready(self, request: Request) -> Response:
        """The database answers, and has the tables."""
        given.only(request.query_params, ())
        try:
            await self._access.ask(outbox.newest_place)
        except UnavailableError as error:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer") from error
        return _json(Health())


def onward_from(url: URL, cursor: str) -> str:
    """The next page's address, without a host: what stands before this server may have another."""
    following = url.include_query_params(cursor=cursor)
    return f"{following.path}?{following.query}"


def _listed(connection: Connection, wanted: given.Filters, page: look.Page) -> Incidents:
    """A page with what the page beside it needs to go on."""
    last = look.last_alerts(connection, [each.incident_id for each in page.incidents], wanted.as_of)
    briefs = {name: brief(alert) for name, alert in last.items()}
    return Incidents(
        incidents=tuple(
            picked(ListedIncident, each, last_alert=briefs.get(each.incident_id)) for each in page.incidents
        ),
        newest_alert=outbox.newest_id(connection),
        newest_item_at=look.newest_item(connection, datetime.now(UTC)),
        next_cursor=page.next.encode() if page.next else None,
        next=None,
    )


def _json(value: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(encode(value), media_type=JSON, headers=NO_STORE | (headers or {}))
