"""Programs are led to the API at once; pages, and who asks for the description, take the whole way."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from crm_app.rest_front import DESCRIPTION, ROOT, RestFirst

ORIGIN = {"Origin": "https://elsewhere.example"}


@pytest.fixture
def way() -> TestClient:
    """Tells which of the two ways a request took."""
    return TestClient(RestFirst(PlainTextResponse("whole"), PlainTextResponse("short")))


@pytest.mark.parametrize(
    ("path", "headers", "taken"),
    [
        (f"{ROOT}/me", {}, "short"),
        (f"{ROOT}/nothing", {}, "short"),
        (f"{ROOT}/me", ORIGIN, "whole"),
        (DESCRIPTION, {}, "whole"),
        (ROOT, {}, "whole"),
        ("/api/docs", {}, "whole"),
        (f"/clients{ROOT}/me", {}, "whole"),
        ("/", {}, "whole"),
    ],
)
def test_which_way_a_request_takes(way: TestClient, path: str, headers: dict[str, str], taken: str) -> None:
    assert way.get(path, headers=headers).text == taken


def test_the_description_is_where_the_short_way_leaves_it_alone(address: str) -> None:
    assert httpx.get(address + DESCRIPTION).json()["openapi"].startswith("3.")
