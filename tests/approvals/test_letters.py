"""Whoever is asked gets one letter; its link decides once, by a POST, for them alone."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.access.actions.employees import disable_employee
from crm_app.approvals.routes import routes
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.db import database as database_in_use
from crm_app.core.door import perform
from crm_app.core.errors import NotFound, RuleBroken
from crm_app.deals.actions.approvals import decide_by_link
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.moves import move_deal
from crm_app.deals.models import Deal, DealApprovalAsk
from tests.deals import make
from tests.deals.approvals import guard, of, requests, rule, stage_of
from tests.integrations.channels.email.servers import ScriptedServer
from tests.mailings import kit

LINK = re.compile(r"https?://\S+/approve\?token=([\w-]+)")


@pytest.fixture
def browser() -> TestClient:
    headers = {"accept-language": "ru"}
    return TestClient(Starlette(routes=routes), "http://localhost:8000", headers=headers, follow_redirects=False)


@pytest.fixture
def deal(ann: Actor, olga: Actor, outside: ScriptedServer) -> Deal:
    """A deal that waits for Olga, with the letter sent."""
    kit.sender()
    way = make.pipeline("basic")
    there = make.stage(way, 1).id
    guard(way, rule(there, of(olga), words="Проверьте скидку <b>"))
    made = make.deal(ann, way, name="Станки <script>alert(1)</script>", amount=125_000_000)
    with pytest.raises(RuleBroken):
        perform(ann, move_deal, deal_id=made.id, stage_id=there)
    kit.work()
    return made


def token_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = LINK.search(str(body.get_content()))
    assert found, body.get_content()
    return found[1]


def post(browser: TestClient, token: str, decision: str, word: str = "", round_: str = "1", **headers: str) -> Any:
    fields = {"token": token, "decision": decision, "word": word, "round": round_}
    return browser.post("/approve", data=fields, headers=headers)


def test_a_get_decides_nothing_and_a_post_decides_once(
    browser: TestClient, deal: Deal, outside: ScriptedServer
) -> None:
    (letter,) = outside.letters()
    assert outside.script.envelopes[0].rcpt_tos == ["olga@test.example"]
    assert "ann@test.example" in letter["Reply-To"]
    token = token_in(letter)
    for _ in range(3):
        page = browser.get("/approve", params={"token": token})
        assert page.status_code == 200 and "<script" not in page.text and "<b>" not in page.text
        assert "1 250 000" in page.text.replace("\xa0", " ").replace("\u202f", " ") and "Проверьте скидку" in page.text
        assert page.headers["cache-control"] == "no-store"
    assert requests(deal)[0][1] == "open"
    assert post(browser, token, "yes", "хорошо").status_code == 200
    kit.work()
    assert requests(deal)[0][1] == "done" and stage_of(deal) != deal.stage_id
    assert browser.get("/approve", params={"token": token}).status_code == 410
    assert post(browser, token, "no", "передумала").status_code == 410
    kit.work()
    assert len(outside.letters()) == 1


def test_a_rejection_asks_for_a_word(browser: TestClient, deal: Deal, outside: ScriptedServer) -> None:
    token = token_in(outside.letters()[0])
    again = post(browser, token, "no")
    assert again.status_code == 422 and "почему" in again.text
    assert post(browser, token, "no", "дорого").status_code == 200
    assert requests(deal)[0][1] == "rejected"


def test_a_link_is_bound_to_its_person(
    browser: TestClient, adam: Actor, olga: Actor, deal: Deal, outside: ScriptedServer
) -> None:
    token = token_in(outside.letters()[0])
    with pytest.raises(NotFound):
        perform(adam, decide_by_link, token=token, approves=True)
    perform(adam, disable_employee, employee_id=olga.id)
    assert browser.get("/approve", params={"token": token}).status_code == 410
    assert post(browser, token, "yes").status_code == 410
    assert requests(deal)[0][1] == "open"


def test_what_changed_since_is_not_approved_by_an_old_page(
    browser: TestClient, ann: Actor, deal: Deal, outside: ScriptedServer
) -> None:
    token = token_in(outside.letters()[0])
    perform(ann, change_deal, deal_id=deal.id, values={"amount": 999})
    answer = post(browser, token, "yes")
    assert answer.status_code == 410 and requests(deal) == [(requests(deal)[0][0], "open", 2)]
    kit.work()
    assert (
        len(outside.letters()) == 2
        and post(browser, token_in(outside.letters()[1]), "yes", round_="2").status_code == 200
    )


def test_a_link_expires(browser: TestClient, deal: Deal, outside: ScriptedServer) -> None:
    with database_in_use().session(writes=True) as session:
        session.execute(update(DealApprovalAsk).values(token_expires_at=clock.now()))
        session.commit()
    assert post(browser, token_in(outside.letters()[0]), "yes").status_code == 410
    assert requests(deal)[0][1] == "open"


@pytest.mark.parametrize("token", ["", "x", "я" * 40, "a" * 5000, "../../etc", "0" * 64, "a\x00b"])
def test_no_link_says_nothing(browser: TestClient, deal: Deal, token: str) -> None:
    assert browser.get("/approve", params={"token": token}).status_code == 410
    assert post(browser, token, "yes").status_code == 410


def test_another_sites_form_decides_nothing(browser: TestClient, deal: Deal, outside: ScriptedServer) -> None:
    token = token_in(outside.letters()[0])
    assert post(browser, token, "yes", origin="https://evil.example").status_code in (403, 410)
    assert post(browser, token, "maybe").status_code == 422
    assert browser.post("/approve", content=b"x" * 50_000).status_code == 410
    assert requests(deal)[0][1] == "open"
