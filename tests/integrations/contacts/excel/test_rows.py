"""A row becomes a draft: values made plain, wrong ones named, text left text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.clients.drafts import ClientDraft
from crm_app.core import okved
from crm_app.integrations.contacts.excel.rows import Drafter


def _draft(**cells) -> ClientDraft:
    draft, problems = Drafter(list(cells), list(cells)).draft(2, list(cells.values()))
    assert problems == []
    return draft


def _codes(**cells) -> list[tuple[str, str]]:
    _, problems = Drafter(list(cells), list(cells)).draft(2, list(cells.values()))
    return [(problem.code.removeprefix("contact.problem."), problem.level) for problem in problems]


def test_a_row_of_a_company():
    draft = _draft(
        name="  ООО  «Ёлка» ", kind="юр. лицо", phones="8 (495) 123-45-67 доб. 12; 8 915 123-45-67",
        emails="Elka@Firm.RU",
        site="elka.ru", inn=7707083893.0, kpp="773601001", bic=44525225.0, account="30101810400000000225",
        tags="опт, VIP; опт", first_contact="1 февраля 2025 г.", revenue="12,5 тыс. $", note="Ёлки",
    )  # fmt: skip
    assert draft == ClientDraft(
        name="ООО «Ёлка»", kind="company", phones=("+74951234567", "+79151234567"), emails=("elka@firm.ru",),
        site="https://elka.ru", inn="7707083893", kpp="773601001", bic="044525225", account="30101810400000000225",
        tags=("опт", "VIP"), first_contact=date(2025, 2, 1), revenue=1_250_000, revenue_currency="USD",
        note="+74951234567 доб. 12\nЁлки",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "kept"), [("46.62", "46.62 Торговля оптовая станками"), (25.93, None), ("Мебель", "Мебель")]
)
def test_a_bare_code_of_okved_gets_its_name(cell, kept):
    assert _draft(name="ООО «Ока»", activity=cell).activity == (kept or okved.told(str(cell)))


def test_a_row_of_a_person_in_one_column_or_in_three():
    parts = {"last_name": "Лукин", "first_name": "Пров", "patronymic": "Ильич"}
    whole, apart = _draft(name="Пров Ильич Лукин"), _draft(**parts)
    assert (whole.kind, whole.last_name, whole.first_name, whole.patronymic) == ("person", *parts.values())
    assert (apart.kind, apart.name) == ("person", "Лукин Пров Ильич")


def test_zeros_that_the_spreadsheet_dropped_come_back():
    assert _draft(name="А", inn="711779722").inn == "0711779722"
    assert _draft(name="А", inn=711779722.0, kpp=70101667.0).kpp == "070101667"


def test_several_columns_feed_one_field():
    fields = ["name", "phones", "phones", "note", "note", "fields.size", "address", "address"]
    cells = ["А", "8 915 123-45-67", "+7 915 1234567, 8 915 123-45-68", "раз", "два", "XL", "Москва", "ул. Мира, 1"]
    draft, problems = Drafter(fields, fields).draft(2, cells)
    assert problems == []
    assert draft.phones == ("+79151234567", "+79151234568")
    assert (draft.note, draft.address, draft.custom) == ("раз\nдва", "Москва, ул. Мира, 1", {"size": "XL"})


def test_a_cell_of_google_s_may_have_many_values():
    headings = ["First Name", "Phone 1 - Value", "E-mail 1 - Value", "Organization 1 - Name", "Labels", "Notes"]
    fields = ["first_name", "phones", "emails", "employer", "tags", "note"]
    cells = [
        "Анна", "+7 915 123-45-67 ::: 8 (495) 123-45-67", "a@b.ru ::: B@c.ru", "Вектор ::: Заря",
        "опт ::: * myContacts ::: VIP", "раз ::: два",
    ]  # fmt: skip
    draft, problems = Drafter(headings, fields).draft(2, cells)
    assert problems == []
    assert (draft.phones, draft.emails) == (("+79151234567", "+74951234567"), ("a@b.ru", "b@c.ru"))
    assert (draft.name, draft.employer, draft.tags) == ("Анна", "Вектор", ("опт", "VIP"))
    assert draft.note == "раз ::: два"


@pytest.mark.parametrize("written", ["--05-12", " --0512 "])
def test_a_birthday_without_a_year_is_kept_as_a_note(written):
    draft = _draft(name="Анна", birthday=written, note="Ёлки")
    assert (draft.birthday, draft.note) == (None, "birthday: 12.05\nЁлки")


def test_a_card_with_only_an_organisation_is_of_the_company():
    draft = _draft(employer="ООО «Вектор»", phones="8 915 123-45-67")
    assert (draft.name, draft.kind, draft.employer) == ("ООО «Вектор»", "company", "")
    assert _draft(first_name="Анна", employer="ООО «Вектор»").employer == "ООО «Вектор»"
    changing, _ = Drafter(["e", "o"], ["emails", "employer"], only_adds=False).draft(2, ["a@b.ru", "ООО «Вектор»"])
    assert (changing.name, changing.employer) == ("", "ООО «Вектор»")


def test_a_short_row_and_a_row_of_other_kinds_of_cells_are_read():
    draft, _ = Drafter(["a", "b", "c"], ["name", "city", "phones"]).draft(2, [True])
    assert (draft.name, draft.city) == ("да", "")


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://evil.example","x")', "=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"]
)
def test_a_formula_for_a_name_stays_text_and_is_remarked(name):
    draft, (problem,) = Drafter(["name"], ["name"]).draft(7, [name])
    assert draft.name == name
    assert (problem.row, problem.level, problem.code) == (7, "warning", "contact.problem.name_is_formula")


@pytest.mark.parametrize("name", ["+7 центр", "@ромашка", "-", "А = Б"])
def test_a_name_that_only_begins_oddly_is_no_formula(name):
    assert _draft(name=name).name == name


def test_a_script_for_a_name_is_text_like_any_other():
    assert _draft(name="<script>alert(1)</script>").name == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": " "}, ("name_missing", "error")),
        ({"name": "я" * 301}, ("name_too_long", "error")),
        ({"name": "А", "phones": "позвонить секретарю"}, ("phone_words", "error")),
        ({"name": "А", "emails": "не мыло@@"}, ("email_broken", "error")),
        ({"name": "А", "inn": "1234567890"}, ("inn_checksum", "error")),
        ({"name": "А", "first_contact": "32.13.2025"}, ("date_impossible", "error")),
        ({"name": "А", "birthday": "--02-30"}, ("date_unreadable", "error")),
        ({"name": "А", "revenue": "много"}, ("money_unreadable", "error")),
        ({"name": "А", "city": "я" * 1001}, ("text_too_long", "error")),
        ({"name": "А", "site": "javascript:alert(1)"}, ("site_broken", "warning")),
        ({"name": "А", "kind": "марсианин"}, ("kind_unknown", "warning")),
        ({"name": "А", "account": 3.010181040000000e19}, ("account_as_number", "warning")),
        ({"name": "А", "bic": "044525225", "account": "30101810400000000226"}, ("account_checksum", "error")),
    ],
)
def test_what_is_wrong_is_named_by_its_reason(cells, code):
    assert _codes(**cells) == [code]


def test_a_problem_says_where_it_is_and_what_was_there():
    drafter = Drafter(["Имя", "Тел."], ["name", "phones"])
    draft, (problem,) = drafter.draft(5, ["Анна", "слова " * 100])
    assert draft.phones == ()
    assert (problem.row, problem.column, problem.field) == (5, "Тел.", "phones")
    assert len(problem.value) < 210
    assert problem.text("ru") != problem.text("en")
    assert problem.value in problem.text("ru")


_CELLS = st.one_of(
    st.none(),
    st.text(),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
_FIELDS = [
    "name",
    "kind",
    "phones",
    "emails",
    "site",
    "inn",
    "account",
    "tags",
    "birthday",
    "revenue",
    "note",
    "fields.x",
]


@given(st.lists(_CELLS, max_size=len(_FIELDS)))
def test_no_row_breaks_it_and_nothing_unstorable_comes_out(cells):
    draft, problems = Drafter(_FIELDS, _FIELDS).draft(2, cells)
    assert all(problem.code.startswith("contact.problem.") for problem in problems)
    texts = [draft.name, draft.note, draft.site, *draft.tags, *draft.emails, *draft.custom.values()]
    assert not any("\x00" in text for text in texts)


def test_requisites_of_the_bank_are_read_and_checked_together():
    bank = {"bic": "044525225", "bank": "ПАО Сбербанк", "corr_account": "30101810400000000225"}
    draft = _draft(name="ООО «Ока»", accounts="40702810938000000001, БИК 044525225", **bank)
    assert (draft.bank, draft.corr_account, draft.accounts) == (
        *list(bank.values())[1:],
        "40702810938000000001, БИК 044525225",
    )
    assert _codes(name="ООО «Ока»", bic="044525225", corr_account="30101810400000000226") == [
        ("account_checksum", "error")
    ]
    assert _codes(name="ООО «Ока»", accounts="в Сбербанке") == [("accounts_line", "error")]
