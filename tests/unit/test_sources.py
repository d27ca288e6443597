"""The source list: read with clear errors, written back the same."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.errors import ConfigError
from producers.sources import Source, dump, parse, traits

LIST = """
# the wires
[[source]]
id = "wire"
url = "https://wire.example/rss"
interval = "10m"
reliability = "B"
publisher = "wire-group"
country = "IQ"
lang = "ar"
article = true

[[source]]
id = "front"
kind = "telegram_preview"
url = "https://t.me/s/front_news"
interested = "the brigade"
"""


def test_reads_what_is_written() -> None:
    wire, front = parse(LIST)
    assert (wire.interval, wire.article, wire.kind) == (timedelta(minutes=10), True, "feed")
    assert (front.url, front.reliability) == ("front_news", "F")
    assert traits(front).interested == "the brigade"
    assert (traits(wire).publisher, traits(wire).reliability, traits(wire).country) == ("wire-group", "B", "IQ")


@pytest.mark.parametrize(
    ("line", "field", "where"),
    [
        ('url = "ftp://wire.example"', "url", 3),
        ("", "url must be given", 1),
        ('url = "https://a.example"\nreliability = "G"', "reliability", 4),
        ('url = "https://a.example"\ninterval = "soon"', "interval", 4),
        ('url = "https://a.example"\ninterval = "1s"', "interval", 4),
        ('url = "https://a.example"\nkind = "gopher"', "kind", 4),
        ('url = "https://a.example"\nkind = 3', "kind", 4),
        ('url = "https://a.example"\narticle = "yes"', "article", 4),
        ('url = "https://a.example"\ncountry = "Iraq"', "country", 4),
        ('url = "https://a.example"\nlang = "Arabic"', "lang", 4),
        ('url = "https://a.example"\nrelaibility = "B"', "relaibility", 4),
        ('url = "a b"\nkind = "telegram_preview"', "url", 3),
    ],
)
def test_errors_name_line_and_field(line: str, field: str, where: int) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f'[[source]]\nid = "a"\n{line}\n', "my.toml")
    assert f"my.toml:{where}: {field}" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[[source]", "source = 3", 'source = ["x"]', '[[source]]\nid = "a b"\nurl = "http://x.example"']
)
def test_a_list_that_is_none(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text)


def test_an_id_is_there_once() -> None:
    with pytest.raises(ConfigError, match="twice"):
        parse('[[source]]\nid = "a"\nurl = "http://x.example"\n' * 2)


printable = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
some_source = st.builds(
    Source,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
    url=st.just("https://a.example/feed"),
    title=st.none() | printable,
    region=st.none() | printable,
    interested=st.none() | printable,
    reliability=st.sampled_from("ABCDEF"),
    interval=st.integers(30, 86400).map(lambda seconds: timedelta(seconds=seconds)),
    article=st.booleans(),
    enabled=st.booleans(),
)


@given(st.lists(some_source, max_size=4, unique_by=lambda source: source.id))
def test_written_and_read_again_is_the_same(sources: list[Source]) -> None:
    assert parse(dump(sources)) == sources
