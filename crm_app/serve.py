"""Serves the built page, the socket and the API on one port."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from importlib import import_module

from starlette.types import ASGIApp

from crm_app import build
from crm_app.core import memory, presence
from crm_app.core.commands import CommandFailed
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
APP = "crm_app.crm_app:app"


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
    _check_port(chosen)
    os.environ.update(SERVER_ENVIRONMENT)
    with presence.among_others(chosen.data):
        print(f"Kartoteka: {chosen.origin}", flush=True)
        if chosen.workers == 1:
            asyncio.run(_serve_here(chosen, prepare))
        else:
            _serve_in_processes(chosen, prepare)


def _check_port(chosen: Settings) -> None:
    """Raises CommandFailed where another program listens already: the server itself would share the port with it."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as problem:
            raise CommandFailed(f"Cannot listen on {chosen.host}:{chosen.port}: {problem.strerror}.") from None


def _migrate() -> None:
    from crm_app import migrate
    from crm_app.core.db import database

    applied = migrate.prepare(settings(), database())
    if applied:
        print(f"Migrated: {', '.join(applied)}", flush=True)


async def _serve_here(chosen: Settings, prepare: Callable[[], None] | None) -> None:
    """Serve from this very process: there is no supervisor whose death would leave an orphan behind."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from crm_app.core.headers import SecurityHeaders
    from crm_app.core.hosts import KnownHosts
    from crm_app.ui.built_page import built_page
    from crm_app.warm_up import WarmUp

    pages = SecurityHeaders(built_page(build.PAGE), chosen.origins)
    application = WarmUp(partial(_load, prepare), pages, build.PAGE)
    front = KnownHosts(application, chosen.origins) if chosen.listens_on_loopback_only else application
    server = Server(front, chosen.host, chosen.port, interface=Interfaces.ASGI, log_level=LogLevels.error)
    application.when_failed(server.stop)
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, server.stop)
    await server.serve()
    application.raise_failure()


def _load(prepare: Callable[[], None] | None) -> ASGIApp:
    """Import everything."""
    if prepare is not None:
        prepare()
    application: ASGIApp = import_module(APP.partition(":")[0]).app()
    memory.settle()
    return application


def _serve_in_processes(chosen: Settings, prepare: Callable[[], None] | None) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    if prepare is not None:
        prepare()
    Server(
        APP,
        chosen.host,
        chosen.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=chosen.workers,
        log_level=LogLevels.error,
    ).serve()
