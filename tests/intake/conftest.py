"""A stranger's browser, at the public pages of forms."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.core.headers import SecurityHeaders
from crm_app.intake.routes import routes


@pytest.fixture
def browser() -> TestClient:
    app = SecurityHeaders(Starlette(routes=routes), ["http://localhost:8000"])
    return TestClient(app, "http://localhost:8000", headers={"accept-language": "ru"}, follow_redirects=False)
