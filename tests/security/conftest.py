"""An application of its own for those who speak to its socket: canaries are in its database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.application import Application, running


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with running(tmp_path_factory.mktemp("application")) as started:
        yield started
