"""Feeds that an HTML page names in its head (autodiscovery)."""

from urllib.parse import urljoin

from lxml import etree, html

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
MAX_FEEDS = 20
MAX_READ = 1024 * 1024  # bytes: the head of a page


def feeds_of_page(body: bytes, url: str) -> tuple[str, ...]:
    """Absolute addresses of a page's feeds in the page's order; empty where it names none or is no HTML."""
    try:
        root = html.document_fromstring(body[:MAX_READ])
    except (etree.LxmlError, ValueError):
        return ()
    found: list[str] = []
    for link in root.iter("link"):
        kind, rel = (link.get("type") or "").split(";")[0].strip().lower(), (link.get("rel") or "").lower().split()
        if "alternate" in rel and kind in FEED_TYPES and link.get("href"):
            found.append(_absolute(link.get("href", ""), url))
    return tuple(dict.fromkeys(address for address in found if address.startswith(("http://", "https://"))))[:MAX_FEEDS]


def _absolute(href: str, url: str) -> str:
    try:
        return urljoin(url, href.strip())
    except ValueError:
        return ""
