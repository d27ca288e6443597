"""A server on 127.0.0.1 whose handlers may send whatever they like, so that it can misbehave in every way."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Mapping
from types import TracebackType

import msgspec


class Exchange:
    """One request, and the socket to answer on."""

    def __init__(self, method: str, path: str, headers: dict[str, str], connection: socket.socket) -> None:
        self.method, self.path, self.headers, self.connection = method, path, headers, connection

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def respond(self, status: int, body: bytes = b"", headers: Mapping[str, str] = {}) -> None:
        """An orderly answer, which ends the connection."""
        fields = {"Content-Length": str(len(body)), "Connection": "close", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode("latin-1") + body)


Handler = Callable[[Exchange], None]


class Seen(msgspec.Struct, frozen=True):
    path: str
    headers: dict[str, str]


class LocalServer:
    """Serves `routes` (by path without query), each connection in its own thread. Use as a context manager."""

    def __init__(self, routes: Mapping[str, Handler] | Handler, tls: ssl.SSLContext | None = None) -> None:
        self._routes, self._tls = routes, tls
        self.seen: list[Seen] = []
        owner = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                owner._serve(self.request)

        self._server = _Server(("127.0.0.1", 0), Connection)
        self.port: int = self._server.server_address[1]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> "LocalServer":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            connection.settimeout(60)
            exchange = _read(connection)
            if exchange:
                self.seen.append(Seen(exchange.path, exchange.headers))
                self._route(exchange.path)(exchange)
        except OSError:
            return  # the client has gone, as it should where it is fed rubbish

    def _route(self, path: str) -> Handler:
        if callable(self._routes):
            return self._routes
        return self._routes.get(path.split("?")[0], _not_found)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256


def _not_found(exchange: Exchange) -> None:
    exchange.respond(404, b"nothing here")


def _read(connection: socket.socket) -> Exchange | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece or len(data) > 65536:
            return None
        data += piece
    first, *lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, path = (first.split(" ") + ["/"])[:2]
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Exchange(method, path, headers, connection)
