"""A feed polled again and again: what becomes an item, what becomes an edit, what is remembered."""

from datetime import timedelta

import msgspec
import pytest

from processors.model import Item
from producers import state as states
from producers.fetch import FetchFailedError, Request, Response
from producers.poll import PollResult, poll
from producers.sources import Source
from producers.state import SourceState
from tests.servers.feeds import NOON, Post, rss
from tests.servers.parsing import DirectParser

SOURCE = Source(id="wire", url="https://wire.example/rss")
START = NOON + timedelta(hours=1)


class Answers:
    """A `Fetcher` that gives one prepared answer after the other and notes what it was asked."""

    def __init__(self, *answers: Response | FetchFailedError) -> None:
        self.answers, self.asked = list(answers), list[Request]()

    def fetch(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, FetchFailedError):
            raise answer
        return answer


def ok(*posts: Post, head: str = "", **headers: str) -> Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=200, url=SOURCE.url, headers=fields, body=rss(posts, head))


def status(code: int, **headers: str) -> Response:
    return Response(
        status=code, url=SOURCE.url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


class Watched:
    """A source under watch: each `step` is one poll, an hour after the last."""

    def __init__(self, source: Source = SOURCE) -> None:
        self.source, self.state, self.now = source, SourceState(source_id=source.id), START

    def step(self, answer: Response | FetchFailedError) -> PollResult:
        self.fetcher = Answers(answer)
        result = poll(self.source, self.state, self.fetcher, self.now, parser=DirectParser())
        self.state = states.decode(states.encode(result.state))  # as the store would keep it
        assert self.state == result.state
        self.now += timedelta(hours=1)
        return result

    def items(self, *posts: Post) -> list[tuple[str, str, int]]:
        return [(item.external_id, item.kind, item.revision) for item in self.step(ok(*posts)).items]


def test_new_then_seen_then_edited_then_edited_again() -> None:
    watched = Watched()
    one, two = Post(guid="1"), Post(guid="2", minutes=5)
    assert watched.items(two, one) == [("1", "new", 0), ("2", "new", 0)]
    assert watched.items(two, one, Post(guid="1", title="x", minutes=None)) == []
    corrected = Post(guid="1", text="Corrected: one shell fell near the bridge.")
    assert watched.items(two, corrected) == [("1", "edited", 1)]
    assert watched.items(two, one) == [("1", "edited", 2)]


def test_an_edit_repeats_the_whole_item() -> None:
    watched = Watched()
    watched.step(ok(Post(guid="1", link="https://wire.example/1")))
    (item,) = watched.step(ok(Post(guid="1", link="https://wire.example/1", text="Now two."))).items
    assert item == Item(
        source_id="wire",
        external_id="1",
        kind="edited",
        revision=1,
        published_at=START + timedelta(hours=1),
        fetched_at=START + timedelta(hours=1),
        title="Shelling reported near the bridge",
        body="Now two.",
        url="https://wire.example/1",
    )


def test_markup_and_dates_alone_are_no_edit() -> None:
    watched = Watched()
    watched.items(Post(guid="1"))
    assert (
        watched.items(
            Post(guid="1", text="<p>Residents said several  shells fell close to the old bridge.</p>", minutes=30)
        )
        == []
    )


@pytest.mark.parametrize("minutes", [None, 60 * 24 * 400])
def test_undated_and_misdated_entries_are_dated_by_first_sight(minutes: int | None) -> None:
    watched = Watched()
    (item,) = watched.step(ok(Post(guid="1", minutes=minutes))).items
    assert (item.published_at, item.dated) == (START, False)
    (edit,) = watched.step(ok(Post(guid="1", minutes=minutes, text="More."))).items
    assert (edit.published_at, edit.dated, edit.revision) == (START + timedelta(hours=1), False, 1)


def test_identity_without_id_is_the_canonical_link_then_a_hash() -> None:
    watched = Watched()
    tracked = Post(guid=None, link="http://www.wire.example/1?utm_source=rss#top")
    nameless = Post(guid=None, minutes=3)
    first, second = watched.items(nameless, tracked)
    assert first[0] == "https://wire.example/1"
    assert second[0].startswith("sha256:")
    clean = msgspec.structs.replace(tracked, link="https://wire.example/1", text="changed")
    assert watched.items(nameless, clean) == [("https://wire.example/1", "edited", 1)]


def test_ids_that_no_reference_could_hold_are_hashed() -> None:
    watched = Watched()
    (item,) = watched.items(Post(guid="a b\u202e" + "x" * 500))
    assert item[0].startswith("sha256:") and len(item[0]) < 50


def test_ids_that_change_every_time_fall_back_to_the_link() -> None:
    watched = Watched()

    def window(poll_number: int, text: str = "same") -> list[Post]:
        return [Post(guid=f"{poll_number}-{n}", link=f"https://wire.example/{n}", text=text) for n in range(5)]

    assert len(watched.items(*window(1))) == 5
    result = watched.step(ok(*window(2)))
    assert result.items == ()
    assert watched.state.identity == "link"
    assert any("ids change" in note for note in result.notes)
    assert {kind for _, kind, _ in watched.items(*window(3, "changed"))} == {"edited"}


def test_an_id_that_counts_revisions_is_an_edit() -> None:
    watched = Watched()
    watched.items(Post(guid="https://wire.example/a#0", link="https://wire.example/a"), Post(guid="b"))
    edit = Post(guid="https://wire.example/a#1", link="https://wire.example/a", text="Updated.")
    assert watched.items(edit, Post(guid="b")) == [("https://wire.example/a#0", "edited", 1)]


def test_entries_that_share_a_link_or_a_date_are_all_kept() -> None:
    watched = Watched()
    posts = [Post(guid=str(n), link="https://wire.example/live", text=f"Update {n}") for n in range(4)]
    assert len(watched.items(*posts)) == 4
    assert watched.items(Post(guid="9", link="https://wire.example/live", text="Update 9"), *posts) == [("9", "new", 0)]


def test_validators_and_304() -> None:
    watched = Watched()
    tag, date = 'W/"a b"', "Sun, 01 Mar 2026 12:00:00 GMT"
    watched.step(ok(Post(guid="1"), etag=tag, last_modified=date))
    result = watched.step(status(304))
    assert (watched.fetcher.asked[0].etag, watched.fetcher.asked[0].last_modified) == (tag, date)
    assert (result.outcome, result.items) == ("not_modified", ())
    watched.step(status(304))
    assert watched.fetcher.asked[0].etag == tag


def test_an_unchanged_body_is_not_parsed_again() -> None:
    watched = Watched()
    watched.step(ok(Post(guid="1")))
    assert watched.step(ok(Post(guid="1"))).outcome == "unchanged"


def test_410_stops_and_says_so() -> None:
    watched = Watched()
    result = watched.step(status(410))
    assert (result.state.stopped, result.state.next_poll, result.outcome) == ("gone", None, "gone")
    assert "410" in result.notes[0]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (status(404), "fetch_status"),
        (status(500), "fetch_status"),
        (status(429, retry_after="7200"), "fetch_status"),
        (FetchFailedError("tls", "expired"), "fetch_tls"),
        (Response(status=200, url=SOURCE.url, body=b"<html>no</html>"), "parse_unreadable"),
    ],
)
def test_failures_are_results_and_never_the_end(answer: Response | FetchFailedError, code: str) -> None:
    watched = Watched()
    watched.step(ok(Post(guid="1")))
    result = watched.step(answer)
    assert (result.outcome, result.state.health.error, result.state.health.failures) == (code, code, 1)
    assert result.state.health.failing_since == START + timedelta(hours=1)
    assert result.state.next_poll is not None and result.state.seen == watched.state.seen
    assert watched.items(Post(guid="1"), Post(guid="2")) == [("2", "new", 0)]
    assert watched.state.health.error is None


