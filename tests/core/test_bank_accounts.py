"""Accounts in a text: one a line, checked, written in one way, and the same when they are read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.bank_accounts import MOST, tidy_accounts
from crm_app.core.errors import BadInput
from crm_app.core.requisites import parse_corr_account

BIC, OWN, CORR = "044525225", "40702810638000000001", "30101810400000000225"


def checked(account: str) -> str:
    """The account with the control digit that fits the BIC."""
    for digit in "0123456789":
        whole = account[:8] + digit + account[9:]
        try:
            tidy_accounts(f"{whole} {BIC}")
        except BadInput:
            continue
        return whole
    raise AssertionError


@pytest.mark.parametrize(
    "written",
    [
        "р/с {own} в ПАО Сбербанк, БИК {bic}, к/с {corr}",
        "{own}; бик {bic}; ПАО Сбербанк; {corr}",
        "ПАО Сбербанк БИК: {bic} р/счёт {own} корр. счёт {corr}",
        "{own}, БИК {bic}, ПАО Сбербанк, к/с {corr}",
    ],
)
def test_an_account_is_read_in_any_order_and_written_in_one(written: str) -> None:
    own = checked(OWN)
    tidy = f"{own}, БИК {BIC}, ПАО Сбербанк, к/с {CORR}"
    assert tidy_accounts(written.format(own=own, bic=BIC, corr=CORR)) == tidy
    assert tidy_accounts(f"{tidy}\n\n{tidy}\n") == tidy


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("ПАО Сбербанк", "accounts_line"),
        (f"{OWN} {OWN}", "accounts_line"),
        (f"{CORR}", "accounts_line"),
        (f"{OWN[:-1]}", "accounts_line"),
        ("\n".join(str(10**19 + n) for n in range(MOST + 1)), "accounts_too_many"),
        (f"{OWN} {CORR[:-1]}9 {BIC}", "account_checksum"),
    ],
)
def test_a_line_that_is_no_account_is_named(written: str, problem: str) -> None:
    with pytest.raises(BadInput) as refused:
        tidy_accounts(written)
    assert refused.value.key == f"contact.problem.{problem}"


def test_a_correspondent_account_is_of_class_301() -> None:
    assert parse_corr_account(f"{CORR[:5]} {CORR[5:]}") == CORR
    with pytest.raises(BadInput, match="301"):
        parse_corr_account(OWN)


BANKS = st.text("АБВабв «»-.,;№ ", max_size=40)
ACCOUNTS = st.from_regex(r"4[0-9]{19}", fullmatch=True)


@given(st.lists(st.tuples(ACCOUNTS, BANKS), max_size=5))
def test_what_was_tidied_stays_as_it_is(lines: list[tuple[str, str]]) -> None:
    tidy = tidy_accounts("\n".join(f"{bank} {account}" for account, bank in lines))
    assert tidy_accounts(tidy) == tidy
