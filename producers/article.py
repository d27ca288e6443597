"""The whole article behind a feed entry, where its publisher allows it; otherwise the feed's own text stays."""

from time import monotonic

from msgspec.structs import replace

from processors.model import Item
from processors.normalize import plain_text
from producers.fetch import Fetcher, FetchFailedError, Request
from producers.parsed import ParseFailedError, Parser
from producers.robots import Robots

MOST = 30  # articles a poll
BUDGET = 60.0  # seconds a poll
MAX_BYTES = 5 * 1024 * 1024


def extract_article(body: bytes, url: str) -> str | None:
    """The article's text in an HTML page, None where there is none. Runs in a worker process."""
    import trafilatura

    text = trafilatura.extract(body, url=url, include_comments=False, include_tables=False, favor_precision=True)
    return text if isinstance(text, str) and text.strip() else None


class Articles:
    """Fills items with the article behind their link."""

    def __init__(self, fetcher: Fetcher, parser: Parser) -> None:
        self._fetcher, self._parser, self._robots = fetcher, parser, Robots(fetcher)

    def fill(self, items: tuple[Item, ...]) -> tuple[tuple[Item, ...], int]:
        """The items, with the article's text where it says more than the feed; and how many could not be had."""
        ends, filled, refused = monotonic() + BUDGET, list[Item](), 0
        for number, item in enumerate(items):
            text = self._text(item) if number < MOST and monotonic() < ends else None
            refused += text is None
            better = text is not None and len(text) > len(plain_text(item.body))
            filled.append(replace(item, body=text) if better and text else item)
        return tuple(filled), refused

    def _text(self, item: Item) -> str | None:
        if not item.url or not item.url.startswith(("http://", "https://")):
            return None
        try:
            if not self._robots.allows(item.url):
                return None
            page = self._fetcher.fetch(Request(url=item.url, accept="text/html", max_bytes=MAX_BYTES, deadline=15.0))
            return self._parser.article(page.body, page.url) if page.status == 200 else None
        except (FetchFailedError, ParseFailedError, ValueError):
            return None
