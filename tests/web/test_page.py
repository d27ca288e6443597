"""The live page in a real browser: what it shows, that it keeps itself up to date, that hostile words stay words."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from processors.model import Tally
from processors.resolve.state import Changes
from streams.store import history
from streams.web.page import names, packaged
from tests.web import browser, hostile
from tests.web.site import Site

needs_browser = pytest.mark.skipif(browser.program() is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    made = browser.Browser(tmp_path_factory.mktemp("browser"))
    yield made
    made.close()


@pytest.fixture
def page(opened: browser.Browser) -> browser.Browser:
    opened.forget()
    return opened


def test_no_file_loads_anything_from_elsewhere() -> None:
    assert {"index.html", "incident.html", "list.js", "style.css", "world.svg"} <= names()
    for name in names():
        text = packaged(name)[0].decode()
        addresses = [word for word in text.replace('"', " ").split() if word.startswith(("http://", "https://", "//"))]
        assert set(addresses) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/2000/svg;", "//"}, name
        assert "innerHTML" not in text and "eval(" not in text and "document.write" not in text, name
        assert len(text.splitlines()) < 250


@needs_browser
def test_the_list_is_shown_newest_first_with_a_map(site: Site, page: browser.Browser) -> None:
    page.open(site.server.address)
    page.until(
        "document.querySelectorAll('.entry').length > 0 && document.getElementById('state').textContent === 'live'"
    )
    listed = [each["incident_id"] for each in site.pages(limit=100, status="open,retracted")]
    assert page.run("[...document.querySelectorAll('.entry')].map(e => e.id.slice(2))") == listed
    assert page.run("document.querySelectorAll('#map a').length") == len(listed)
    assert page.run("document.getElementById('reach').textContent").startswith("items up to ")
    assert page.run("document.querySelector('#map use').getBoundingClientRect().width > 100")
    assert ours(page, site) and page.problems == []


@needs_browser
def test_an_alert_shows_without_a_reload(empty: Site, page: browser.Browser) -> None:
    page.open(empty.server.address)
    page.until("document.querySelector('.none') && document.getElementById('state').textContent === 'live'")
    page.run("window.same = true")
    calm = msgspec.structs.replace(hostile.incident(), title="Bombing, Kassala", contested=())
    empty.publish(calm)
    page.until("document.querySelector('.entry h2')?.textContent === 'Bombing, Kassala'")
    later = msgspec.structs.replace(calm, version=2, killed=Tally(min=4, max=6, best=5), grade="B2")
    empty.publish(later, kind="update", reason=("killed 2→5",))
    page.until("document.querySelector('.changed')?.textContent === 'changed: killed 2→5'")
    words = page.run("document.querySelector('.entry').innerText")
    for each in ("SEVERE", "▲ UPDATE", "killed 4–6", "B2", "1 independent source"):
        assert each in words
    assert page.run("window.same && document.querySelectorAll('.entry').length === 1")
    gone = msgspec.structs.replace(later, version=3, status="retracted")
    empty.publish(gone, kind="retraction", reason=("no source holds it up any more",))
    page.until("document.querySelector('.entry.retracted') !== null")
    assert page.problems == []


@needs_browser
def test_filters_and_earlier_states(site: Site, page: browser.Browser) -> None:
    page.open(f"{site.server.address}?event_type=bombing&as_of=2026-03-02T00:00")
    page.until("document.querySelectorAll('.entry').length > 0")
    expected = site.pages(limit=100, event_type="bombing", as_of="2026-03-02", status="open,retracted")
    assert page.run("document.querySelectorAll('.entry').length") == len(expected)
    assert "not live" in page.run("document.getElementById('state').textContent")
    page.open(f"{site.server.address}?min_severity=grave")
    page.until("document.getElementById('notice').textContent.includes('min_severity')")


@needs_browser
def test_one_incident_with_its_words(site: Site, page: browser.Browser) -> None:
    one = max(history.incidents(site.store.engine), key=lambda i: i.version)
    page.open(f"{site.server.address}incidents/{one.incident_id}")
    page.until("document.querySelector('.head') && document.getElementById('state').textContent === 'live'")
    shown = page.run("document.body.innerText")
    assert one.title in shown and all(item in shown for item in one.items)
    assert page.run("document.querySelectorAll('ol.versions > li').length") == one.version
    page.run("document.querySelector('ol.versions > li:last-child a').click()")
    page.until("document.getElementById('state').textContent.startsWith('VERSION 1')")
    assert ours(page, site) and page.problems == []


@needs_browser
@pytest.mark.parametrize("path", ["", f"incidents/{hostile.NAME}", f"incidents/{hostile.NAME}?version=1"])
def test_hostile_words_stay_words(empty: Site, page: browser.Browser, path: str) -> None:
    empty.publish(hostile.incident(), hostile.item())
    with empty.store.writing() as work:
        work.apply(Changes(verdict="applied", put=(hostile.entry(),)))
    page.open(f"{empty.server.address}{path}")
    page.until("document.querySelector('.entry, .head') !== null")
    page.until("document.querySelector('h2').textContent.includes('<script>window.broken=1</script>')")
    assert page.run("window.broken === undefined")
    assert page.run("document.querySelectorAll('article script, article img, ol img, ol script, h2 svg').length") == 0
    assert page.run("[...document.links].every(a => ['http:', 'https:'].includes(a.protocol))")
    assert page.run(
        "[...document.querySelectorAll('svg a')].every(a => a.getAttribute('href').startsWith('/incidents/'))"
    )
    if path:
        assert page.run("document.querySelectorAll('.speaker q').length") == 3
        assert hostile.SCRIPT in page.run("document.querySelector('table').innerText")
    assert ours(page, empty) and page.problems == []


@needs_browser
def test_a_stream_that_breaks_off_is_seen(tmp_path: Path, page: browser.Browser) -> None:
    site = Site(f"sqlite:///{tmp_path}/s.db")
    page.open(site.server.address)
    page.until("document.getElementById('state').textContent === 'live'")
    site.close()
    page.until("document.getElementById('state').textContent.startsWith('NOT CONNECTED')")


def ours(page: browser.Browser, site: Site) -> bool:
    """Whether nothing but this server was asked for anything."""
    strangers = [each for each in page.asked if not each.startswith((site.server.address, "about:", "data:"))]
    assert strangers == [], json.dumps(strangers)
    return bool(page.asked) and os.name == "posix"
