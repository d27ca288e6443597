"""Everything tocsin raises on purpose.

TocsinError
├── InputError            something that came from outside cannot be used
│   ├── ItemError         a line or record that is no item (field and reason)
│   └── RevisionConflict  one item revision, two different texts
├── ConfigError           a setting, source list or rules file is wrong
├── ResourceError         a model, place index or lexicon is missing or damaged
├── FetchError            a source did not give what was asked for (producers/fetch.py has the kinds)
└── UnavailableError      database or broker away: may pass, so it is retried and never dead-lettered

Each class has a stable `code`, used in logs, metrics and dead letters.
"""


class TocsinError(Exception):
    """Root of the tree. `code` is stable and of bounded variety."""

    code = "internal"


class InputError(TocsinError):
    code = "input"


class ItemError(InputError):
    """Not an item. `field` names what is wrong, None where the whole is."""

    code = "item_invalid"

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.reason, self.field = reason, field


class RevisionConflict(InputError):
    code = "revision_conflict"


class ConfigError(TocsinError):
    code = "config"


class ResourceError(TocsinError):
    code = "resource"


class FetchError(TocsinError):
    code = "fetch"


class UnavailableError(TocsinError):
    code = "unavailable"
