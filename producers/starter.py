"""The source list that `tocsin sources init` writes."""

from importlib.resources import files


def starter_pack() -> str:
    """A commented `sources.toml` of well-known public feeds and channels, all unverified."""
    return files("producers").joinpath("starter.toml").read_text("utf-8")