def test_retry_after_is_obeyed() -> None:
    watched = Watched()
    result = watched.step(status(503, retry_after="7200"))
    assert result.state.next_poll == START + timedelta(hours=2)


def test_a_gap_is_said_and_counted() -> None:
    watched = Watched()
    watched.step(ok(*(Post(guid=str(n)) for n in range(3))))
    result = watched.step(ok(*(Post(guid=str(n)) for n in range(10, 13))))
    assert (result.state.health.gaps, len(result.items)) == (1, 3)
    assert any("missed" in note for note in result.notes)


def moved(to: str) -> Response:
    return Response(status=200, url=to, body=rss([Post(guid="1")]), moved_to=to)


def test_a_permanent_move_is_proposed_remembered_and_given_up_when_it_fails() -> None:
    watched, new = Watched(), "https://new.example/rss"
    notes = [note for _ in range(3) for note in watched.step(moved(new)).notes]
    assert [note for note in notes if new in note] and len(notes) == 1
    watched.step(ok(Post(guid="1")))
    assert watched.fetcher.asked[0].url == new
    watched.step(status(404))
    watched.step(ok(Post(guid="1")))
    assert watched.fetcher.asked[0].url == SOURCE.url


def test_a_page_leads_to_its_feed() -> None:
    watched = Watched()
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    found = watched.step(Response(status=200, url=SOURCE.url, body=page))
    assert (found.outcome, found.state.found_feed) == ("discovered", "https://wire.example/feed.xml")
    assert watched.items(Post(guid="1")) == [("1", "new", 0)]
    assert watched.fetcher.asked[0].url == "https://wire.example/feed.xml"


