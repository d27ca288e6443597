"""What stands before every address: methods, hosts, headers, counts; a database that is away."""

import json
import socket
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from processors.errors import UnavailableError
from streams.settings import WebGroup
from streams.web.server import WebServer, listening
from tests.web.site import Site

ADDRESSES = ("/", "/incidents/x", "/static/list.js", "/api/v1/incidents", "/api/v1/incidents/x", "/incidents.geojson",
             "/alerts.atom", "/healthz", "/readyz", "/api/v1/alerts/stream", "/nothing")  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_can_be_changed(empty: Site, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        status, headers, _ = empty.ask(path, method)
        assert status == 405 and headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_keeps_a_browser_from_what_is_not_ours(empty: Site, path: str) -> None:
    status, headers, body = empty.ask(path, "HEAD")
    assert status in (200, 404) and body == b""
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers and "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "", "localhost:x"])
def test_a_name_that_points_here_is_not_enough(empty: Site, host: str) -> None:
    status, _, body = empty.ask("/api/v1/incidents", headers={"Host": host})
    assert status == 421 and "TOCSIN_WEB_HOSTS" in json.loads(body)["detail"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8420", "[::1]", "[::1]:8420", "desk.example"])
def test_names_that_are_ours(tmp_path: Path, host: str) -> None:
    site = Site(f"sqlite:///{tmp_path}/s.db", hosts="desk.example, other.example")
    assert site.ask("/healthz", headers={"Host": host})[0] == 200
    site.close()


def test_it_listens_on_this_machine_only_unless_told_otherwise(empty: Site) -> None:
    assert WebGroup().address == empty.address.hostname == "127.0.0.1"


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UnavailableError, match="TOCSIN_WEB_PORT"):
            listening("127.0.0.1", other.getsockname()[1])


def test_without_a_database_it_says_so_and_lives(tmp_path: Path) -> None:
    server = WebServer(f"sqlite:///{tmp_path}/none.db", WebGroup(port=0)).start()
    try:
        from http.client import HTTPConnection

        for path, expected in (("/healthz", 200), ("/readyz", 503), ("/api/v1/incidents", 503), ("/", 200)):
            connection = HTTPConnection(server.address.removeprefix("http://").rstrip("/"), timeout=20)
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == expected, path
            assert expected == 200 or answer.getheader("Retry-After")
            connection.close()
    finally:
        server.stop()


def test_requests_are_counted_by_address_and_status(empty: Site) -> None:
    def count(route: str, status: str) -> float:
        return REGISTRY.get_sample_value("tocsin_http_requests_total", {"route": route, "status": status}) or 0

    before = count("/api/v1/incidents/{incident_id}", "404"), count("other", "404")
    empty.ask("/api/v1/incidents/one")
    empty.ask("/api/v1/incidents/two")
    empty.ask("/wp-login.php")
    assert (count("/api/v1/incidents/{incident_id}", "404"), count("other", "404")) == (before[0] + 2, before[1] + 1)
    taken = REGISTRY.get_sample_value("tocsin_http_request_duration_seconds_count", {"route": "other"})
    assert taken and taken > 0


@pytest.mark.parametrize("name", ["..%2Fapp.py", "%2e%2e/app.py", "app.py", "", "list.js%00", "LIST.JS"])
def test_only_what_is_packaged_can_be_read(empty: Site, name: str) -> None:
    assert empty.ask(f"/static/{name}")[0] == 404


def test_a_browser_that_has_a_file_is_told_so(empty: Site) -> None:
    _, headers, body = empty.ask("/static/list.js")
    status, _, nothing = empty.ask("/static/list.js", headers={"If-None-Match": headers["etag"]})
    assert body and status == 304 and nothing == b""
