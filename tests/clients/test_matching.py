"""Two cards are proposed as one when something says so and nothing says no."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.clients.drafts import ClientDraft
from crm_app.clients.match_index import Match, find_copies
from crm_app.clients.matching import is_same, likeness

FIRM = ClientDraft(name="ООО «Ёлка»", inn="7707083893", phones=("+79151234567",), emails=("elka@firm.ru",))


def _same(one: ClientDraft, other: ClientDraft) -> bool:
    return is_same(likeness(one), likeness(other))


@pytest.mark.parametrize(
    "copy",
    [
        ClientDraft(name="ЕЛКА, АО", inn="7707083893"),
        ClientDraft(name="Ёлка и Ко", phones=("+79990000000", "+79151234567")),
        ClientDraft(name="«Ёлка»", emails=("elka@firm.ru",), phones=("+79990000000",)),
        ClientDraft(name="Сидоров", emails=("elka@firm.ru",)),
        ClientDraft(name="ооо елка"),
    ],
)
def test_a_copy_is_known_by_inn_phone_address_or_name(copy):
    assert _same(FIRM, copy) and _same(copy, FIRM)


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRM, inn="7736207543"),  # another firm of the same owner
        ClientDraft(name="ООО «Ёлка»", phones=("+79990000000",)),  # a namesake
        ClientDraft(name="ООО «Ёлка»", emails=("elka@other.ru",)),
        ClientDraft(name="Сосна", emails=("elka@firm.ru",), phones=("+79990000000",)),  # the address of the house
        ClientDraft(name="Сосна", emails=("sosna@firm.ru",)),  # only the domain is the same
        ClientDraft(name="ООО «Ёлочка»"),
    ],
)
def test_another_firm_is_not_taken_for_a_copy(other):
    assert not _same(FIRM, other) and not _same(other, FIRM)


def test_people_are_compared_by_their_names_in_any_order():
    one, other = ClientDraft(name="Лукин Пётр", kind="person"), ClientDraft(name="Петр Лукин", kind="person")
    assert _same(one, other)


def test_nameless_drafts_are_not_one_client():
    assert not _same(ClientDraft(), ClientDraft())


def test_a_copy_of_a_copy_is_a_copy_of_the_first():
    rows = [
        (2, ClientDraft(name="А", phones=("+79150000001",))),
        (3, ClientDraft(name="А", phones=("+79150000001", "+79150000002"))),
        (4, ClientDraft(name="Б", phones=("+79150000002",))),
    ]
    assert list(find_copies(rows)) == [Match(3, 2, "phone"), Match(4, 2, "phone")]


_DRAFTS = st.builds(
    ClientDraft,
    name=st.sampled_from(["", "ООО А", "А", "Б"]),
    inn=st.sampled_from(["", "7707083893", "7736207543"]),
    phones=st.lists(st.sampled_from(["+79150000001", "+79150000002"]), unique=True).map(tuple),
    emails=st.lists(st.sampled_from(["a@b.ru", "c@d.ru"]), unique=True).map(tuple),
)


@given(_DRAFTS, _DRAFTS)
def test_what_is_the_same_shares_a_key_and_both_ways(one, other):
    same = _same(one, other)
    assert same == _same(other, one)
    if same:
        assert list(find_copies([(2, one), (3, other)])), "they share no key"


@given(st.lists(_DRAFTS, max_size=30))
def test_the_index_finds_what_comparing_each_with_each_finds(drafts):
    copies = {match.row for match in find_copies(enumerate(drafts))}
    assert copies == {row for row, draft in enumerate(drafts) if any(_same(draft, earlier) for earlier in drafts[:row])}


def test_a_row_that_thousands_of_namesakes_have_before_is_still_found_by_its_phone():
    rows = [(n, ClientDraft(name="Вектор", phones=(f"+7915{n:07}",))) for n in range(5_000)]
    copy = ClientDraft(name="Вектор", phones=("+79150004999",))
    assert list(find_copies([*rows, (5_000, copy)])) == [Match(5_000, 4_999, "phone")]


@given(_DRAFTS.filter(lambda draft: draft.name))
def test_everyone_is_the_same_as_themselves(draft):
    assert _same(draft, draft)
