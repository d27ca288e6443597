"""Alerts for people: a few lines each, readable at a glance."""

from rich.console import Console
from rich.text import Text

from processors.model import Alert, Claim, Incident, Tally

SEVERITY_STYLE = {"minor": "cyan", "moderate": "yellow", "severe": "bold red", "extreme": "bold white on red"}
KIND_MARK = {
    "new": "● NEW",
    "update": "▲ UPDATE",
    "correction": "◆ CORRECTION",
    "merge": "■ MERGED",
    "retraction": "✕ RETRACTED",
}
MOST_SPEAKERS = 2
INDENT = " " * 24


class TerminalSink:
    """Implements `Sink` on a console; standard error by default, so that data can go to standard output."""

    name = "terminal"

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)

    def send(self, alert: Alert) -> None:
        for line in rendered(alert):
            self._console.print(line, no_wrap=True, overflow="ellipsis")
        self._console.print()

    def close(self) -> None:
        """Nothing to close: the console belongs to the process."""


def rendered(alert: Alert) -> list[Text]:
    """What happened, how grave, where; what is known; what changed and why; who says so. No line is wrapped."""
    incident = alert.incident
    head = Text.assemble(
        (f"{alert.sent_at:%a %H:%M} ", "dim"),
        (f"{KIND_MARK[alert.kind]:<13}", "bold green" if alert.kind == "new" else "bold magenta"),
        (f" {alert.severity:<9}", SEVERITY_STYLE[alert.severity]),
        (incident.title, "bold"),
    )
    lines = [head, _indented(" · ".join([*_facts(incident), standing(incident)]))]
    if alert.kind != "new" and alert.reason:
        lines.append(_indented("changed: " + "; ".join(alert.reason), "magenta"))
    lines += [_indented(f"{claim.by}: “{' '.join(claim.quote.split())}”", "italic") for claim in _newest(incident)]
    return lines


def standing(incident: Incident) -> str:
    """How well it is founded, and how exactly the place is known."""
    sources = incident.independent_sources
    place = next((p for p in incident.places if p.role == "target"), None)
    coarse = place is not None and place.precision in ("admin1", "country")
    unsure = "place unknown, " if place is None else "somewhere there, " if coarse else ""
    return f"{unsure}{incident.grade}, {sources} independent source{'' if sources == 1 else 's'}"


def _indented(text: str, style: str = "") -> Text:
    return Text(INDENT + text, style=style)


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


def _newest(incident: Incident) -> list[Claim]:
    """The newest claim of each of the last speakers."""
    by_speaker: dict[str, Claim] = {}
    for claim in incident.claims:
        by_speaker.pop(claim.by, None)
        by_speaker[claim.by] = claim
    return list(by_speaker.values())[: -MOST_SPEAKERS - 1 : -1]
