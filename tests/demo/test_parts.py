"""What the story is made of: times, ranks, words."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crm_app.core import ranks
from crm_app.core.phones import parse_phone
from crm_app.core.requisites import parse_inn, parse_kpp, parse_ogrn
from crm_app.demo import requisites
from crm_app.demo.words import stories_of, words_of
from crm_app.demo.work_days import WorkDays

DAYS = st.floats(min_value=0.01, max_value=800)
TODAY = st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 1, 1))


@given(TODAY, DAYS, DAYS)
def test_what_was_earlier_stays_earlier_and_happened_at_work(today: date, one: float, other: float) -> None:
    days = WorkDays(today, 3)
    moments = [days.before(each) for each in sorted((one, other), reverse=True)]
    assert moments == sorted(moments)
    for moment in moments:
        assert moment.weekday() < 5 and 6 <= moment.hour < 15 and moment.date() < today


@given(TODAY, st.integers(min_value=-30, max_value=30))
def test_nothing_is_planned_for_a_weekend(today: date, ahead: int) -> None:
    planned = WorkDays(today, 0).on(ahead, 4)
    assert planned.weekday() < 5 and abs((planned.date() - today).days - ahead) <= 2


@given(st.lists(st.integers(min_value=0, max_value=62**9 - 1), min_size=2, max_size=20, unique=True))
def test_places_known_beforehand_get_ranks_in_their_order(places: list[int]) -> None:
    given_ranks = [ranks.nth(place) for place in sorted(places)]
    assert given_ranks == sorted(given_ranks)
    between = ranks.between(given_ranks[0], given_ranks[1])
    assert ranks.between(None, given_ranks[0]) < given_ranks[0] < between < given_ranks[1]


@given(st.integers(min_value=0, max_value=4_999_999))
def test_requisites_pass_every_check(serial: int) -> None:
    company, person = requisites.company_inn("63", serial), requisites.person_inn("63", serial)
    assert parse_inn(company) == company and parse_inn(person) == person
    for ogrn in (requisites.company_ogrn("63", 2012, serial), requisites.person_ogrn("63", 2012, serial)):
        assert parse_ogrn(ogrn) == ogrn
    assert parse_kpp(requisites.kpp(company))
    for number in (requisites.mobile(serial), requisites.landline("846", serial)):
        assert parse_phone(number).number == number
    abroad = requisites.abroad(["212", "213"], serial)
    assert parse_phone(abroad).number == abroad


def test_both_languages_have_the_same_lists_and_tell_the_same_tales() -> None:
    russian, english = words_of("ru"), words_of("en")
    assert russian.keys() == english.keys()
    assert all(type(russian[name]) is type(english[name]) for name in russian)
    assert [_shape(story) for story in stories_of("ru")] == [_shape(story) for story in stories_of("en")]


def _shape(story: object) -> object:
    """A tale without its sentences: who says how much when, what stands where."""
    if isinstance(story, dict):
        return {key: _shape(value) for key, value in story.items()}
    if isinstance(story, list):
        return [_shape(value) for value in story]
    return type(story)
