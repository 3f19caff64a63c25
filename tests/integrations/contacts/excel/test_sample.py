"""The sample of 4,940 rows, whose faults are known: each is found, and nothing else is."""

from __future__ import annotations

from collections import Counter

import pytest

from crm_app.clients.match_index import find_copies
from crm_app.core.names import guess_kind, name_key, person_key
from crm_app.integrations.contacts.excel.table import preview
from tests.integrations.contacts.excel.files import SAMPLES, drafts_of


@pytest.fixture(scope="module")
def drafted():
    path = SAMPLES / "clients-4940.xlsx"
    return drafts_of(path, preview(path).fields)


def test_all_rows_arrive_with_their_numbers(drafted):
    assert [row for row, *_ in drafted] == list(range(2, 4942))


def test_exactly_the_sixty_bad_rows_are_named_with_their_reasons(drafted):
    problems = [problem for _, _, found, _ in drafted for problem in found]
    assert len({problem.row for problem in problems}) == len(problems) == 60
    assert Counter((p.code.removeprefix("contact.problem."), p.column, p.level) for p in problems) == {
        ("name_missing", "Название", "error"): 10,
        ("email_broken", "E-mail", "error"): 10,
        ("inn_checksum", "ИНН", "error"): 10,
        ("phone_words", "Телефон", "error"): 10,
        ("date_impossible", "Первый контакт", "error"): 10,
        ("name_is_formula", "Название", "warning"): 10,
    }


def test_formulas_for_names_stay_text(drafted):
    formulas = [draft for _, draft, found, _ in drafted if any(p.code.endswith("name_is_formula") for p in found)]
    assert {draft.name for draft in formulas} == {'=HYPERLINK("http://evil.example","x")'}
    assert all(draft.phones and draft.kind for draft in formulas)


def test_exactly_the_180_second_copies_are_proposed(drafted):
    drafts = {row: draft for row, draft, *_ in drafted}
    matches = list(find_copies(drafts.items()))
    assert len(matches) == len({match.row for match in matches}) == 180
    for match in matches:
        copy, first = drafts[match.row], drafts[match.first_row]
        key = person_key if copy.kind == "person" else name_key
        assert key(copy.name) == key(first.name) != ""
        assert (copy.phones, copy.inn, copy.city, copy.address) == (first.phones, first.inn, first.city, first.address)
        assert match.first_row < match.row


def test_every_phone_date_and_sum_is_made_plain(drafted):
    assert all(
        draft.phones[0].startswith("+79") and len(draft.phones[0]) == 12 for _, draft, *_ in drafted if draft.phones
    )
    assert sum(not draft.phones for _, draft, *_ in drafted) == 10
    assert sum(draft.first_contact is None for _, draft, *_ in drafted) == 10
    assert sum(draft.revenue is not None for _, draft, *_ in drafted) == 4940 - 1659


def test_people_have_their_names_in_parts(drafted):
    people = [draft for _, draft, found, _ in drafted if draft.kind == "person" and not found]
    assert len(people) > 1400
    assert sum(bool(draft.last_name and draft.first_name and draft.patronymic) for draft in people) == len(people)


def test_company_or_person_is_guessed_right_without_the_column(drafted):
    named = [draft for _, draft, found, _ in drafted if not found]
    wrong = [draft.name for draft in named if guess_kind(draft.name) != draft.kind]
    assert len(wrong) <= len(named) * 0.005
