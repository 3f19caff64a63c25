"""Serves the built page, the socket and the API on one port."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module

from starlette.types import ASGIApp

from crm_app import build
from crm_app.core import memory, presence
from crm_app.core.commands import CommandFailed
from crm_app.core.kept_process import KeptProcess, end_all, end_with_parent, fork_ahead, is_child
from crm_app.core.settings import Settings, settings

# The first two are internal to Reflex 0.10.1, which is pinned: they serve the page that is built already.
SERVER_ENVIRONMENT = {
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "__REFLEX_SKIP_COMPILE": "true",
    "REFLEX_ENV_MODE": "prod",
    "REFLEX_TELEMETRY_ENABLED": "false",
    # A socket whose other end is gone is noticed within half a minute, not within two and a half.
    "REFLEX_SOCKET_INTERVAL": "10",
    "REFLEX_SOCKET_TIMEOUT": "20",
}
END_SECONDS = 9.0
"""A server that was told to end has ended by then."""
APP = "crm_app.crm_app:app"
OTHERS_CLIENTS = ("requests", "websocket", "aiohttp", "tornado")
"""The socket library takes them where they are, for clients and servers that are not ours: five megabytes."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--prepare` is what `make run` uses."""
    parser.add_argument("--prepare", action="store_true", help="first build and migrate what has changed")


def run(options: argparse.Namespace) -> None:
    """The sub-command `serve`."""
    if options.prepare and not build.is_fresh():
        build.build()
    serve(settings(), _migrate if options.prepare else None)


def serve(chosen: Settings, prepare: Callable[[], None] | None = None) -> None:
    """Serve until a signal asks to stop. prepare: what must be done before the first request. Raises CommandFailed."""
    if not (build.PAGE / "index.html").is_file():
        raise CommandFailed("The page is not built yet: run `make setup`.")
    if chosen.workers > 1 and not chosen.redis_url:
        raise CommandFailed("CRM_WORKERS above 1 needs CRM_REDIS_URL: several processes share their state there.")
    if chosen.redis_url:
        _check_redis()
    os.environ.update(SERVER_ENVIRONMENT)
    memory.share()
    if is_child():
        asyncio.run(_serve_here(chosen, None))
        return
    _check_port(chosen)
    if chosen.workers == 1 and chosen.worker == "inside":
        _fork_worker()
    with presence.among_others(chosen.data):
        print(f"Kartoteka: {chosen.origin}", flush=True)
        if chosen.workers == 1:
            asyncio.run(_serve_here(chosen, prepare))
        else:
            _serve_in_processes(chosen, prepare)


def _check_redis() -> None:
    from crm_app.core import shared  # costs a start without Redis nothing

    if trouble := shared.trouble():
        raise CommandFailed(f"CRM_REDIS_URL can't be used: {trouble}")


def _check_port(chosen: Settings) -> None:
    """Raises CommandFailed where another program listens already: the server itself would share the port with it."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as problem:
            raise CommandFailed(f"Cannot listen on {chosen.host}:{chosen.port}: {problem.strerror}.") from None


def _fork_worker() -> None:
    """Have the worker share the memory of what both import: docs/decisions/0097."""
    from crm_app import features, worker

    features.load()
    memory.settle()
    fork_ahead("worker", lambda: worker.run(argparse.Namespace()))


def _migrate() -> None:
    from crm_app import migrate
    from crm_app.core.db import database

    applied = migrate.prepare(settings(), database())
    if applied:
        print(f"Migrated: {', '.join(applied)}", flush=True)


async def _serve_here(chosen: Settings, prepare: Callable[[], None] | None) -> None:
    """Serve from this very process: there is no supervisor whose death would leave an orphan behind."""
    from crm_app.core.headers import SecurityHeaders
    from crm_app.core.hosts import KnownHosts
    from crm_app.core.web_server import WebServer
    from crm_app.ui.built_page import built_page
    from crm_app.warm_up import WarmUp

    pages = SecurityHeaders(built_page(build.PAGE), chosen.origins)
    application = WarmUp(partial(_load, prepare), pages, build.PAGE)
    front = KnownHosts(application, chosen.origins) if chosen.listens_on_loopback_only else application
    server = WebServer(front)
    application.when_failed(server.stop)
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.call_later(END_SECONDS, _end_now)
        server.stop()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, end)
    end_with_parent(lambda: loop.call_soon_threadsafe(end))
    await server.listen(chosen.host, chosen.port, shared=chosen.workers > 1)
    application.raise_failure()


def _end_now() -> None:
    """The last resort against what does not end: what is saved is saved, and all else has a lease."""
    logging.getLogger("crm.serve").warning("the server did not end within %s s and is ended", END_SECONDS)
    os._exit(0)


def _load(prepare: Callable[[], None] | None) -> ASGIApp:
    """Import everything."""
    from crm_app.core import db

    db.use(db.Database(settings().database_url, is_mapped=True))
    if prepare is not None:
        prepare()
    with memory.without(*OTHERS_CLIENTS), _redis_as_needed():
        application: ASGIApp = import_module(APP.partition(":")[0]).app()
    if not is_child():
        _tell_setup_code()
    memory.settle()
    return application


@contextmanager
def _redis_as_needed() -> Iterator[None]:
    """Import what comes in the block without Redis' library where there is no Redis: four megabytes.

    The socket library goes without it by itself; Reflex takes it along for a function that it calls where Redis is.
    """
    if settings().redis_url:
        yield
    else:
        with memory.without("redis"), memory.hollow("reflex.istate.manager.redis"):
            yield


def _tell_setup_code() -> None:
    """Print the code that the first page asks for, where strangers could be faster than the owner."""
    from crm_app.access.queries import is_set_up
    from crm_app.access.sessions import setup_code
    from crm_app.core.actor import SYSTEM
    from crm_app.core.db import FAILURES
    from crm_app.core.door import perform

    with suppress(*FAILURES):  # the pages say by themselves that the database is away
        if not settings().listens_on_loopback_only and not perform(SYSTEM, is_set_up):
            print(f"The code that the first page asks for: {setup_code()}", flush=True)


def _serve_in_processes(chosen: Settings, prepare: Callable[[], None] | None) -> None:
    """Keep several processes that share the port, and one worker, until a signal asks to stop."""
    from crm_app import features

    features.load()
    if prepare is not None:
        prepare()
    _tell_setup_code()
    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    kept = [KeptProcess("serve") for _ in range(chosen.workers)]
    if chosen.worker == "inside":
        kept.append(KeptProcess("worker"))
    told.wait()
    end_all(kept)
