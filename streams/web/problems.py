"""Errors as answers: `application/problem+json` (RFC 9457), with the parameter at fault where there is one."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from streams.codec import encode
from streams.web.answers import ProblemAnswer

MEDIA_TYPE = "application/problem+json"
HEADERS = {
    HTTPStatus.SERVICE_UNAVAILABLE: {"retry-after": "5"},
    HTTPStatus.METHOD_NOT_ALLOWED: {"allow": "GET, HEAD"},
}


class Problem(Exception):
    """Ends a request. `parameter` is the one of the query that cannot be used."""

    def __init__(self, status: HTTPStatus, detail: str, parameter: str | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameter = status, detail, parameter


def wrong(parameter: str, detail: str) -> Problem:
    """A parameter that cannot be used, and why."""
    return Problem(HTTPStatus.BAD_REQUEST, detail, parameter)


def answer(problem: Problem) -> Response:
    """The problem as an answer."""
    status = problem.status
    said = ProblemAnswer(title=status.phrase, status=status.value, detail=problem.detail, parameter=problem.parameter)
    return Response(encode(said), problem.status, HEADERS.get(problem.status), MEDIA_TYPE)


def on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(error)


def on_unavailable(_request: Request, _error: Exception) -> Response:
    return answer(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer at the moment"))


def on_missing(request: Request, _error: Exception) -> Response:
    return answer(Problem(HTTPStatus.NOT_FOUND, f"there is nothing at {request.url.path}"))


def on_fault(_request: Request, _error: Exception) -> Response:
    return answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "a fault of the server; its log says more"))
