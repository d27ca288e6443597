"""The server: in a thread beside the service, so that neither waits for the other."""

import logging
import socket
import threading
from typing import TYPE_CHECKING

from processors.errors import UnavailableError
from streams.settings import WebGroup

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger(__name__)
WAITING = 128  # connections that the system keeps until they are taken
MOST_CONNECTIONS = 256
LAST_WORDS = 2  # seconds that requests have at the end
ENDED_WITHIN = 10.0


class WebServer:
    """`WebServer(url, settings)` serves the store of that URL. Raises ConfigError."""

    def __init__(self, url: str, settings: WebGroup) -> None:
        self._url, self._settings = url, settings
        self._closing = threading.Event()
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._socket: socket.socket | None = None

    def start(self) -> "WebServer":
        """Takes the port at once; answers as soon as the libraries are loaded. Raises UnavailableError: it is taken."""
        self._socket = listening(self._settings.address, self._settings.port)
        self._thread.start()
        return self

    @property
    def address(self) -> str:
        """Where to look at it."""
        assert self._socket is not None
        host, port = self._socket.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
        return f"http://{host}:{port}/"

    def stop(self) -> None:
        """Ends streams and requests, then the thread."""
        self._closing.set()
        if self._server:
            self._server.should_exit = True
        self._thread.join(ENDED_WITHIN)

    def wait(self, stopping: threading.Event) -> None:
        """Until that is set, or the server ended by itself."""
        while not stopping.wait(0.5) and self._thread.is_alive():
            pass

    def _serve(self) -> None:
        import uvicorn

        from streams.web.access import Access
        from streams.web.app import application

        assert self._socket is not None
        access = Access(self._url)
        app = application(access, self._settings.hosts, self._closing.is_set)
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, server_header=False,
            limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=LAST_WORDS, proxy_headers=False,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._server.should_exit = self._closing.is_set()
        try:
            self._server.run(sockets=[self._socket])
        except OSError:
            log.exception("the web server ended")
        finally:
            access.close()
            self._socket.close()


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens. Raises UnavailableError."""
    opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address, port))
        opened.listen(WAITING)
    except OSError as error:
        opened.close()
        raise UnavailableError(f"web port {port}: {error.strerror or error}; set TOCSIN_WEB_PORT") from None
    return opened
