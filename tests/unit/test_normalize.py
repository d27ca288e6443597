"""Markup to text, languages, addresses and fingerprints, on what feeds and channels really send. Own samples."""

import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.model import Item
from processors.normalize import (
    MAX_TEXT,
    PERMUTATIONS,
    canonical_url,
    document,
    fingerprint,
    language_of,
    overlap,
    plain_text,
)

SHELLING = "Shells fell on the market of Dara before noon and two traders were hurt, the town's hospital said."


def item(body: str, title: str | None = None, lang: str | None = None) -> Item:
    return Item(
        source_id="wire",
        channel="feed",
        external_id="1",
        revision=0,
        kind="new",
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
        title=title,
        body=body,
        lang=lang,
    )


# addresses


@pytest.mark.parametrize(
    "name",
    ["utm_source", "UTM_Medium", "fbclid", "gclid", "yclid", "dclid", "mc_cid", "mc_eid", "igshid", "ocid", "cmpid"]
    + ["ns_mchannel", "at_medium", "at_campaign", "at_custom1", "ref_src", "_ga"],
)
def test_tracking_is_no_part_of_an_address(name: str) -> None:
    assert canonical_url(f"https://a.example/n?id=7&{name}=x") == "https://a.example/n?id=7"


@pytest.mark.parametrize("name", ["ref", "at_id", "at_bat", "id", "reference", "mc_id", "utm", "gallery"])
def test_what_may_tell_two_pages_apart_stays(name: str) -> None:
    one, other = (canonical_url(f"https://a.example/n?{name}={value}") for value in "12")
    assert one != other


@pytest.mark.parametrize(
    ("url", "same_as"),
    [
        ("http://www.a.example:80/n/", "https://a.example/n"),
        ("https://m.a.example/n#top", "https://a.example/n"),
        ("https://A.Example/n?b=2&a=1", "https://a.example/n?a=1&b=2"),
        (" https://a.example ", "https://a.example/"),
        ("https://a.example/n?a=", "https://a.example/n?a="),
    ],
)
def test_spellings_of_one_address_are_one(url: str, same_as: str) -> None:
    assert canonical_url(url) == same_as


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/N", "https://a.example/n"),
        ("https://a.example:8443/n", "https://a.example/n"),
        ("https://a.example/n?a=1", "https://a.example/n?a=2"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "broken",
    ["http://[::1", "http://a.example:port/", "", "tag:a.example,2026:1", "http://a.example/\ud83d?\ud83d=\udc00"],
)
def test_what_is_no_address_is_no_crash(broken: str) -> None:
    assert isinstance(canonical_url(broken), str)


@given(st.text(st.characters()))
def test_a_canonical_address_is_its_own(text: str) -> None:
    once = canonical_url(f"https://a.example/n?{text}")
    assert canonical_url(once) == once


# text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.", "One.\n\nTwo."),
        ("<b>Sh</b>ells fell", "Shells fell"),
        ("Fire &amp; smoke &#8211; &lt;seen&gt;", "Fire & smoke – <seen>"),
        ("<script>alert(1)</script>Two hurt<style>p{}</style> today", "Two hurt today"),
        ("Two hurt <!-- not three --> today", "Two hurt today"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<p>never closed <b>at all", "never closed at all"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("", ""),
        ("   \n\t ", ""),
        ("two\x00 hurt", "two hurt"),
        ("<p>two\x00 hurt</p>", "two hurt"),
        ("broken \ud83d half", "broken ? half"),
        ("<p>broken \udc00 half</p>", "broken ? half"),
        ("\u200fDara\u200e was \u202bshelled\u202c", "Dara was shelled"),
        ("cafe\u0301", "café"),
        ("🔥🔥🚨", "🔥🔥🚨"),
    ],
)
def test_hostile_characters_do_no_harm(raw: str, text: str) -> None:
    assert plain_text(raw) == text


@given(st.text(st.characters()))
def test_text_is_always_storable_and_plain(raw: str) -> None:
    text = plain_text(raw)
    text.encode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\x00" not in text
    assert text == text.strip()


@pytest.mark.parametrize("piece", ["Shells fell on Dara. ", "<p>Shells fell on Dara.</p>", "<div>", "&amp;", "🔥"])
def test_a_megabyte_is_read_in_seconds_and_cut(piece: str) -> None:
    started = time.process_time()
    read = document(item(piece * (1_000_000 // len(piece)), title="Shelling"))
    assert time.process_time() - started < 10
    assert len(read.text) <= MAX_TEXT
    assert read.text.startswith("Shelling")


def test_an_item_is_title_and_text() -> None:
    read = document(item("<p>Two were hurt.</p>", title=" Shells\nfall "))
    assert read.text == "Shells fall\n\nTwo were hurt."
    assert read.text[: read.title_end] == "Shells fall"
    assert document(item("")).text == ""
    assert document(item("", title="Alone")).text == "Alone"


# language


@pytest.mark.parametrize(
    ("text", "declared", "found"),
    [
        (SHELLING, None, "en"),
        (SHELLING, "en-GB", "en"),
        ("Zwei Händler wurden beim Beschuss des Marktes verletzt, teilte das Krankenhaus mit.", None, "de"),
        ("سقطت قذائف على السوق وأصيب تاجران بجروح", None, "ar"),
        ("Снаряди впали на ринок, двоє торговців поранені, повідомила лікарня міста.", None, "uk"),
        ("anything at all", "FR", "fr"),
        (SHELLING, "english", "en"),
        ("", None, None),
        ("🔥🔥🚨", None, None),
        ("12:30", None, None),
        ("\u200f\u200f", None, None),
    ],
)
def test_languages(text: str, declared: str | None, found: str | None) -> None:
    assert language_of(text, declared) == found


# fingerprints


def test_nothing_in_common_with_nothing() -> None:
    assert fingerprint("") == fingerprint("🔥 🚨 …") == ()
    assert overlap((), ()) == overlap((), fingerprint(SHELLING)) == 0


def test_a_copy_overlaps_wholly_and_a_retelling_little() -> None:
    one = fingerprint(SHELLING)
    assert len(one) == PERMUTATIONS
    assert overlap(one, fingerprint(SHELLING.upper().replace(",", " —"))) == 1
    assert overlap(one, fingerprint("Two people were wounded when artillery struck a bazaar, doctors reported.")) < 0.1
    assert 0.5 < overlap(one, fingerprint(f"{SHELLING} Read more.")) < 1


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40), st.integers(0, 20))
def test_overlap_is_symmetric_and_within_bounds(words: list[str], cut: int) -> None:
    one, other = fingerprint(" ".join(words)), fingerprint(" ".join(words[:cut]))
    assert overlap(one, other) == overlap(other, one)
    assert 0 <= overlap(one, other) <= 1
    assert overlap(one, one) == 1


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    assert fingerprint("two traders hurt in Dara")[:2] == fingerprint("Two traders, hurt in DARA!")[:2]
