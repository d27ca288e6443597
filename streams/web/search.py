"""Which incidents the words of a search are in: without regard to case and marks, so that `zummar` finds Zummār."""

import unicodedata
from collections.abc import Iterator

from processors.model import Incident


def folded(text: str) -> str:
    """Lower case, without marks over letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """What is searched for: each word by itself."""
    return tuple(folded(text).split())


def found(incident: Incident, words: tuple[str, ...]) -> bool:
    """Every word stands somewhere in what is known of the incident."""
    whole = " ".join(map(folded, _texts(incident)))
    return all(word in whole for word in words)


def _texts(incident: Incident) -> Iterator[str]:
    yield incident.title
    for place in incident.places:
        yield from (place.text, place.name or "", place.admin1 or "")
    for actor in (*incident.perpetrators, *incident.targets):
        yield from (actor.text, actor.name or "")
    for weapon in incident.weapons:
        yield weapon.text
    for claim in incident.claims:
        yield from (claim.by, claim.quote)
