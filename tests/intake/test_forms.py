"""Forms are arranged by administrators and heads of departments, and what can't be is refused by its field."""

from __future__ import annotations

from typing import Any

import pytest

from crm_app.core.actor import NOBODY, SYSTEM, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound
from crm_app.intake.actions.forms import add_form, change_form, remove_form
from crm_app.intake.drafts import LeadFormDraft
from crm_app.intake.queries.forms import find_open_form, list_forms, see_form
from crm_app.pipelines.actions.arranging import create_pipeline_from_preset, remove_pipeline
from tests.intake import make
from tests.leads import make as leads


def test_a_form_is_added_changed_and_removed(olga: Actor) -> None:
    made = make.form(olga, asks={"interest": "asked", "phones": "required"}, frame_origins=["https://Shop.example/x "])
    row = perform(olga, see_form, form_id=made.id)
    assert list(row.asks) == ["phones", "interest"] and row.frame_origins == ["https://shop.example"]
    assert (row.source, row.channel, row.is_open, row.taken) == ("site", "form", True, 0) and len(row.key) >= 16
    perform(olga, change_form, form_id=made.id, values=LeadFormDraft(heading="Спросите нас", source="Сайт"))
    changed = perform(olga, list_forms)[0]
    assert (changed.heading, changed.source, changed.asks) == ("Спросите нас", "site", row.asks)
    perform(olga, remove_form, form_id=made.id)
    assert perform(olga, list_forms) == []
    with pytest.raises(NotFound):
        perform(SYSTEM, find_open_form, form_key=row.key)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"), ({"name": "х" * 101}, "name"), ({"asks": {"person": "required"}}, "asks"),
        ({"asks": {"phones": "maybe"}}, "asks"), ({"asks": {"password": "asked", "phones": "asked"}}, "asks"),
        ({"thanks_url": "javascript:alert(1)"}, "thanks_url"), ({"thanks_url": "https://a.ru;b"}, "thanks_url"),
        ({"thanks_url": "http://[::1"}, "thanks_url"), ({"consent_url": "//a.ru"}, "consent_url"),
        ({"frame_origins": ["https://a.ru 'unsafe'"]}, "frame_origins"), ({"frame_origins": ["*"]}, "frame_origins"),
        ({"frame_origins": ["data:"]}, "frame_origins"), ({"frame_origins": ["http://a.ru;x"]}, "frame_origins"),
        ({"thanks_url": "https://a；frame-ancestors"}, "thanks_url"), ({"thanks_url": "https://a..ru"}, "thanks_url"),
        ({"thanks_url": "https://a.ru:99999"}, "thanks_url"), ({"thanks_url": "https://[::1]/"}, "thanks_url"),
        ({"frame_origins": ["https://a.ru:٣"]}, "frame_origins"), ({"frame_origins": ["http://a；b"]}, "frame_origins"),
        ({"frame_origins": ["https://u:p@a.ru"]}, "frame_origins"),
        ({"channel": "голубь"}, "channel"), ({"source": "х" * 81}, "source"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_its_field(olga: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        perform(olga, add_form, values=LeadFormDraft(**{"name": "Форма", **values}))
    assert [reason.field for reason in refusal.value.reasons] == [field]


def test_a_form_goes_with_a_pipeline_of_leads_and_survives_it(olga: Actor, adam: Actor) -> None:
    deals = perform(adam, create_pipeline_from_preset, preset="basic")
    with pytest.raises(BadInput):
        make.form(olga, pipeline_id=deals.id)
    with pytest.raises(NotFound):
        make.form(olga, pipeline_id=999)
    way = leads.way(adam)
    made = make.form(olga, pipeline_id=way.id)
    perform(adam, remove_pipeline, pipeline_id=way.id)
    assert perform(olga, see_form, form_id=made.id).pipeline_id is None


def test_others_arrange_no_forms_and_see_none(ann: Actor, mary: Actor, greg: Actor, olga: Actor) -> None:
    made = make.form(olga)
    for person, refusal in ((ann, Forbidden), (mary, Forbidden), (greg, Forbidden), (NOBODY, NeedsLogin)):
        for ability, arguments in (
            (list_forms, {}), (see_form, {"form_id": made.id}), (remove_form, {"form_id": made.id}),
            (find_open_form, {"form_key": made.key}),
            (change_form, {"form_id": made.id, "values": LeadFormDraft(is_open=False)}),
        ):  # fmt: skip
            with pytest.raises(refusal):
                perform(person, ability, **arguments)
