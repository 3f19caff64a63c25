"""Every sentence exists in both languages, with the same blanks to fill."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from crm_app import features
from crm_app.access.roles import permissions
from crm_app.cards.kinds import KINDS
from crm_app.clients import rules
from crm_app.core.events import Fact
from crm_app.core.i18n import LOCALES, Text, catalogue
from crm_app.messages import merge
from tests.architecture import named_texts

PLACE = re.compile(r"\{(\w+)\}")
COMPOSED = {
    "approvals.letter.", "approvals.page.", "deals.approval.end.", "deals.notice.approval_", "pipelines.approval.",
    "pipelines.approval.say.", "pipelines.approval.unit.",
    "cards.bulk.count.", "cards.bulk.left.", "cards.bulk.of.", "cards.bulk.state.", "cards.bulk.what.", "cards.door.",
    "cards.custom.field.", "cards.custom.head.", "cards.custom.kind.", "cards.custom.level.", "cards.custom.of.",
    "cards.custom.required.", "cards.rights.level.", "cards.rights.verb.", "cards.source.", "cards.viewers.",
    "access.role.", "access.scope.", "card.", "cards.error.value_",
    "cards.filter.", "cards.links.field.", "cards.links.preset.",
    "cards.filter.op_", "clients.import.count.", "clients.import.mode.",
    "clients.import.paste_example.",
    "clients.import.state.", "clients.kind.", "clients.status.", "clients.type.", "contact.problem.", "contacts.error.",
    "contacts.field.", "contacts.kind.", "duplicates.by.",
    "contacts.report.", "contacts.template.", "contacts.template.sheet.", "core.error.value_", "deals.filter.",
    "deals.item.",
    "deals.needs.",
    "deals.plan.", "fact.", "field.", "field.client.",
    "field.contact.", "field.deal.", "field.lead.", "field.lead_form.", "intake.code.",
    "intake.day.", "intake.form.", "intake.form.ask.", "intake.level.", "intake.rules.", "intake.rules.head.",
    "intake.way.", "intake.why.", "intake.worktime.", "leads.channel.", "leads.filter.",
    "leads.convert.", "leads.convert.by.", "leads.convert.find.", "leads.convert.other.", "leads.converted.",
    "leads.source.",
    "leads.touch.", "mailings.result.",
    "mailings.for_matching.", "mailings.for_ticked.",
    "mailings.state.", "mailings.unsubscribe.", "messages.field.", "permission.", "pipelines.colour.",
    "pipelines.access.", "pipelines.rights.", "pipelines.kind.", "pipelines.error.needs_", "pipelines.named_by.",
    "ui.stages.",
    "pipelines.order.",
    "pipelines.rot_from.", "pipelines.wip_rule.",
    "pipelines.preset.", "pipelines.stage.", "portal.join.", "portal.letter.",
    "scenarios.ask.", "scenarios.do.", "scenarios.say.", "scenarios.say.span.", "scenarios.say.when.",
    "scenarios.state.", "scenarios.trigger.", "scenarios.unit.", "tasks.notice.",
    "tasks.status.", "tasks.whose.", "ui.cell.", "ui.connection.", "ui.filter.how_", "ui.filter.op.",
    "ui.filter.period.", "ui.filter.period.choose_", "ui.kanban.", "ui.language.", "ui.rich.",
    "ui.shelf.", "ui.theme.", "worktime.day.",
}  # fmt: skip
"""What keys begin with whose end is put on when they are used: `t(f"deals.plan.{kind}")`."""
NO_TEXTS = {
    "cards.bulk", "cards.bulk_forget", "cards.empty_bin", "cards.forget_files", "cards.forget_untold", "clients.import",
    "core.react",
    "demo.fill", "demo.samples", "duplicates.find", "duplicates.forget", "leads.late",  # names of jobs
    "leads.count_anew",  # another of them
    "approvals.",  # names of fields of a plan
    "pipelines.empty_stage", "deals.approval_late", "deals.approval_letter", "deals.approved_move",  # others of them
    "scenarios.run",  # another one
    "clients.xlsx", "contacts.xlsx", "leads.xlsx", "deals.xlsx", "demo.example",  # of files, and of a domain
    "deals.error.field_required",  # a code for programs: its sentence is another's
    "fact.id", "contact.id",  # columns
    "field.define", "intake.change",  # permissions
    "intake.",  # what refusals of its own begin with
    "contact.change", "contact.create", "contact.delete", "contact.export", "contact.see",  # permissions
    "contact.import",  # another of them
    "mailings.unsubscribe", "intake.form",  # what a secret is for
    "worktime.days", "worktime.week",  # names of settings
    "access.error.", "core.error.",  # a log-in page says only such refusals
}  # fmt: skip
"""Strings that look like keys, or like their beginnings, and are none."""
SAME = {
    "contacts.field.emails", "field.client.emails", "field.contact.emails",
    "messages.field.email", "ui.rich.source",  # E-mail, HTML
    "field.lead.utm_content", "field.lead.utm_medium", "field.lead.utm_source", "field.lead.utm_term",  # of links
    "ui.language.en", "ui.language.ru",  # a language is named in itself
}  # fmt: skip
"""Texts that are the same in both languages."""
PLURAL_FORMS = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def places(text: Text) -> set[str]:
    """The blanks of a text, of all its forms together."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {place for form in forms for place in PLACE.findall(form)}


