"""A real PostgreSQL from the system's package, for tests and benchmarks: own data, loopback only, no password."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.kafka.broker import UnavailableServerError, free_ports

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def program(name: str) -> str:
    """Path of one of PostgreSQL's programs; the newest version where there are several."""
    if found := shutil.which(name):
        return found
    hits = sorted(hit for place in PLACES for hit in Path("/").glob(f"{place.lstrip('/')}/{name}"))
    if not hits:
        raise UnavailableServerError(f"PostgreSQL's server ({name}): install the package postgresql")
    return str(hits[-1])


class Postgres:
    """One server with its data under `folder`. It refuses to be root, so for root it runs as the user `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.initdb, self.server = program("initdb"), program("postgres")
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.port = free_ports(1)[0]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.database("postgres")

    def database(self, name: str) -> str:
        return f"postgresql+psycopg://tocsin@127.0.0.1:{self.port}/{name}"

    def start(self) -> "Postgres":
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.data.exists():
            self._own()
            init = ["-D", str(self.data), "-U", "tocsin", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            subprocess.run([*self.as_user, self.initdb, *init], check=True, capture_output=True, cwd="/")
        with (self.folder / "server.log").open("ab") as log:
            where = ["-D", str(self.data), "-p", str(self.port), "-h", "127.0.0.1", "-k", ""]
            self.process = subprocess.Popen([*self.as_user, self.server, *where], stdout=log, stderr=log, cwd="/")
        self._await_ready()
        return self

    def stop(self, signum: int = signal.SIGINT) -> None:
        """Fast shutdown (connections are cut), or a crash; the data stay."""
        if self.process and self.process.poll() is None:
            os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signum)
            self.process.wait(60)

    def kill(self) -> None:
        """A crash: PostgreSQL ends at once and recovers from its log when it starts."""
        self.stop(signal.SIGQUIT)

    def _own(self) -> None:
        """Gives the folder, and the way to it, to the user that the server runs as."""
        if self.as_user:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            for parent in self.folder.parents:
                if parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
                    parent.chmod(parent.stat().st_mode | 0o011)

    def _await_ready(self) -> None:
        ready = [program("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        limit = time.monotonic() + 60
        while subprocess.run(ready).returncode:
            if self.process is None or self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"PostgreSQL did not come up:\n{(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.1)
