"""A store with a stream in it and the real server before it, for tests."""

import http.client
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid5

import msgspec

from processors.alerting import NAMESPACE
from processors.model import Alert, Incident, ItemMentions
from processors.resolve.resolve import Policy
from processors.resolve.state import Changes, IncidentState, ItemState
from streams import topology
from streams.replay import END
from streams.settings import WebGroup
from streams.store import Store
from streams.web.server import WebServer
from tests.plainreader import PlainReader, stream

Answer = tuple[int, dict[str, str], bytes]


class Site:
    """The server over a store; `ask` is one request to it."""

    def __init__(self, url: str, items: int = 0, **settings: Any) -> None:
        self.store = Store(url)
        self.told = PlainReader().read(
            sorted(stream(items, 5), key=lambda i: (i.published_at, i.source_id, i.external_id, i.revision))
        )
        self.taken, self._clock = 0, topology.EPOCH
        self.server = WebServer(url, WebGroup(port=0, **settings))
        self.server.start()
        self.address = urlsplit(self.server.address)

    def take(self, count: int | None = None) -> None:
        """Takes so many items of the stream in, or all that are left."""
        part = self.told[self.taken :][:count]
        with self.store.writing() as work:
            for each in part:
                self._clock, _ = topology.take_in(each, work, Policy(), self._clock)
        self.taken += len(part)
        if self.taken == len(self.told):
            with self.store.writing() as work:
                topology.flush(work, Policy(), END)

    def publish(self, incident: Incident, item: ItemMentions | None = None, **alert: Any) -> Alert:
        """Writes one incident as it is, with an alert and, if given, the item that told it."""
        name = str(uuid5(NAMESPACE, f"{incident.incident_id}/{incident.version}"))
        values = {"kind": "new", "reason": (), "severity": incident.severity, "headline": incident.title} | alert
        sent = Alert(
            alert_id=name, incident_id=incident.incident_id, version=incident.version,
            sent_at=incident.updated_at or datetime.now(UTC), incident=incident, **values,
        )  # fmt: skip
        state = ItemState(item_key=item.item.rpartition("@")[0], revision=0, record=item) if item else None
        with self.store.writing() as work:
            states = (IncidentState(incident=incident, announced=incident),)
            work.apply(Changes(verdict="applied", item=state, incidents=states, alerts=(sent,)))
        return sent

    def ask(self, path: str, method: str = "GET", headers: dict[str, str] | None = None, **query: Any) -> Answer:
        connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port or 0, timeout=20)
        try:
            connection.request(method, f"{path}?{urlencode(query, True)}" if query else path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, path: str, **query: Any) -> Any:
        status, _, body = self.ask(path, **query)
        assert status == 200, body
        return json.loads(body)

    def refused(self, path: str, **query: Any) -> Any:
        """The problem that a request is answered with."""
        status, headers, body = self.ask(path, **query)
        assert 400 <= status < 500 and headers["content-type"] == "application/problem+json", body
        said = json.loads(body)
        assert said["status"] == status
        return said

    def pages(self, **query: Any) -> list[dict[str, Any]]:
        """All incidents, page after page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.json("/api/v1/incidents", **query)
            found += page["incidents"]
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    def close(self) -> None:
        self.server.stop()
        self.store.close()


def plain(incident: Incident) -> dict[str, Any]:
    """An incident as the API gives it."""
    made: dict[str, Any] = json.loads(msgspec.json.encode(incident))
    return made
