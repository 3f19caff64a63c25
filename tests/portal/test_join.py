"""The invitation's link over HTTP: a form that changes nothing when opened, and works once."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.access import cookies, sessions
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.portal.actions.access import invite_guest
from crm_app.portal.queries import see_guest_access
from crm_app.portal.routes import routes
from tests import make

SECRET = "four words make a password"


@pytest.fixture
def browser() -> TestClient:
    headers = {"accept-language": "ru"}
    return TestClient(Starlette(routes=routes), "http://localhost:8000", headers=headers, follow_redirects=False)


@pytest.fixture
def invited(ann: Actor) -> tuple[int, str]:
    """The card's id and the link's token."""
    card = make.client(ann, 'Грег "<script>alert(1)</script>')
    invitation = perform(ann, invite_guest, card_id=card.id, login="greg@client.example")
    return card.id, invitation.token


def post(browser: TestClient, token: str, password: str = SECRET, repeat: str = SECRET, **headers: str) -> object:
    return browser.post("/portal/join", data={"token": token, "password": password, "repeat": repeat}, headers=headers)


def test_the_link_opens_a_form_and_changes_nothing(browser: TestClient, ann: Actor, invited: tuple[int, str]) -> None:
    for _ in range(3):
        page = browser.get("/portal/join", params={"token": invited[1]})
        assert page.status_code == 200
        assert "greg@client.example" in page.text
        assert "<script" not in page.text
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
    assert perform(ann, see_guest_access, card_id=invited[0]).state == "invited"
    assert not browser.cookies


def test_a_password_opens_the_portal_once(browser: TestClient, ann: Actor, invited: tuple[int, str]) -> None:
    answer = post(browser, invited[1])
    assert (answer.status_code, answer.headers["location"]) == (303, "/portal")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert sessions.resolve(cookies.token_from(cookie.split(";")[0])).card_id == invited[0]
    assert sessions.resolve(sessions.log_in("greg@client.example", SECRET, "::1", "test")).is_guest

    again = post(browser, invited[1], "another password", "another password")
    assert again.status_code == 410
    assert "set-cookie" not in again.headers
    assert browser.get("/portal/join", params={"token": invited[1]}).status_code == 410


def test_passwords_that_differ_or_are_short_are_refused(
    browser: TestClient, ann: Actor, invited: tuple[int, str]
) -> None:
    differ, short = post(browser, invited[1], repeat="something else"), post(browser, invited[1], "short", "short")
    assert (differ.status_code, short.status_code) == (422, 422)
    assert "не совпадают" in differ.text
    assert "Пароль должен быть" in short.text
    assert SECRET not in differ.text
    assert perform(ann, see_guest_access, card_id=invited[0]).state == "invited"


@pytest.mark.parametrize("token", ["", "x", "х" * 40, "a" * 5_000, "\x00", "'; drop table guest; --"])
def test_a_made_up_link_is_over(browser: TestClient, ann: Actor, token: str) -> None:
    assert browser.get(f"/portal/join?token={quote(token)}").status_code == 410
    answer = post(browser, token)
    assert answer.status_code == 410
    assert "set-cookie" not in answer.headers


def test_another_site_cannot_post_the_form(browser: TestClient, ann: Actor, invited: tuple[int, str]) -> None:
    answer = post(browser, invited[1], origin="https://evil.example")
    assert "set-cookie" not in answer.headers
    assert perform(ann, see_guest_access, card_id=invited[0]).state == "invited"


def test_a_body_that_is_no_form_is_refused(browser: TestClient, ann: Actor, invited: tuple[int, str]) -> None:
    for body in (b"\xff\xfe" * 10, b"a=1&" * 50, b"token=" + invited[1].encode() + b"&password=" + b"x" * 10_000):
        answer = browser.post("/portal/join", content=iter([body]))
        assert answer.status_code == 410
    assert perform(ann, see_guest_access, card_id=invited[0]).state == "invited"
