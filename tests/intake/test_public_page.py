"""A form's public address: what a stranger sends makes one lead, and what a hostile one sends makes none."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from httpx import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.sources import set_source
from crm_app.core import clock
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.shared import _windows
from crm_app.intake.actions.forms import change_form
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.form_page import own_html
from crm_app.intake.models import LeadForm
from crm_app.intake.queries.forms import see_form
from crm_app.intake.routes import MOST_BYTES, _network, routes
from crm_app.intake.stamps import make_stamp
from crm_app.leads.queries.cards import list_leads, see_lead
from tests.intake import make
from tests.leads import make as leads

TYPED = {"person": "Пётр Ли", "phones": "8 915 123-45-67", "emails": "", "interest": "Насосы\n20 штук"}
HOSTILE = "\"><script>alert(1)</script>' onload=x {{7*7}} \u202e"


@pytest.fixture(autouse=True)
def way(adam: Actor) -> None:
    _windows._open.clear()
    leads.way(adam)


@pytest.fixture
def form(olga: Actor) -> LeadForm:
    return make.form(olga, heading="Спросите нас")


def stamped(form: LeadForm, seconds: float = 10, **typed: str) -> dict[str, str]:
    """What a browser sends that has shown the form for some seconds."""
    return {**TYPED, "stamp": make_stamp(form.key, clock.now() - timedelta(seconds=seconds)), **typed}


def send(browser: TestClient, form: LeadForm, typed: dict[str, str], query: str = "", **headers: str) -> Response:
    return browser.post(f"/forms/{form.key}{query}", data=typed, headers=headers)


def names(adam: Actor) -> list[str]:
    return [row.name for row in perform(adam, list_leads).rows]


def test_a_form_that_is_sent_makes_a_lead_with_all_that_is_known(
    browser: TestClient, form: LeadForm, adam: Actor
) -> None:
    page = browser.get(f"/forms/{form.key}?utm_source=ya&utm_campaign={quote('осень <b>')}&gclid=1")
    assert page.status_code == 200 and "Спросите нас" in page.text and "<script" not in page.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert hidden.keys() >= {"stamp", "lang", "utm_source", "utm_campaign"} and "gclid" not in hidden
    answer = send(browser, form, stamped(form, utm_source="ya", utm_campaign="осень <b>", responsible_id="1", name="Х"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/forms/{form.key}/thanks?lang=ru")
    assert "Спасибо" in browser.get(answer.headers["location"]).text and not browser.cookies
    card = perform(adam, see_lead, lead_id=perform(adam, list_leads).rows[0].id)
    assert (card.person, card.phones, card.interest) == ("Пётр Ли", ["+79151234567"], "Насосы\n20 штук")
    assert (card.source, card.channel, card.via, card.responsible_id) == ("site", "form", "form", 0)
    assert (card.name, card.utm_source, card.utm_campaign) == ("Пётр Ли", "ya", "осень <b>")
    facts = [
        (row.name, row.details.get("form"), row.via)
        for row in perform(adam, see_timeline, card="lead", card_id=card.id)
    ]
    assert ("LeadCameByForm", "Заявка на насосы", "form") in facts
    assert perform(adam, see_form, form_id=form.id).taken == 1


def test_the_same_post_twice_makes_one_lead_and_a_mended_one_another(
    browser: TestClient, form: LeadForm, adam: Actor
) -> None:
    typed = stamped(form)
    assert [send(browser, form, typed).status_code for _ in range(3)] == [303, 303, 303]
    assert names(adam) == ["Пётр Ли"] and perform(adam, see_form, form_id=form.id).taken == 1
    send(browser, form, {**typed, "phones": "8 915 123-45-68"})
    assert names(adam) == ["Пётр Ли"] * 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"person": ""}, "заполните это поле"), ({"phones": ""}, "Оставьте телефон или почту"),
        ({"phones": "позвоните"}, "Вместо телефона слова"), ({"emails": "не почта"}, "знака @"),
        ({"interest": "х" * 5001}, "не больше 5000"), ({"person": "х" * 201}, "не больше 200"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    browser: TestClient, form: LeadForm, adam: Actor, wrong: dict[str, str], sentence: str
) -> None:
    typed = stamped(form, **{"interest": f"Насосы {HOSTILE}", **wrong})
    answer = send(browser, form, typed)
    assert answer.status_code == 422 and sentence in answer.text and "<script" not in answer.text
    assert "Насосы &quot;&gt;&lt;script&gt;" in answer.text or "interest" in wrong
    assert typed["stamp"] in answer.text and 'aria-invalid="true"' in answer.text and names(adam) == []
    english = send(browser, form, {**typed, "lang": "en"})
    assert english.status_code == 422 and not re.search("Пожалуйста|Оставьте", english.text)


def test_consent_has_to_be_given_and_is_kept_word_for_word(browser: TestClient, olga: Actor, adam: Actor) -> None:
    form = make.form(olga, consent="Согласен <на> обработку", consent_url="https://a.example/p")
    refused = send(browser, form, stamped(form))
    assert refused.status_code == 422 and "Пожалуйста, отметьте" in refused.text
    assert "Согласен &lt;на&gt; обработку" in refused.text
    assert send(browser, form, stamped(form, consent="yes")).status_code == 303
    facts = perform(adam, see_timeline, card="lead", card_id=perform(adam, list_leads).rows[0].id)
    assert [row.details["consent"] for row in facts if row.name == "LeadCameByForm"] == ["Согласен <на> обработку"]


def test_a_program_that_fills_in_what_nobody_sees_is_thanked_and_leaves_nothing(
    browser: TestClient, form: LeadForm, adam: Actor
) -> None:
    assert send(browser, form, stamped(form, homepage="http://spam.example")).status_code == 303
    assert names(adam) == []


@pytest.mark.parametrize(
    ("seconds", "sentence"), [(0, "очень быстро"), (13 * 3600, "открыта долго"), (-3600, "очень быстро")]
)
def test_a_form_is_taken_neither_at_once_nor_for_ever(
    browser: TestClient, form: LeadForm, adam: Actor, seconds: float, sentence: str
) -> None:
    answer = send(browser, form, stamped(form, seconds))
    assert answer.status_code == 409 and sentence in answer.text and 'value="Пётр Ли"' in answer.text
    assert names(adam) == []


@pytest.mark.parametrize("stamp", ["", "x", "х" * 300, "of another form"])
def test_what_is_not_signed_is_shown_once_more_and_then_taken(
    browser: TestClient, form: LeadForm, adam: Actor, stamp: str
) -> None:
    if stamp == "of another form":
        stamp = make_stamp("another", clock.now() - timedelta(minutes=1))
    answer = send(browser, form, stamped(form, stamp=stamp), "?utm_source=ya", origin="https://shop.example")
    assert answer.status_code == 409 and "проверьте и нажмите" in answer.text and names(adam) == []
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert hidden["stamp"] not in ("", stamp) and hidden["utm_source"] == "ya"


def test_html_on_another_site_may_be_taken_at_once_and_still_only_once(
    browser: TestClient, olga: Actor, adam: Actor
) -> None:
    form = make.form(olga, takes_at_once=True, consent="Согласен")
    html = own_html(perform(olga, see_form, form_id=form.id), "https://crm.example", "ru")
    assert f'action="https://crm.example/forms/{form.key}"' in html and "<script" not in html
    assert {"person", "phones", "emails", "interest", "homepage", "consent", "lang"} == set(
        re.findall(r'name="(\w+)"', html)
    )
    for _ in range(2):
        answer = send(browser, form, {**TYPED, "consent": "yes"}, origin="https://shop.example")
        assert answer.status_code == 303
    assert names(adam) == ["Пётр Ли"]


def test_an_address_that_sends_too_often_waits_and_loses_nothing(
    browser: TestClient, form: LeadForm, adam: Actor
) -> None:
    answers = [send(browser, form, stamped(form, interest=f"Насос {n}")) for n in range(22)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429] * 2 and len(names(adam)) == 20
    assert "слишком много" in answers[-1].text and "Насос 21" in answers[-1].text
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


def test_only_listed_sites_may_frame_a_form_and_the_way_on_leads_where_it_is_told(
    browser: TestClient, olga: Actor
) -> None:
    closed = make.form(olga)
    policy = browser.get(f"/forms/{closed.key}").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "form-action 'self';" in policy and "default-src 'none'" in policy
    shown = make.form(olga, frame_origins=["https://shop.example"], thanks_url="https://shop.example/thanks?a=1")
    page = browser.get(f"/forms/{shown.key}")
    assert "frame-ancestors https://shop.example" in page.headers["content-security-policy"]
    assert "form-action 'self' https://shop.example;" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers and page.headers["x-content-type-options"] == "nosniff"
    assert send(browser, shown, stamped(shown)).headers["location"] == "https://shop.example/thanks?a=1"


def test_sites_may_be_called_in_any_letters(browser: TestClient, olga: Actor) -> None:
    sites = ["https://пример.рф", "https://*.пример.рф:8443", "https://ſhop.example"]
    form = make.form(olga, frame_origins=sites, thanks_url="https://Пример.рф/спасибо?a=1")
    policy = browser.get(f"/forms/{form.key}").headers["content-security-policy"]
    known = "https://xn--e1afmkfd.xn--p1ai"
    assert policy.endswith(
        f"form-action 'self' {known}; frame-ancestors {known} https://*.{known[8:]}:8443 https://shop.example"
    )
    sent = send(browser, form, stamped(form))
    assert sent.headers["location"] == f"{known}/{quote('спасибо')}?a=1"


def test_signs_that_nobody_types_are_left_out(browser: TestClient, form: LeadForm, adam: Actor) -> None:
    typed = stamped(form, person="Пётр\x1b[31m\x00 Ли\x7f", interest="Насосы\x01\r\n\t20 штук\x9b", utm_source="y\x02a")
    assert send(browser, form, typed, "?utm_medium=%00cpc").status_code == 303
    card = perform(adam, see_lead, lead_id=perform(adam, list_leads).rows[0].id)
    assert (card.person, card.interest) == ("Пётр[31m Ли", "Насосы\n\t20 штук")
    assert (card.utm_source, card.utm_medium) == ("ya", "cpc")
    assert send(browser, form, stamped(form, person="\x01\x02")).status_code == 422


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("", ""), ("unknown", "unknown"),
    ],
)  # fmt: skip
def test_an_address_of_four_numbers_is_counted_by_itself_and_a_long_one_by_its_network(
    address: str, network: str
) -> None:
    assert _network(address) == network


@pytest.mark.parametrize("key", ["x", "х" * 40, "a" * 5_000, "%00", "'; drop table lead_form; --", "../settings"])
def test_a_made_up_address_is_closed(browser: TestClient, key: str) -> None:
    assert browser.get(f"/forms/{quote(key)}").status_code == 404
    assert browser.post(f"/forms/{quote(key)}", data=TYPED).status_code == 404


def test_a_closed_form_takes_nothing(browser: TestClient, form: LeadForm, olga: Actor, adam: Actor) -> None:
    perform(olga, change_form, form_id=form.id, values=LeadFormDraft(is_open=False))
    assert browser.get(f"/forms/{form.key}").status_code == 404
    assert send(browser, form, stamped(form)).status_code == 404
    perform(olga, change_form, form_id=form.id, values=LeadFormDraft(is_open=True))
    perform(adam, set_source, card="lead", source="form", is_open=False)
    assert send(browser, form, stamped(form)).status_code == 404 and names(adam) == []


@pytest.mark.parametrize(
    "body",
    [
        b"person=" + b"x" * MOST_BYTES, b"\xff\xfe=1", b"&".join(b"a%d=1" % n for n in range(100)),
        b"person=%ED%A0%80&phones=%00%01", b'{"person": "json"}', b"--x\r\nContent-Disposition: form-data\r\n\r\n",
        b"", b"=&=&;;", b"person[]=1&person[$ne]=1", urlencode({"person": HOSTILE * 4, "phones": HOSTILE}).encode(),
    ],
)  # fmt: skip
def test_whatever_a_body_holds_no_lead_comes_of_it_and_the_form_is_shown(
    browser: TestClient, form: LeadForm, adam: Actor, body: bytes
) -> None:
    answer = browser.post(
        f"/forms/{form.key}", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in (409, 413, 422) and 'class="form"' in answer.text and "<script" not in answer.text
    assert names(adam) == []


def test_who_goes_away_in_the_middle_is_no_failure_of_ours(form: LeadForm, adam: Actor) -> None:
    heard = iter([{"type": "http.request", "body": b"person=", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(heard)

    async def answer(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"/forms/{form.key}", "query_string": b"", "headers": [],
        "client": ("192.0.2.7", 1),
    }  # fmt: skip
    asyncio.run(Starlette(routes=routes)(scope, receive, answer))
    assert sent[0]["status"] == 422 and names(adam) == []


def test_what_was_typed_can_not_break_out_of_the_page(browser: TestClient, form: LeadForm, adam: Actor) -> None:
    typed = {
        "person": HOSTILE,
        "phones": HOSTILE,
        "emails": HOSTILE,
        "interest": f"</textarea>{HOSTILE}",
        "lang": HOSTILE,
    }
    answer = send(browser, form, stamped(form, utm_source=HOSTILE, **typed))
    assert answer.status_code == 422
    assert "<script" not in answer.text and answer.text.count("</textarea>") == 1
    assert names(adam) == []
