"""Event type → codes of other schemes, as data: see lexicon/crosswalk.toml."""

from functools import cache
from importlib.resources import files

import msgspec

from processors.errors import ResourceError
from processors.model import EventType


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """PLOVER event/mode and CAMEO event code; None where a scheme has none."""

    plover: str | None = None
    cameo: str | None = None


@cache
def _table() -> dict[EventType, Codes]:
    raw = files("processors.lexicon").joinpath("crosswalk.toml").read_bytes()
    try:
        return msgspec.toml.decode(raw, type=dict[EventType, Codes])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ResourceError(f"lexicon crosswalk.toml: {error}") from error


def codes(event_type: EventType) -> dict[str, str]:
    """{scheme: code} of an event type; schemes without a code for it are left out."""
    found = _table().get(event_type, Codes())
    return {k: v for k, v in msgspec.structs.asdict(found).items() if v}
