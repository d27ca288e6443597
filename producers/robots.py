"""robots.txt, asked once an hour and host (RFC 9309)."""

import threading
from collections import OrderedDict
from time import monotonic
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from producers.fetch import Fetcher, FetchFailedError, Request

AGENT = "tocsin"
KEPT_HOSTS = 1000
KEPT_SECONDS = 3600.0
MAX_BYTES = 512 * 1024


class Robots:
    """Whether robots.txt allows an address. Threads may share it."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._lock = threading.Lock()
        self._rules: OrderedDict[str, tuple[float, RobotFileParser]] = OrderedDict()

    def allows(self, url: str) -> bool:
        parts = urlsplit(url)
        return self._of(f"{parts.scheme}://{parts.netloc}").can_fetch(AGENT, url)

    def _of(self, site: str) -> RobotFileParser:
        with self._lock:
            found = self._rules.get(site)
        if found and found[0] > monotonic():
            return found[1]
        rules = self._ask(site)
        with self._lock:
            self._rules[site] = (monotonic() + KEPT_SECONDS, rules)
            self._rules.move_to_end(site)
            while len(self._rules) > KEPT_HOSTS:
                self._rules.popitem(last=False)
        return rules

    def _ask(self, site: str) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            answer = self._fetcher.fetch(Request(url=f"{site}/robots.txt", max_bytes=MAX_BYTES, deadline=10.0))
            status, text = answer.status, answer.body.decode("utf-8", "replace")
        except FetchFailedError:
            status, text = 503, ""
        if status == 200:
            rules.parse(text.splitlines())
        elif 400 <= status < 500:
            rules.parse([])  # no rules: everything is allowed
        else:
            rules.parse(["User-agent: *", "Disallow: /"])
        return rules