def test_what_a_bridge_makes_of_a_channel_is_telegram() -> None:
    watched = Watched()
    posts = [Post(guid=f"https://t.me/front_news/{n}", link=f"https://t.me/front_news/{n}") for n in (41, 42)]
    items = watched.step(ok(*posts)).items
    assert {(item.channel, item.external_id) for item in items} == {("telegram", "41"), ("telegram", "42")}
    mixed = Watched().step(ok(*posts, Post(guid="x", link="https://wire.example/x"))).items
    assert {item.channel for item in mixed} == {"feed"}


def test_what_is_remembered_is_bounded() -> None:
    watched = Watched()
    for n in range(30):
        watched.items(*(Post(guid=f"{n}-{m}", text=str(n)) for m in range(50)))
    assert len(watched.state.seen) <= 550
    assert len(watched.state.health.history) <= states.HISTORY


@pytest.mark.parametrize(
    ("declared", "text", "lang"),
    [
        ("en-us", "Взрывы прогремели в порту этой ночью", None),
        ("en-us", "Explosions were heard in the port tonight", "en"),
        ("ar", "Explosions were heard in the port tonight", None),
        ("ar", "سمع دوي انفجارات في الميناء الليلة", "ar"),
        ("en-us", "💥 12", "en"),
        ("sr", "Eksplozije u luci večeras", "sr"),
    ],
)
def test_a_declared_language_is_believed_unless_the_script_speaks_against_it(
    declared: str, text: str, lang: str | None
) -> None:
    (item,) = Watched().step(ok(Post(guid="1", title=text, text=""), head=f"<language>{declared}</language>")).items
    assert item.lang == lang


def test_an_answer_of_new_entries_only_is_no_gap() -> None:
    watched = Watched()
    watched.step(ok(Post(guid="1")))
    assert watched.step(msgspec.structs.replace(ok(Post(guid="2")), status=226)).state.health.gaps == 0


def test_an_edit_is_dated_by_the_feed_where_it_says_when() -> None:
    def atom(text: str, updated: str) -> Response:
        times = f"<published>2026-03-01T12:00:00Z</published><updated>{updated}</updated>"
        entry = f"<entry><id>1</id><title>{text}</title>{times}</entry>"
        return Response(
            status=200, url=SOURCE.url, body=f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()
        )

    watched = Watched()
    (first,) = watched.step(atom("Two hurt", "2026-03-01T12:00:00Z")).items
    (edit,) = watched.step(atom("Four hurt", "2026-03-01T13:20:00Z")).items
    (late,) = watched.step(atom("Five hurt", "2027-03-01T13:20:00Z")).items
    assert (first.published_at, edit.published_at) == (NOON, NOON + timedelta(minutes=80))
    assert late.published_at == START + timedelta(hours=2)
