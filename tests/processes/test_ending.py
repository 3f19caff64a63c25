"""A server that is told to end does, however many pages are open."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.application import running
from tests.security.raw_socket import Tab

END_SECONDS = 10


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_while_sockets_are_open(
    tmp_path: Path, redis: str, processes: int, told: signal.Signals
) -> None:
    chosen = {"CRM_WORKERS": "2", "CRM_REDIS_URL": redis} if processes == 2 else {}
    with running(tmp_path, **chosen) as application, ExitStack() as open_tabs:
        tabs = [open_tabs.enter_context(Tab(application.address)) for _ in range(6)]
        children = psutil.Process(application.process.pid).children(recursive=True)
        assert len(tabs) == 6 and len(children) == (1 if processes == 1 else 3)
        os.kill(application.process.pid, told)
        assert application.process.wait(END_SECONDS) == 0
        assert [child.pid for child in children if child.is_running()] == []
        assert "is ended" not in application.log.read_text()


def test_a_redis_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="CRM_REDIS_URL can't be used"),
        running(tmp_path, CRM_REDIS_URL="redis://127.0.0.1:1/0"),
    ):
        pass
