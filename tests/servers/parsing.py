"""The parsers in this process: quick, for input that is not hostile."""

from producers.article import extract_article
from producers.feeds import parse_feed
from producers.parsed import ParsedFeed
from producers.preview_page import PreviewPage, parse_preview


class DirectParser:
    """A `Parser` without a process of its own."""

    def feed(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        return parse_feed(body, content_type, url)

    def article(self, body: bytes, url: str) -> str | None:
        return extract_article(body, url)

    def preview(self, body: bytes) -> PreviewPage:
        return parse_preview(body)
