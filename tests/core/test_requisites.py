"""Requisites: control digits, against an independent library and the published numbers of a bank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ru import inn as inn_rules

from crm_app.core.errors import BadInput
from crm_app.core.requisites import parse_account, parse_bic, parse_inn, parse_kpp, parse_ogrn
from tests.core.outcome import outcome

SBER = {"inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195", "bic": "044525225"}
SBER_CORRESPONDENT_ACCOUNT = "30101810400000000225"


def _refusal(parse, *arguments):
    with pytest.raises(BadInput) as refusal:
        parse(*arguments)
    return refusal.value.key.removeprefix("contact.problem.")


@given(st.from_regex(r"\d{10}|\d{12}", fullmatch=True).filter(str.isascii))
def test_an_inn_is_right_exactly_where_the_library_says_so(digits):
    inn, _ = outcome(parse_inn, digits)
    assert (inn == digits) == (inn_rules.is_valid(digits) and int(digits) > 0)


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda d: int(d) > 0))
def test_of_ten_last_digits_of_an_inn_exactly_one_is_right(start):
    right = [digit for digit in "0123456789" if inn_rules.is_valid(start + digit)]
    assert len(right) == 1
    assert parse_inn(f"{start[:4]} {start[4:]}{right[0]}") == start + right[0]


def test_the_numbers_of_a_real_bank_pass():
    assert parse_inn(SBER["inn"]) == SBER["inn"]
    assert parse_kpp("7736 01001") == SBER["kpp"]
    assert parse_ogrn(SBER["ogrn"]) == SBER["ogrn"]
    assert parse_bic(SBER["bic"]) == SBER["bic"]
    assert parse_account(SBER_CORRESPONDENT_ACCOUNT, SBER["bic"]) == SBER_CORRESPONDENT_ACCOUNT


def test_an_entrepreneurs_number_ends_with_the_last_digit_of_a_remainder_of_two():
    assert 31263007368787 % 13 == 12
    assert parse_ogrn("312630073687872") == "312630073687872"


def test_an_account_belongs_to_its_bank():
    digits = [d for d in "0123456789" if _account_fits(f"40702810{d}00000000001", SBER["bic"])]
    assert len(digits) == 1
    wrong = f"40702810{(int(digits[0]) + 1) % 10}00000000001"
    assert _refusal(parse_account, wrong, SBER["bic"]) == "account_checksum"
    assert parse_account(wrong) == wrong


def _account_fits(account, bic):
    return outcome(parse_account, account, bic)[0] == account


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_inn, "1234567890", "inn_checksum"),
        (parse_inn, "0000000000", "inn_checksum"),
        (parse_inn, "77070838931", "inn_length"),
        (parse_inn, "нет", "inn_digits"),
        (parse_inn, "٧٧٠٧٠٨٣٨٩٣", "inn_digits"),
        (parse_kpp, "77360100", "kpp_form"),
        (parse_ogrn, "1027700132196", "ogrn_checksum"),
        (parse_ogrn, "102770013219", "ogrn_length"),
        (parse_ogrn, "0027700132195", "ogrn_checksum"),
        (parse_ogrn, "312630073687873", "ogrn_checksum"),
        (parse_bic, "144525225", "bic_form"),
        (parse_account, "3010181040000000022", "account_length"),
        (parse_account, "30101810400000000226", "account_checksum"),
    ],
)
def test_wrong_requisites_are_refused_by_their_reason(parse, text, code):
    arguments = (text, SBER["bic"]) if code == "account_checksum" else (text,)
    assert _refusal(parse, *arguments) == code
