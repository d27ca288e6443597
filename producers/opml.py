"""OPML 2.0 in and out: the feeds of a source list for other readers, and theirs for this one.

What OPML cannot hold (reliability, publisher …) goes into attributes of our own prefix, which other readers ignore.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as Tree

from lxml import etree
from msgspec.structs import replace

from processors.errors import ConfigError
from producers import sources as source_list
from producers.sources import Source

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 10
OWN = ("lang", "country", "region", "reliability", "publisher", "interested")
PREFIX = "tocsin-"


def read(data: bytes, known: Iterable[Source] = ()) -> list[Source]:
    """The feeds of an OPML file as sources, those whose address is `known` left out; raises `ConfigError`."""
    if len(data) > MAX_BYTES:
        raise ConfigError(f"the OPML file is larger than {MAX_BYTES} bytes")
    root = _root(data)
    before = list(known)
    urls, ids = {source.url for source in before}, {source.id for source in before}
    found: list[Source] = []
    for attributes, folder in _listed(root):
        url = attributes.get("xmlurl", "").strip()
        if not re.match("https?://[^/]", url) or url in urls:
            continue
        source = _source(url, attributes, folder, ids)
        urls.add(url)
        ids.add(source.id)
        found.append(source)
    return found


def _root(data: bytes) -> etree._Element:
    # `encoding="utf8"` without the dash is common and refused by libxml2
    fixed = re.sub(rb"^(\s*<\?xml[^>]{0,80}encoding=[\"'])utf8([\"'])", rb"\1utf-8\2", data, flags=re.I)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(fixed.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError also where characters are broken
        raise ConfigError(f"not OPML: {error}") from error
    if root is None or str(root.tag).lower() != "opml":
        raise ConfigError("not OPML: its root is no <opml>")
    return root


def _listed(root: etree._Element) -> list[tuple[dict[str, str], str | None]]:
    try:
        return list(_outlines(root, None, 0))
    except UnicodeDecodeError as error:
        raise ConfigError(f"not OPML in the encoding that it declares: {error}") from error


def _outlines(element: etree._Element, folder: str | None, depth: int) -> Iterator[tuple[dict[str, str], str | None]]:
    for child in element:
        if not isinstance(child.tag, str) or depth > MAX_DEPTH:
            continue
        attributes = {str(name).lower(): str(value) for name, value in child.attrib.items()}
        name = attributes.get("text") or attributes.get("title")
        if child.tag.lower() == "outline":
            yield attributes, folder
            yield from _outlines(child, folder if attributes.get("xmlurl") else name or folder, depth + 1)
        elif child.tag.lower() == "body":
            yield from _outlines(child, folder, depth)


def _source(url: str, attributes: dict[str, str], folder: str | None, taken: set[str]) -> Source:
    title = attributes.get("title") or attributes.get("text") or None
    wanted = attributes.get(PREFIX + "id") or title or urlsplit(url).hostname or "feed"
    plain = Source(id=_free(wanted, taken), url=url, title=title, folder=folder)
    own = {field: value for field in OWN if (value := attributes.get(PREFIX + field))}
    own.setdefault("lang", attributes.get("language", "")[:2].lower())
    for field, value in own.items():
        plain = _with(plain, field, value)
    return plain


def _with(source: Source, field: str, value: str) -> Source:
    """The source with one more value, where the value is one that it may have."""
    changed = replace(source, **{field: value})
    try:
        source_list.check(changed)
    except source_list.FieldError:
        return source
    return changed


def _free(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "feed"
    names = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def write(sources: Iterable[Source], title: str = "tocsin sources") -> bytes:
    """The feeds among the sources as OPML 2.0, grouped by folder."""
    root = Tree.Element("opml", version="2.0")
    Tree.SubElement(Tree.SubElement(root, "head"), "title").text = title
    body = Tree.SubElement(root, "body")
    folders: dict[str, Tree.Element] = {}
    for source in sources:
        if source.kind != "feed":
            continue
        parent = body
        if source.folder:
            if source.folder not in folders:
                folders[source.folder] = Tree.SubElement(body, "outline", text=source.folder, title=source.folder)
            parent = folders[source.folder]
        Tree.SubElement(parent, "outline", _attributes(source))
    Tree.indent(root)
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True))


def _attributes(source: Source) -> dict[str, str]:
    name = source.title or source.id
    attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": source.url, PREFIX + "id": source.id}
    own = {PREFIX + field: getattr(source, field) for field in OWN if getattr(source, field)}
    return attributes | own
