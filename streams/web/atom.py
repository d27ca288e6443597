"""Alerts as an Atom feed (RFC 4287): an entry an alert, newest first. lxml escapes what sources wrote."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from lxml import etree

from processors.model import Alert

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EMPTY = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries last changed


def feed(alerts: Sequence[Alert], base: str) -> bytes:
    """The feed document; `base` is the server's address as the client knows it, without a slash at its end."""
    root = etree.Element(f"{{{NAMESPACE}}}feed", nsmap=cast(dict[str, str], {None: NAMESPACE}))
    _add(root, "id", f"{base}/alerts.atom")
    _add(root, "title", "tocsin: alerts")
    _add(root, "updated", _time(max((alert.sent_at for alert in alerts), default=EMPTY)))
    _link(root, "self", f"{base}/alerts.atom", MEDIA_TYPE)
    _link(root, "alternate", f"{base}/", "text/html")
    _add(_add(root, "author"), "name", "tocsin")
    for alert in alerts:
        _entry(root, alert, base)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(root: etree._Element, alert: Alert, base: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", f"urn:uuid:{alert.alert_id}")
    _add(entry, "title", alert.headline)
    _add(entry, "updated", _time(alert.sent_at))
    _link(entry, "alternate", f"{base}/incidents/{alert.incident_id}", "text/html")
    for scheme, term in (("kind", alert.kind), ("severity", alert.severity), ("type", alert.incident.event_type.value)):
        _add(entry, "category", term=term, scheme=f"urn:tocsin:{scheme}")
    _add(entry, "content", _content(alert), type="text")


def _content(alert: Alert) -> str:
    """What changed, and who says what."""
    changed = [f"Changed: {'; '.join(alert.reason)}"] if alert.reason else []
    said = dict.fromkeys(f"{claim.by} ({claim.stance}): “{claim.quote}”" for claim in alert.incident.claims)
    return "\n".join([alert.headline, *changed, *said])


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    element.text = NOT_IN_XML.sub("\ufffd", text) if text is not None else None
    return element


def _link(parent: etree._Element, rel: str, href: str, kind: str) -> None:
    _add(parent, "link", rel=rel, href=href, type=kind)


def _time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
