"""What stands before every address: known hosts only, no method that could change anything, headers that keep a browser
from loading or running anything but the page's own; and the count and time of each request.
"""

from collections.abc import Collection, Iterable
from http import HTTPStatus
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from streams import observe
from streams.web.problems import Problem, answer

METHODS = ("GET", "HEAD")
LOCAL = ("localhost", "127.0.0.1", "[::1]")
EVERY_HOST = "*"
OTHER = "other"  # route of what is nothing's address
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}


class Guard:
    """Wraps the application. `hosts` are names by which clients may call the server, beside the local ones: a page of
    another site that has its name point here is refused.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute], hosts: Collection[str] = ()) -> None:
        self._app, self._hosts = app, {*LOCAL, *(host.lower() for host in hosts)}
        self._paths: dict[object, str] = {route.endpoint: route.path for route in routes if isinstance(route, Route)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":  # a stream of events has no end to wait for
                MutableHeaders(scope=message).update(HEADERS)
                route = self._route(scope)
                observe.HTTP_SECONDS.labels(route).observe(perf_counter() - begun)
                observe.HTTP_REQUESTS.labels(route, str(message["status"])).inc()
            await send(message)

        refused = self._refused(scope)
        await (answer(refused) if refused else self._app)(scope, receive, guarded)

    def _route(self, scope: Scope) -> str:
        """The path as it is declared, so that there are few."""
        return self._paths.get(scope.get("endpoint"), OTHER)

    def _refused(self, scope: Scope) -> Problem | None:
        if EVERY_HOST not in self._hosts and _host(Headers(scope=scope).get("host", "")) not in self._hosts:
            return Problem(HTTPStatus.MISDIRECTED_REQUEST, "this server is not called so; TOCSIN_WEB_HOSTS names it")
        if scope["method"] not in METHODS:
            return Problem(
                HTTPStatus.METHOD_NOT_ALLOWED, f"there is {' and '.join(METHODS)}: nothing can be changed here"
            )
        return None


def _host(header: str) -> str:
    """The name without the port."""
    name, colon, port = header.lower().rpartition(":")
    return name if colon and port.isdigit() else header.lower()
