"""A log-in leads on to the page that one came for, and never out of the application."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.access.routes import routes
from crm_app.core.actor import Actor
from tests.people import PASSWORD

HERE = "http://localhost:8000"


@pytest.mark.parametrize(
    ("told", "came_from", "led_to"),
    [
        ("/settings/employees", "/login", "/settings/employees"),
        ("", "/login?next=%2Fsettings%2Femployees", "/settings/employees"),  # sent before the page had loaded
        ("/clients", "/login?next=%2Ftasks", "/clients"),
        ("", "/login?next=https%3A%2F%2Fevil.example", "/deals"),
        ("", "/login?next=%2F%2Fevil.example", "/deals"),
        ("//evil.example", "/login", "/deals"),
        ("", "/login", "/deals"),
    ],
)
def test_a_log_in_leads_to_where_one_was_going(adam: Actor, told: str, came_from: str, led_to: str) -> None:
    browser = TestClient(Starlette(routes=routes), HERE, follow_redirects=False)
    typed = {"email": "adam@test.example", "password": PASSWORD, "next": told}
    answer = browser.post("/auth/login", data=typed, headers={"origin": HERE, "referer": HERE + came_from})
    assert (answer.status_code, answer.headers["location"]) == (303, led_to)
