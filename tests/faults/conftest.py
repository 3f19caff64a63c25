"""Real mail servers that the tests of faults send to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_app.core.settings import forget_settings
from tests.integrations.channels.email.servers import ScriptedServer


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[ScriptedServer]:
    """The mail server that CRM_SMTP_URL names."""
    with ScriptedServer() as server:
        monkeypatch.setenv("CRM_SMTP_URL", server.url)
        monkeypatch.setenv("CRM_DATA", str(tmp_path))
        forget_settings()
        yield server
    monkeypatch.undo()
    forget_settings()
