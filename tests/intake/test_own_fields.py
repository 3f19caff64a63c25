"""Forms ask strangers for fields of the company's own: each kind in its way; what is refused is not lost."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from httpx import Response
from starlette.testclient import TestClient

from crm_app.cards.actions.fields import change_field, remove_field
from crm_app.cards.field_queries import list_fields
from crm_app.core import clock
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin
from crm_app.core.shared import _windows
from crm_app.intake.actions.forms import add_form, change_form
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.form_page import own_html
from crm_app.intake.models import LeadForm
from crm_app.intake.queries.forms import list_askable, see_form
from crm_app.intake.stamps import make_stamp
from crm_app.leads.queries.cards import list_leads, see_lead
from tests.cards.fields import field as own_field
from tests.intake import make
from tests.leads import make as leads

HOSTILE = "\"><script>alert(1)</script>' onload=x"


@pytest.fixture(autouse=True)
def way(adam: Actor) -> None:
    _windows._open.clear()
    leads.way(adam)


def send_pairs(browser: TestClient, form: LeadForm, typed: list[tuple[str, str]]) -> Response:
    """What a browser sends that has shown the form for ten seconds; a name may come several times."""
    stamp = make_stamp(form.key, clock.now() - timedelta(seconds=10))
    pairs = [("phones", "8 915 123-45-67"), ("stamp", stamp), *typed]
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return browser.post(f"/forms/{form.key}", content=urlencode(pairs), headers=headers)


@pytest.fixture
def asking(olga: Actor) -> LeadForm:
    """A form that asks for one of each kind that a stranger can fill in."""
    kinds = {
        "text": "Марка", "long_text": "Подробности", "number": "Сколько", "money": "Бюджет", "date": "К сроку",
        "datetime": "Когда звонить", "yes_no": "Есть ли кран", "choice": "Цвет", "choices": "Расцветки", "link": "Сайт",
    }  # fmt: skip
    made = {kind: own_field(kind, name, card="lead", help_ru=f"Про «{name}»") for kind, name in kinds.items()}
    levels = {f"fields.{each.key}": "required" if kind == "choices" else "asked" for kind, each in made.items()}
    return make.form(olga, asks={"phones": "required", **levels})


OWN = {
    "fields.marka": "К-12", "fields.podrobnosti": "Две строки\nздесь", "fields.skolko": "2,5",
    "fields.byudzhet": "1 500",
    "fields.k_sroku": "2026-12-01", "fields.kogda_zvonit": "2026-12-01T10:30", "fields.est_li_kran": "no",
    "fields.tsvet": "krasnyy", "fields.sayt": "example.com/насос",
}  # fmt: skip


def test_own_fields_are_asked_for_and_taken(browser: TestClient, asking: LeadForm, adam: Actor) -> None:
    page = browser.get(f"/forms/{asking.key}").text
    for name in (*OWN, "fields.rastsvetki"):
        assert f'name="{name}"' in page, name
    assert "Про «Марка»" in page and 'type="checkbox" name="fields.rastsvetki" value="siniy"' in page
    answer = send_pairs(
        browser, asking, [*OWN.items(), ("fields.rastsvetki", "krasnyy"), ("fields.rastsvetki", "siniy")]
    )
    assert answer.status_code == 303
    lead = perform(adam, list_leads).rows[0]
    assert perform(adam, see_lead, lead_id=lead.id).fields == {
        "marka": "К-12", "podrobnosti": "Две строки\nздесь", "skolko": 2.5, "byudzhet": 150_000,
        "k_sroku": "2026-12-01", "kogda_zvonit": "2026-12-01T07:30:00Z", "est_li_kran": False, "tsvet": "krasnyy",
        "rastsvetki": ["krasnyy", "siniy"], "sayt": "https://example.com/насос",
    }  # fmt: skip


def test_own_fields_are_refused_one_by_one_and_nothing_typed_is_lost(browser: TestClient, asking: LeadForm) -> None:
    wrong = {**OWN, "fields.skolko": "много", "fields.k_sroku": "завтра", "fields.tsvet": "none"}
    answer = send_pairs(browser, asking, [*wrong.items(), ("fields.marka", HOSTILE)])
    assert answer.status_code == 422 and "<script>" not in answer.text
    for name in ("fields.skolko", "fields.k_sroku", "fields.tsvet", "fields.rastsvetki"):
        assert re.search(rf'id="f-{re.escape(name)}-error" role="alert">[^<]+<', answer.text), name
    assert "Две строки\nздесь</textarea>" in answer.text and 'value="много"' in answer.text
    assert '<option value="no" selected>' in answer.text
    both = send_pairs(browser, asking, [("fields.rastsvetki", "siniy"), ("fields.skolko", "много")])
    assert 'value="siniy" checked' in both.text


def test_what_is_removed_hidden_or_of_another_pipeline_is_not_asked_for(
    browser: TestClient, asking: LeadForm, adam: Actor
) -> None:
    gone = next(each for each in perform(adam, list_fields, card="lead") if each.key == "marka")
    perform(adam, remove_field, field_id=gone.id)
    elsewhere = next(each for each in perform(adam, list_fields, card="lead") if each.key == "tsvet")
    other = leads.way(adam, name="Другая")
    perform(adam, change_field, field_id=elsewhere.id, values={"pipelines": [other.id]})
    page = browser.get(f"/forms/{asking.key}").text
    assert "fields.marka" not in page and "fields.tsvet" not in page and "fields.skolko" in page
    answer = send_pairs(browser, asking, [*OWN.items(), ("fields.rastsvetki", "siniy")])
    assert answer.status_code == 303
    lead = perform(adam, see_lead, lead_id=perform(adam, list_leads).rows[0].id)
    assert not lead.fields.keys() & {"marka", "tsvet"}


def test_html_for_other_sites_asks_for_own_fields_too(asking: LeadForm, olga: Actor) -> None:
    html = own_html(perform(olga, see_form, form_id=asking.id), "http://localhost:8000", "ru")
    assert "<legend>Расцветки</legend>" in html and 'name="fields.byudzhet"' in html and "Бюджет, RUB" in html


def test_a_form_asks_for_known_fields_alone(olga: Actor, adam: Actor) -> None:
    colour = own_field("choice", "Цвет", card="lead")
    for kind in ("employee", "client", "file"):
        own_field(kind, f"Не для чужих {kind}", card="lead")
    own_field("text", "Клиентское", card="client")
    assert [each.key for each in perform(olga, list_askable)] == [colour.key]
    made = make.form(olga, asks={"fields.tsvet": "required", "phones": "asked", "person": "asked"})
    assert list(perform(olga, see_form, form_id=made.id).asks) == ["person", "phones", "fields.tsvet"]
    for name in ("fields.ne_dlya_chuzhih_client", "fields.klientskoe", "fields.none", "fields."):
        values = LeadFormDraft(name="Форма", asks={"phones": "asked", name: "asked"})
        for ability, more in ((add_form, {}), (change_form, {"form_id": made.id})):
            with pytest.raises(BadInput) as refusal:
                perform(olga, ability, values=values, **more)
            assert [reason.field for reason in refusal.value.reasons] == ["asks"]


def test_others_are_not_told_what_forms_may_ask_for(ann: Actor, mary: Actor, greg: Actor) -> None:
    for person, refusal in ((ann, Forbidden), (mary, Forbidden), (greg, Forbidden), (NOBODY, NeedsLogin)):
        with pytest.raises(refusal):
            perform(person, list_askable)