def test_both_languages_have_the_same_keys():
    first, second = (catalogue(locale).keys() for locale in LOCALES)

    assert first ^ second == set()


def test_a_text_has_the_same_blanks_in_both_languages():
    russian, english = catalogue("ru"), catalogue("en")
    different = {key for key in russian if places(russian[key]) - {"n"} != places(english[key]) - {"n"}}

    assert different == set()


def test_every_permission_has_a_name_for_those_who_give_it():
    assert {name for name in permissions() if f"permission.{name}" not in catalogue("ru")} == set()


def test_every_kind_of_card_has_a_name():
    assert {kind for kind in KINDS if f"card.{kind}" not in catalogue("ru")} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_plural_has_every_form_of_its_language(locale):
    plurals = {key: set(text) for key, text in catalogue(locale).items() if isinstance(text, dict)}

    assert {key for key, forms in plurals.items() if forms != PLURAL_FORMS[locale]} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_is_empty_or_untranslated(locale):
    cyrillic = re.compile("[а-яё]", re.IGNORECASE)
    texts = {
        key: " ".join(text.values()) if isinstance(text, dict) else text for key, text in catalogue(locale).items()
    }

    assert {key for key, text in texts.items() if not text.strip()} == set()
    if locale == "en":
        # A language is named in itself, so that who reads no other finds it.
        assert {key for key, text in texts.items() if cyrillic.search(text) and ".language." not in key} == set()


def test_only_a_few_texts_are_the_same_in_both_languages() -> None:
    russian, english = catalogue("ru"), catalogue("en")
    same = {key for key in russian if russian[key] == english[key] and re.search("[^\\W\\d_]", words_of(russian[key]))}

    assert same == SAME


def words_of(text: Text) -> str:
    """A text without its blanks, all its forms together."""
    return PLACE.sub("", " ".join(text.values()) if isinstance(text, dict) else text)


# ---- what the code asks for ------------------------------------------------------------------------------------------


def test_every_text_that_the_code_names_is_there() -> None:
    assert sorted(named_texts.named() - catalogue("ru").keys() - NO_TEXTS) == []


def test_a_key_is_put_together_only_where_it_is_listed() -> None:
    assert named_texts.begun() - NO_TEXTS == COMPOSED


def test_the_lists_here_hold_nothing_that_is_gone() -> None:
    assert sorted(NO_TEXTS - named_texts.named() - named_texts.begun()) == []
    assert {start for start in COMPOSED if not any(key.startswith(start) for key in catalogue("ru"))} == set()


def test_every_text_is_asked_for() -> None:
    assert [key for key in sorted(catalogue("ru").keys() - named_texts.named()) if not can_be_composed(key)] == []


def can_be_composed(key: str) -> bool:
    """Whether a key has a listed beginning and an end whose words stand somewhere in the code."""
    starts = [start for start in COMPOSED if key.startswith(start)]
    return bool(starts) and set(named_texts.cut(key.removeprefix(max(starts, key=len)))) <= named_texts.pieces()


def test_what_the_code_lists_and_what_the_texts_say_are_the_same() -> None:
    features.load()
    facts = {fact.__name__ for fact in Fact.registry.values() if fact.__module__.startswith("crm_app.")}
    lists: dict[str, Iterable[str]] = {
        "fact.": {name for name in facts if not name.endswith("Fact")},
        "clients.kind.": rules.KINDS,
        "clients.type.": rules.WORDS["type"],
        "clients.status.": rules.WORDS["status"],
        "messages.field.": merge.FIELDS,
    }
    for start, listed in lists.items():
        texts = {key.removeprefix(start) for key in catalogue("ru") if key.startswith(start)}
        assert sorted(texts ^ set(listed)) == [], start
