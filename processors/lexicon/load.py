"""Lexicons: TOML files under `processors/lexicon/<lang>/`, each checked against a struct when it is first asked for.

A lexicon's struct is declared where it is used, with `forbid_unknown_fields=True`: a misspelt key is an error.
"""

from collections.abc import Hashable
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, cast

import msgspec

from processors.errors import ResourceError

T = TypeVar("T")


def load(name: str, schema: type[T], lang: str = "en") -> T:
    """The lexicon `<lang>/<name>.toml` as a `schema`, read once a process.

    Raises ResourceError: file missing or not as declared.
    """
    value: T = _decoded(name, cast(Hashable, schema), lang)
    return value


def binary(name: str, lang: str = "en") -> bytes:
    """A data file of a language that is no TOML (weights, word lists). Raises ResourceError where there is none."""
    try:
        return files("processors.lexicon").joinpath(lang, name).read_bytes()
    except OSError as error:
        raise ResourceError(f"lexicon {lang}/{name} is missing") from error


@cache
def _decoded(name: str, schema: Hashable, lang: str) -> Any:
    raw = binary(f"{name}.toml", lang)
    try:
        return msgspec.toml.decode(raw, type=cast(Any, schema))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ResourceError(f"lexicon {lang}/{name}.toml: {error}") from error
