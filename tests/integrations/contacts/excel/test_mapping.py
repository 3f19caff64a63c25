"""Columns are recognised by what people call them, then by what is in them."""

from __future__ import annotations

import pytest

from crm_app.clients.drafts import DRAFT_FIELDS
from crm_app.core.i18n import LOCALES, catalogue
from crm_app.integrations.contacts.excel.fields import FIELDS
from crm_app.integrations.contacts.excel.mapping import guess_mapping
from crm_app.integrations.contacts.excel.table import preview
from tests.integrations.contacts.excel.files import SAMPLES


def _fields(headings, sample=()):
    return [column.field for column in guess_mapping(headings, sample)]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "clients-4940.xlsx",
            (
                "name kind type status phones emails site inn kpp city address activity contact_name position "
                "responsible tags first_contact revenue note"
            ),
        ),
        ("clients-300-cp1251.csv", "name phones emails city responsible note"),
    ],
)
def test_every_column_of_the_samples_is_recognised(name, fields):
    assert preview(SAMPLES / name).fields == fields.split(" ")


def test_google_contacts_are_recognised_and_their_labels_left_out():
    assert preview(SAMPLES / "google-contacts-120.csv").fields == [
        "name", "first_name", "patronymic", "last_name", "employer", "position", "", "emails", "", "phones", "note",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("НАИМЕНОВАНИЕ", "name"),
        (" Тел. ", "phones"),
        ("Телефон 2", "phones"),
        ("Эл.почта", "emails"),
        ("Е-mail", "emails"),  # the first letter is Cyrillic
        ("Оборот, ₽", "revenue"),
        ("Оборот (руб.)", "revenue"),
        ("ИНН*", "inn"),
        ("Расчётный счёт", "account"),
        ("Отвественный", "responsible"),
        ("Phone Number", "phones"),
        ("company_name", "name"),
        ("Postal address", "address"),
    ],
)
def test_a_heading_is_recognised_in_its_many_spellings(heading, field):
    assert _fields(["Название клиента", heading])[1] == field or _fields([heading]) == [field]


def test_a_column_without_a_telling_heading_is_recognised_by_its_cells():
    sample = [["Ёлка", "8 915 123-45-67", "a@b.ru", "7707083893", "01.02.2025", "1 234,50", "www.a.ru", "пусто"]] * 5
    assert _fields(["Название", "x1", "x2", "x3", "x4", "", "x5", "x6"], sample) == [
        "name", "phones", "emails", "inn", "first_contact", "revenue", "site", "",
    ]  # fmt: skip


def test_a_field_of_one_column_goes_to_the_surest_and_phones_to_all():
    assert _fields(["Статуc", "Статус", "Телефон", "Мобильный", "Факс"]) == ["", "status", "phones", "phones", "phones"]


def test_companies_and_people_side_by_side_are_told_apart():
    assert _fields(["Компания", "ФИО", "Телефон"]) == ["name", "contact_name", "phones"]
    assert _fields(["Фамилия", "Имя", "Отчество", "Организация"]) == [
        "last_name",
        "first_name",
        "patronymic",
        "employer",
    ]


def test_every_field_is_of_a_draft_and_has_a_name_in_both_languages():
    assert {field.name for field in FIELDS} <= set(DRAFT_FIELDS)
    for locale in LOCALES:
        assert not [field.key for field in FIELDS if field.key not in catalogue(locale)]


def test_what_a_field_is_called_is_recognised_as_it():
    """The headings of our own exports and of the template come back to the fields they came from."""
    for locale in LOCALES:
        headings = [catalogue(locale)[field.key] for field in FIELDS]
        assert _fields(headings) == [field.name for field in FIELDS]
