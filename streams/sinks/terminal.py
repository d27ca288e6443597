"""Alerts for people: two or three lines each, readable at a glance."""

from rich.console import Console
from rich.text import Text

from processors.model import Alert, Claim, Incident, Place, Tally

SEVERITY_STYLE = {"minor": "cyan", "moderate": "yellow", "severe": "bold red", "extreme": "bold white on red"}
KIND_MARK = {
    "new": "● NEW",
    "update": "▲ UPDATE",
    "correction": "◆ CORRECTION",
    "merge": "■ MERGED",
    "retraction": "✕ RETRACTED",
}
MOST_SPEAKERS = 3
MOST_QUOTE = 90  # characters


class TerminalSink:
    """Implements `Sink` on a console; standard error by default, so that data can go to standard output."""

    name = "terminal"

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)

    def send(self, alert: Alert) -> None:
        for line in rendered(alert):
            self._console.print(line, soft_wrap=False)
        self._console.print()

    def close(self) -> None:
        """Nothing to close: the console belongs to the process."""


def rendered(alert: Alert) -> list[Text]:
    """What happened, how grave, where; what changed and why; who says so."""
    incident = alert.incident
    style = SEVERITY_STYLE[alert.severity]
    head = Text.assemble(
        (f"{alert.sent_at:%a %H:%M}  ", "dim"),
        (f"{KIND_MARK[alert.kind]:<13}", "bold green" if alert.kind == "new" else "bold magenta"),
        (f" {alert.severity.upper():<9}", style),
        (incident.title, "bold"),
        (f"  {where(incident)}", "dim"),
    )
    lines = [head]
    if facts := _facts(incident):
        lines.append(Text.assemble(("           ", ""), (" · ".join(facts), "")))
    if alert.kind != "new" and alert.reason:
        lines.append(Text.assemble(("           why: ", "dim"), ("; ".join(alert.reason), "magenta")))
    if said := _speakers(incident):
        lines.append(Text.assemble(("           says: ", "dim"), (said, "italic")))
    return lines


def where(incident: Incident) -> str:
    """The place and how sure it is; the grade beside it."""
    place = next((p for p in incident.places if p.role == "target"), None)
    point = _point(place) if place else "place unknown"
    return f"{point} · {incident.grade} · {incident.independent_sources} independent"


def _point(place: Place) -> str:
    names = [name for name in (place.name or place.text, place.admin1, place.country) if name]
    return ", ".join(dict.fromkeys(names)) + (
        "" if place.precision in ("exact", "locality") else f" ({place.precision})"
    )


def _facts(incident: Incident) -> list[str]:
    facts = []
    if killed := number(incident.killed):
        facts.append(f"killed {killed}")
    if injured := number(incident.injured):
        facts.append(f"injured {injured}")
    if incident.outcome in ("failed", "intercepted"):
        facts.append(incident.outcome)
    facts += [f"by {actor.name or actor.text} ({actor.certainty or 'reported'})" for actor in incident.perpetrators[:2]]
    if incident.contested:
        facts.append("contested: " + ", ".join(incident.contested))
    return facts


def number(tally: Tally | None) -> str:
    """`3`, `3+`, `3–6`; empty where unknown."""
    if tally is None or (tally.min is None and tally.max is None):
        return ""
    if tally.min == tally.max:
        return str(tally.min)
    if tally.max is None:
        return f"{tally.min}+"
    return f"{tally.min or 0}–{tally.max}"


def _speakers(incident: Incident) -> str:
    """The newest claims' speakers with their words."""
    newest: dict[str, Claim] = {}
    for claim in incident.claims:
        newest[claim.by] = claim
    shown = list(newest.values())[-MOST_SPEAKERS:]
    return "; ".join(f"{claim.by} “{_cut(claim.quote)}”" for claim in reversed(shown))


def _cut(quote: str) -> str:
    plain = " ".join(quote.split())
    return plain if len(plain) <= MOST_QUOTE else plain[: MOST_QUOTE - 1].rstrip() + "…"
