"""The application: addresses, guard, errors."""

from collections.abc import Callable, Collection
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.types import ASGIApp

from processors.errors import UnavailableError
from streams.web import page, problems
from streams.web.access import Access
from streams.web.api import Api
from streams.web.guard import Guard


def application(access: Access, hosts: Collection[str] = (), closing: Callable[[], bool] = lambda: False) -> ASGIApp:
    """The whole site over one store; `closing` says that the server ends."""
    handlers = {
        problems.Problem: problems.on_problem,
        UnavailableError: problems.on_unavailable,
        HTTPStatus.NOT_FOUND.value: problems.on_missing,
        Exception: problems.on_fault,
    }
    routes = [*page.routes(), *Api(access, closing).routes()]
    return Guard(Starlette(routes=routes, exception_handlers=handlers), routes, hosts)
