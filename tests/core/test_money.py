"""Money is whole kopecks, read in many ways and shown in one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.errors import BadInput
from crm_app.core.money import LARGEST, MixedCurrencies, Money, parse_money
from tests.core.outcome import outcome

_MINOR = st.integers(-LARGEST + 1, LARGEST - 1)


@given(_MINOR, st.sampled_from(["ru", "en"]), st.sampled_from(["RUB", "USD", "EUR"]))
def test_what_is_shown_is_read_back(minor, locale, currency):
    money = Money(minor, currency)
    assert parse_money(money.format(locale)) == money


@given(_MINOR)
def test_an_amount_is_read_back_from_json_and_decimal(minor):
    money = Money(minor)
    assert parse_money(money.to_json()["amount"]) == money == parse_money(money.amount)


@given(st.text("0123456789 .,-()₽руб$тысмлн'", max_size=15))
def test_any_text_is_money_or_a_refusal(text):
    money, refusal = outcome(parse_money, text)
    assert refusal.key.startswith("contact.problem.money_") if refusal else abs(money.minor) < LARGEST


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("753 670 670,29", 75367067029),
        ("753\xa0670\u202f670.29", 75367067029),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1'234", 123400),
        ("1,234", 123400),
        ("12.345.678,9", 1234567890),
        ("12,5 тыс. руб.", 1250000),
        ("1,234 млн", 123400000),
        ("2 миллиарда", 200000000000),
        ("(100)", -10000),
        ("−5,1", -510),
        ("100р", 10000),
        ("0,005", 1),
        (11740559.0, 1174055900),
        (0.1, 10),
        (Decimal("1.005"), 101),
    ],
)
def test_money_is_read_in_the_ways_people_write_it(written, minor):
    assert parse_money(written) == Money(minor, "RUB")


@pytest.mark.parametrize(
    ("written", "currency"), [("$99", "USD"), ("99 €", "EUR"), ("99 USD", "USD"), ("99 тенге", "KZT")]
)
def test_a_named_currency_wins(written, currency):
    assert parse_money(written) == Money(9900, currency)


@pytest.mark.parametrize("written", ["", "сто", "1e5", "1,23,4", "10 руб 50 коп", float("nan"), float("inf")])
def test_what_is_no_sum_is_refused(written):
    with pytest.raises(BadInput, match="не разобрать"):
        parse_money(written)


@pytest.mark.parametrize("written", ["99999999999999999999", 1e30])
def test_a_sum_beyond_the_column_is_refused(written):
    with pytest.raises(BadInput, match="большая"):
        parse_money(written)


def test_sums_are_shown_by_the_rules_of_the_language():
    assert Money(123456750).format("ru").replace("\xa0", " ") == "1 234 567,50 ₽"
    assert Money(10000).format("ru").replace("\xa0", " ") == "100 ₽"
    assert Money(123456750, "USD").format("en") == "$1,234,567.50"


def test_money_adds_and_multiplies_without_losing_a_kopeck():
    assert Money(10) + Money(20) - Money(5) == Money(25)
    assert Money(333) * Decimal("0.5") == Money(167)
    assert -Money(1) == Money(-1)
    with pytest.raises(MixedCurrencies):
        Money(1, "RUB") + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1) * 0.1
