"""Feeds of every format and encoding, and those that are broken."""

import json

import pytest

from producers.feeds import MAX_ENTRIES, parse_feed
from producers.parsed import ParsedFeed, ParseFailedError
from tests.servers.feeds import Post, rss

URL = "https://wire.example/feed"
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">
<title>Agence</title><id>tag:agence.example,2026:feed</id><updated>2026-03-01T12:00:00Z</updated>
<entry><id>tag:agence.example,2026:1</id><title type="html">Tirs &lt;b>nourris&lt;/b></title>
<link href="/articles/1"/><published>2026-03-01T13:00:00+02:00</published><summary>court</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Des tirs ont été entendus.</p></div>
</content></entry>
<entry><id>2</id><title>Sans date</title></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://wire.example/"><title>RDF wire</title><sy:updatePeriod>hourly</sy:updatePeriod>
<sy:updateFrequency>2</sy:updateFrequency></channel>
<item rdf:about="https://wire.example/7"><title>Convoy hit</title><link>https://wire.example/7</link>
<description>A convoy was hit.</description><dc:date>2026-03-01T09:30:00Z</dc:date></item></rdf:RDF>"""


def parse(body: bytes | str, content_type: str = "") -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)


def test_rss() -> None:
    feed = parse(rss([Post(guid="1", link="https://wire.example/1"), Post(guid=None, minutes=None)]))
    first, second = feed.entries
    assert (feed.format, feed.title) == ("rss20", "Test wire")
    assert (first.id, first.link, first.published) == ("1", "https://wire.example/1", 1772366400)
    assert (second.id, second.link, second.published) == (None, None, None)


def test_atom() -> None:
    feed = parse(ATOM)
    first, second = feed.entries
    assert (first.link, first.published, first.lang) == ("https://wire.example/articles/1", 1772362800, "fr")
    assert "Des tirs ont été entendus." in first.body
    assert (second.title, second.body, second.published) == ("Sans date", "", None)


def test_rdf_and_its_period() -> None:
    feed = parse(RDF)
    assert feed.entries[0].published == 1772357400
    assert feed.ttl == 1800


def test_hours_and_days_to_skip() -> None:
    head = "<ttl>45</ttl><skipHours><hour>0</hour><hour> 23 </hour><hour>99</hour></skipHours>"
    head += "<skipDays><day>Friday</day><day>x</day></skipDays>"
    feed = parse(rss([Post(guid="1")], head))
    assert (feed.ttl, feed.skip_hours, feed.skip_days) == (2700, (0, 23), ("friday",))


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "J",
    "language": "de-AT",
    "items": [
        {
            "id": 7,
            "url": "https://j.example/7",
            "content_html": "<p>Schüsse</p>",
            "date_published": "2026-03-01T12:00:00+01:00",
        },
        "no object",
        {"id": "8"},
        {"id": "9", "title": ["odd"], "content_text": "kept", "date_published": "2026-13-45"},
        {"id": "10", "title": "Zehn", "date_published": 12},
    ],
}


def test_json_feed_loses_only_what_is_broken() -> None:
    feed = parse(json.dumps(JSON_FEED), "application/feed+json")
    assert [entry.id for entry in feed.entries] == ["7", "9", "10"]
    assert [(one.number, one.reason) for one in feed.rejected] == [
        (2, "an entry that is no object"),
        (3, "neither title nor text"),
    ]
    assert (feed.entries[0].published, feed.entries[1].published, feed.lang) == (1772362800, None, "de")


@pytest.mark.parametrize(
    "body", ['{"version": "https://jsonfeed.org/version/1", "items": 3}', '{"items":', "{}", "[" * 100_000]
)
def test_json_that_is_no_feed(body: str) -> None:
    with pytest.raises(ParseFailedError) as caught:
        parse(body, "application/feed+json")
    assert caught.value.code == "parse_unreadable"


WORDS = {
    "iso-8859-1": "Région frappée à midi",
    "windows-1251": "Взрывы в городе",
    "utf-16": "Взрывы в городе",
    "shift_jis": "爆発の報告",
}


@pytest.mark.parametrize("encoding", WORDS)
def test_encodings(encoding: str) -> None:
    (entry,) = parse(rss([Post(guid="1", title=WORDS[encoding])], encoding=encoding)).entries
    assert entry.title == WORDS[encoding]


def test_wrong_declarations_are_survived() -> None:
    cyrillic = rss([Post(guid="1", title=WORDS["windows-1251"])], encoding="windows-1251")
    by_header = cyrillic.replace(b'encoding="windows-1251"', b'encoding="utf-8"')
    assert parse(by_header, "application/xml; charset=windows-1251").entries[0].title == WORDS["windows-1251"]
    nonsense = rss([Post(guid="1")]).replace(b'encoding="utf-8"', b'encoding="utf-99"')
    assert len(parse(nonsense).entries) == 1
    broken = rss([Post(guid="1", title="shell"), Post(guid="2")]).replace(b"shell", b"sh\xff\xfe\x00ell")
    assert len(parse(broken).entries) == 2


def test_a_broken_entry_loses_only_itself() -> None:
    body = rss([Post(guid="1"), Post(guid="2", title="", text=""), Post(guid="3")])
    feed = parse(body)
    assert [entry.id for entry in feed.entries] == ["1", "3"]
    assert [(one.number, one.reason) for one in feed.rejected] == [(2, "neither title nor text")]


def test_a_body_cut_off_loses_only_its_last_entry() -> None:
    whole = rss([Post(guid=str(n)) for n in range(5)])
    feed = parse(whole[: whole.rindex(b"several shells")])
    assert [entry.id for entry in feed.entries] == ["0", "1", "2", "3"]
    assert feed.rejected[0].reason == "the body ends inside this entry"
    assert feed.problem


def test_markup_that_is_not_well_formed_is_read() -> None:
    body = rss([Post(guid="1"), Post(guid="2")]).replace(b"Residents said", b"Residents & <br> said &nbsp; ")
    assert [entry.id for entry in parse(body).entries] == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\x00" * 50,
        b"plain words",
        b"<html><body>no feed</body></html>",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7",
        b"<a/>",
    ],
)
def test_what_is_no_feed_is_said_so(body: bytes) -> None:
    with pytest.raises(ParseFailedError) as caught:
        parse(body)
    assert caught.value.code == "parse_unreadable"


def test_a_page_that_names_its_feeds() -> None:
    page = """<!DOCTYPE html><html><head><title>x</title><link rel=stylesheet href=a.css>
    <link rel="alternate" type="application/rss+xml" href="/rss.xml">
    <link rel="ALTERNATE" type="application/atom+xml; q=1" href="https://b.example/atom">
    <link rel="alternate" type="application/rss+xml" href="javascript:x()"><link rel="alternate" href="/fr"></head>"""
    feed = parse(page, "text/html")
    assert (feed.format, feed.alternates) == ("html", ("https://wire.example/rss.xml", "https://b.example/atom"))


def test_too_many_attributes_are_refused_before_they_cost_anything() -> None:
    attributes = " ".join(f'a{n}="x"' for n in range(20_000))
    for body in (rss([Post(guid="1")], f"<x {attributes}/>"), rss([Post(guid="1")], f"<x {attributes}/>", "utf-16")):
        with pytest.raises(ParseFailedError) as caught:
            parse(body)
        assert caught.value.code == "parse_attributes"


def test_entries_beyond_the_cap_are_counted() -> None:
    feed = parse(rss(Post(guid=str(n), text="x") for n in range(MAX_ENTRIES + 7)))
    assert (len(feed.entries), feed.cut) == (MAX_ENTRIES, 7)


def test_the_digest_sees_words_not_markup() -> None:
    one, same, other = parse(
        rss(
            [
                Post(guid="1", text="<p>Two   killed</p>"),
                Post(guid="2", text="<div class='x'>Two killed</div>"),
                Post(guid="3", text="Three killed"),
            ]
        )
    ).entries
    assert one.digest == same.digest != other.digest


def test_external_entities_are_not_read() -> None:
    body = rss([Post(guid="1", title="X")]).replace(
        b"<rss", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss'
    )
    body = body.replace(b"<title>X", b"<title>X&x;")
    assert "root:" not in (parse(body).entries[0].title or "")


def test_wide_encodings_under_a_wrong_declaration() -> None:
    for encoding in ("utf-16", "utf-32"):
        wide = rss([Post(guid="1", title=WORDS["utf-16"])]).decode().encode(encoding)
        assert parse(wide).entries[0].title == WORDS["utf-16"]


def test_surrogates_by_reference_lose_nothing() -> None:
    feed = parse(rss([Post(guid="1"), Post(guid="2")]).replace(b"shells", b"&#xD800;&#x1;"))
    assert [entry.id for entry in feed.entries] == ["1", "2"]
    assert all(entry.body.encode() for entry in feed.entries)


def test_an_entry_that_crashes_feedparser_loses_only_itself() -> None:
    body = rss([Post(guid="1"), Post(guid="2", text="BROKEN"), Post(guid="3")])
    body = body.replace(b"<description>BROKEN</description>", b"<gml:pos>1</gml:pos>")  # a KeyError in 6.0.14
    feed = parse(body)
    assert [entry.id for entry in feed.entries] == ["1", "3"]
    assert [one.number for one in feed.rejected] == [2] and feed.title == "Test wire"


@pytest.mark.parametrize("name", [b"\xe7\x84", b"a\0b", b"", b"x y", b"u" * 200])
def test_an_encoding_that_is_none_is_left_out(name: bytes) -> None:
    assert len(parse(rss([Post(guid="1")]).replace(b'encoding="utf-8"', b'encoding="%s"' % name)).entries) == 1
