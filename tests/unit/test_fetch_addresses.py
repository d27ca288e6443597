"""No way leads to a private address: not by number, by name, by redirect, nor by a name that changes its mind."""

import ssl
import time

import pytest
import trustme

from producers.addresses import Resolver, is_public, system_resolver
from producers.fetch import FetchFailedError, Request
from producers.http import FetchSettings, HttpFetcher
from tests.servers.feeds import fixed
from tests.servers.internet import Internet, always, names
from tests.servers.local import LocalServer

PRIVATE = """
127.0.0.1 127.255.255.255 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1
192.0.0.8 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1 ff0e::1 100::1 2001:db8::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1
2001:0:4136:e378:8000:63bf:3fff:fdd2 not-an-address
"""
PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 2606:4700:4700::1111 2a00:1450:4001:80e::200e 64:ff9b::808:808"
OUT, IN = "93.184.216.34", "93.184.216.35"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public(address: str) -> None:
    assert is_public(address)


def code_of(url: str, resolver: Resolver = system_resolver) -> str:
    with HttpFetcher(FetchSettings(), resolver=resolver, network=Internet()) as fetcher:
        with pytest.raises(FetchFailedError) as caught:
            fetcher.fetch(Request(url=url, deadline=5.0))
        return caught.value.code


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "0", "localhost", "[::1]", "[::ffff:7f00:1]"]
)
def test_every_notation_of_this_machine_is_refused(host: str) -> None:
    assert code_of(f"http://{host}/feed") == "fetch_address"


def test_one_private_address_among_public_ones_is_enough() -> None:
    assert code_of("http://mixed.example/", names({"mixed.example": [OUT, "10.0.0.7"]})) == "fetch_address"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "//x.example/",
        "x",
        "http://",
        "http://x.example:22/",
        "http://a" + "b" * 5000,
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    assert code_of(url, always(OUT)) == "fetch_url"


def test_unknown_names_are_said() -> None:
    assert code_of("http://nowhere.example/", names({})) == "fetch_dns"


def test_the_checked_address_is_the_one_connected_to() -> None:
    answers = ["127.0.0.1", "127.0.0.1", OUT]  # taken from the end: public once, private ever after
    network = Internet()
    with LocalServer(fixed(b"ok")) as server:
        settings = FetchSettings(ports=frozenset({server.port}))
        with HttpFetcher(settings, resolver=lambda _host, _port: [answers.pop()], network=network) as fetcher:
            assert fetcher.fetch(Request(url=server.url("/", "rebind.example"))).body == b"ok"
    assert network.connected == [OUT]
    assert len(answers) == 2


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "inside.example", "localhost"]
)
def test_each_redirect_is_checked_again(inside: str) -> None:
    network, hosts = Internet(), names({"outside.example": [OUT], "inside.example": ["10.0.0.1"]})

    def resolve(host: str, port: int) -> list[str]:
        return hosts(host, port) if host.endswith(".example") else system_resolver(host, port)

    with (
        LocalServer(fixed(b"internal")) as target,
        LocalServer(fixed(b"", 302, Location=target.url("/", inside))) as server,
    ):
        settings = FetchSettings(ports=frozenset({server.port, target.port}))
        with (
            HttpFetcher(settings, resolver=resolve, network=network) as fetcher,
            pytest.raises(FetchFailedError) as caught,
        ):
            fetcher.fetch(Request(url=server.url("/", "outside.example")))
    assert caught.value.code == "fetch_address"
    assert (network.connected, target.seen) == ([OUT], [])


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_tls_keeps_the_name_while_the_address_is_fixed(authority: trustme.CA) -> None:
    asked: list[str | None] = []
    context = server_context(authority, "news.example")
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with LocalServer(fixed(b"ok"), tls=context) as server:
        settings = FetchSettings(ports=frozenset({server.port}))
        with HttpFetcher(settings, resolver=always(OUT), verify=trusting(authority), network=Internet()) as fetcher:
            assert fetcher.fetch(Request(url=server.url("/", "news.example"))).body == b"ok"
    assert asked == ["news.example"]
    assert server.seen[0].headers["host"] == f"news.example:{server.port}"


@pytest.mark.parametrize("known", [True, False])
def test_tls_errors_are_named(authority: trustme.CA, known: bool) -> None:
    verify = trusting(authority) if known else ssl.create_default_context()
    with LocalServer(fixed(b"ok"), tls=server_context(authority, "other.example")) as server:
        settings = FetchSettings(ports=frozenset({server.port}))
        fetcher = HttpFetcher(settings, resolver=always(OUT), verify=verify, network=Internet())
        with fetcher, pytest.raises(FetchFailedError) as caught:
            fetcher.fetch(Request(url=server.url("/", "news.example")))
    assert caught.value.code == "fetch_tls"


def test_a_name_that_takes_for_ever_ends_with_the_deadline() -> None:
    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(1.5)
        return [OUT]

    started = time.monotonic()
    with HttpFetcher(resolver=slow, network=Internet()) as fetcher, pytest.raises(FetchFailedError) as caught:
        fetcher.fetch(Request(url="http://slow.example/", deadline=0.3))
    assert caught.value.code == "fetch_timeout" and time.monotonic() - started < 1.2
