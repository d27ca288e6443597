"""The markup of a channel's public preview pages (t.me/s/<channel>) and of single posts (t.me/<channel>/<n>?embed=1).

Runs in a worker process. What the page shows of the post that is replied to is not the channel's own text: left out.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
from lxml import etree, html

from producers.telegram import POST_LINK, Piece, Post, moment

MAX_DEPTH = 40  # of nested markup in a text
QUOTES = frozenset({"blockquote"})
BREAKS = frozenset({"br", "p", "div"})
FOREIGN = "tgme_widget_message_reply", "tgme_widget_message_link_preview", "tgme_widget_message_forwarded_from"


class PreviewPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows: `channel` as its posts name it, None where there are none."""

    posts: tuple[Post, ...] = ()
    channel: str | None = None
    is_channel: bool = False  # the page is of a channel with a preview, be it empty
    not_found: bool = False  # the page says that the post does not exist
    broken: int = 0  # posts that could not be read


def parse_preview(body: bytes) -> PreviewPage:
    """All posts of a page in its order."""
    try:
        root = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.LxmlError, ValueError):
        return PreviewPage()
    posts: list[Post] = []
    names: list[str] = []
    broken = 0
    for message in _having(root, "js-widget_message"):
        if "service_message" in _classes(message):
            continue
        name, post = _post(message)
        if post is None:
            broken += 1
            continue
        posts.append(post)
        names.append(name)
    return PreviewPage(
        posts=tuple(posts),
        channel=names[-1] if names else None,
        is_channel=bool(posts) or next(_having(root, "tgme_channel_history", "tgme_channel_info"), None) is not None,
        not_found=any("not found" in _text(error).lower() for error in _having(root, "tgme_widget_message_error")),
        broken=broken,
    )


def _post(message: etree._Element) -> tuple[str, Post | None]:
    place = re.fullmatch(r"([A-Za-z]\w{3,31})/(\d{1,12})", message.get("data-post") or "")
    published = _date(message)
    if not place or published is None:
        return "", None
    numbers = sorted({int(place[2]), *_album(message)})
    if not 0 < numbers[0] <= numbers[-1] < 2**31:
        return "", None
    return place[1], Post(
        number=numbers[0],
        numbers=tuple(numbers) if len(numbers) > 1 else (),
        published=published,
        pieces=tuple(_pieces_of(message)),
        forwarded_from=_forwarded(message),
        reply_to=_reply(message),
        edited=0 if _is_edited(message) else None,
    )


def _album(message: etree._Element) -> Iterator[int]:
    for link in message.iter("a"):
        href = link.get("href") or ""
        if href.endswith("?single") and (match := POST_LINK.fullmatch(href)) and match[2]:
            yield int(match[2])


def _date(message: etree._Element) -> int | None:
    for link in _having(message, "tgme_widget_message_date"):
        for time in link.iter("time"):
            try:
                shown = datetime.fromisoformat(time.get("datetime") or "")
                return moment(int((shown if shown.tzinfo else shown.replace(tzinfo=UTC)).timestamp()))
            except (ValueError, OverflowError):
                continue
    return None


def _pieces_of(message: etree._Element) -> Iterator[Piece]:
    first = True
    for text in _having(message, "tgme_widget_message_text", "tgme_widget_message_poll_question"):
        if any(_classes(parent) & set(FOREIGN) for parent in text.iterancestors()) or _is_reply_text(text):
            continue
        if not first:
            yield Piece("\n")
        first = False
        yield from _pieces(text, None, False, 0)


def _is_reply_text(text: etree._Element) -> bool:
    return "js-message_reply_text" in _classes(text)


def _pieces(element: etree._Element, href: str | None, quoted: bool, depth: int) -> Iterator[Piece]:
    if element.text:
        yield Piece(_flat(element.text), href, quoted)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            yield Piece("\n", None, quoted)
        elif tag and depth < MAX_DEPTH:
            inner = (child.get("href") or href) if tag == "a" else href
            yield from _pieces(child, inner, quoted or tag in QUOTES, depth + 1)
        if child.tail:
            yield Piece(_flat(child.tail), href, quoted)


def _flat(text: str) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def _forwarded(message: etree._Element) -> str | None:
    for name in _having(message, "tgme_widget_message_forwarded_from_name"):
        match = POST_LINK.fullmatch(name.get("href") or "")
        return match[1] if match else _text(name).strip() or None
    return None


def _reply(message: etree._Element) -> int | None:
    for reply in _having(message, "tgme_widget_message_reply"):
        match = POST_LINK.fullmatch(reply.get("href") or "")
        if match and match[2]:
            return int(match[2])
    return None


def _is_edited(message: etree._Element) -> bool:
    return any("edited" in _text(meta).lower().split() for meta in _having(message, "tgme_widget_message_meta"))


def _having(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    for one in element.iter():
        if isinstance(one.tag, str) and _classes(one) & set(names):
            yield one


def _classes(element: etree._Element) -> set[str]:
    return set((element.get("class") or "").split())


def _text(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())
