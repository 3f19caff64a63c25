"""Serves the built page, the socket and the API on one port."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal

from crm_app import build
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
    parser.add_argument("--prepare", action="store_true", help="first build what has changed")


def run(options: argparse.Namespace) -> None:
    """The sub-command `serve`."""
    if options.prepare and not build.is_fresh():
        build.build()
    serve(settings())


def serve(chosen: Settings) -> None:
    """Serve until a signal asks to stop. Raises CommandFailed."""
    if not (build.PAGE / "index.html").is_file():
        raise CommandFailed("The page is not built yet: run `make setup`.")
    if chosen.workers > 1 and not chosen.redis_url:
        raise CommandFailed("CRM_WORKERS above 1 needs CRM_REDIS_URL: several processes share their state there.")
    os.environ.update(SERVER_ENVIRONMENT)
    print(f"Kartoteka: {chosen.origin}", flush=True)
    if chosen.workers == 1:
        asyncio.run(_serve_here(chosen))
    else:
        _serve_in_processes(chosen)


async def _serve_here(chosen: Settings) -> None:
    """One process does all: no supervisor whose death would leave an orphan behind."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from crm_app.crm_app import app

    server = Server(app(), chosen.host, chosen.port, interface=Interfaces.ASGI, log_level=LogLevels.error)
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, server.stop)
    await server.serve()


def _serve_in_processes(chosen: Settings) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        APP,
        chosen.host,
        chosen.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=chosen.workers,
        log_level=LogLevels.error,
    ).serve()
