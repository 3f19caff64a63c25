"""Telephone numbers: the short way for Russian ones agrees with the library, and a cell may hold several."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crm_app.core.errors import BadInput
from crm_app.core.phones import Phone, parse_phone, parse_phones, show_phone
from tests.core.outcome import outcome

_DIGITS = st.text("0123456789", min_size=9, max_size=9)
_SHAPES = (
    "{p}{a}{b}{c}{d}",
    "{p} ({a}) {b}-{c}-{d}",
    "{p} {a} {b} {c} {d}",
    "{p}-{a}-{b}-{c}-{d}",
    "{p} {a}.{b}.{c}.{d}",
)


@given(st.sampled_from("3489"), _DIGITS, st.sampled_from(["+7", "7", "8", ""]), st.sampled_from(_SHAPES))
@example("8", "123456789", "", _SHAPES[0])
@example("8", "800000000", "8", _SHAPES[0])
def test_the_short_way_agrees_with_the_library(first, rest, prefix, shape):
    digits = first + rest
    assume(not digits.startswith("810"))  # the way abroad: no Russian number starts so
    text = shape.format(p=prefix, a=digits[:3], b=digits[3:6], c=digits[6:8], d=digits[8:]).strip(" -")
    by_library = phonenumbers.format_number(phonenumbers.parse(text, "RU"), phonenumbers.PhoneNumberFormat.E164)
    assert parse_phone(text).number == by_library == "+7" + digits


@given(st.sampled_from("3489"), _DIGITS)
def test_a_number_is_itself_however_often_it_is_read_and_shown(first, rest):
    assume(not rest.startswith("10"))
    number = parse_phone("8" + first + rest).number
    assert parse_phone(number).number == parse_phone(show_phone(number)).number == number


@given(st.text())
def test_any_text_is_a_number_or_a_refusal(text):
    phones, refusal = outcome(parse_phones, text)
    assert refusal is None or refusal.key.startswith("contact.problem.phone_")
    assert all(phone.number.startswith("+") and phone.number[1:].isdigit() for phone in phones or [])


def test_numbers_of_one_cell_are_kept_apart_with_their_extensions():
    assert parse_phones("8 (495) 123-45-67 доб. 12; 8-915-765-43-21 и +7 915 7654321") == [
        Phone("+74951234567", "12"),
        Phone("+79157654321"),
    ]
    assert str(Phone("+74951234567", "12")) == "+74951234567 доб. 12"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("тел.: 8 915 123 45 67", "+79151234567"),
        ("8 915 123 45 67 (Иван)", "+79151234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("8-10-375-29-123-45-67", "+375291234567"),
        ("+7 (930) 002-79-93", "+79300027993"),  # of a range that the library doesn't know yet
    ],
)
def test_a_number_is_found_in_what_people_write(text, number):
    assert [phone.number for phone in parse_phones(text)] == [number]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("позвонить секретарю", "phone_words"),
        ("123-45-67", "phone_without_area"),
        ("12", "phone_length"),
        ("+7 000 123 45 67", "phone_unreadable"),
        ("8 915 123 45 67, нет", "phone_words"),
    ],
)
def test_what_can_not_be_called_is_refused_by_its_reason(text, code):
    with pytest.raises(BadInput) as refusal:
        parse_phones(text)
    assert refusal.value.key == f"contact.problem.{code}"


def test_a_number_is_shown_as_people_read_it():
    assert show_phone("+79151234567") == "+7 915 123-45-67"
    assert show_phone("внутренний") == "внутренний"
