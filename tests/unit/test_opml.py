"""OPML in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.errors import ConfigError
from producers import opml
from producers.sources import Source

OTHERS = b"""<?xml version='1.0' encoding='utf8'?>
<OPML version="1.1"><head><title>mine</title></head><body>
<outline text="Middle East"><outline TEXT="A wire" type="rss" XMLURL="https://a.example/rss" htmlUrl="https://a.example"/>
<outline text="Deeper"><outline text="A wire" xmlUrl="https://b.example/rss" language="en-us"/></outline></outline>
<outline text="no feed" htmlUrl="https://c.example"/><outline text="odd" xmlUrl="javascript:alert(1)"/>
<outline text="again" xmlUrl="https://a.example/rss"/></body></OPML>"""


def test_reads_what_other_readers_write() -> None:
    first, second = opml.read(OTHERS)
    assert (first.id, first.url, first.folder) == ("a-wire", "https://a.example/rss", "Middle East")
    assert (second.id, second.folder, second.lang) == ("a-wire-2", "Deeper", "en")


def test_known_feeds_are_left_out() -> None:
    (second,) = opml.read(OTHERS, [Source(id="a-wire", url="https://a.example/rss")])
    assert second.id == "a-wire-2"


@pytest.mark.parametrize("data", [b"", b"no xml", b"<rss/>", b"<opml", b"\xff\xfe\x00", b"x" * 11_000_000])
def test_what_is_no_opml_is_refused(data: bytes) -> None:
    try:
        assert opml.read(data) == []
    except ConfigError as error:
        assert "OPML" in str(error)


def test_entity_bombs_and_files_stay_outside() -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10))
    feed = b'<outline text="&l9;" xmlUrl="https://a.example/rss"/><outline text="&x;" xmlUrl="https://b.example/rss"/>'
    bomb = b'<!DOCTYPE opml [%s<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>%s</body></opml>' % (laughs, feed)
    try:
        titles = [source.title or "" for source in opml.read(bomb)]
    except ConfigError:
        titles = []
    assert all(len(title) < 100 and "root:" not in title for title in titles)


text = st.text(st.characters(categories=["L", "N", "P", "S"], max_codepoint=0xFFFF), min_size=1, max_size=30)
some_source = st.builds(
    Source,
    id=st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True),
    url=st.from_regex(r"https://[a-z]{1,10}\.example/[a-z0-9?&=%]{0,20}", fullmatch=True),
    title=text,
    reliability=st.sampled_from("ABCDEF"),
    country=st.none() | st.just("IQ"),
    lang=st.none() | st.just("ar"),
    publisher=st.none() | text,
    folder=st.none() | text,
)


@given(st.lists(some_source, max_size=5, unique_by=(lambda s: s.id, lambda s: s.url)))
def test_round_trip(sources: list[Source]) -> None:
    again = {source.id: source for source in opml.read(opml.write(sources))}
    assert again == {source.id: source for source in sources}
