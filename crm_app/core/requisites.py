"""Requisites of Russian firms and people: INN, KPP, OGRN, BIC and account, each with its control digits.

Each function takes what a person typed, gives the plain digits back, or raises BadInput.
"""

from __future__ import annotations

import re
from operator import mul

from crm_app.core.errors import BadInput

_DRESSING = str.maketrans("", "", " \t-\xa0\u202f")
_KPP = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}", re.ASCII)
_BIC = re.compile(r"0\d{8}", re.ASCII)

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_ACCOUNT = (7, 1, 3) * 8


def parse_inn(text: str) -> str:
    """The taxpayer's number: 10 digits of a company, 12 of a person.

    Source: order of the Federal Tax Service ЕД-7-14/559@ of 2020-06-26; python-stdnum agrees (tests/core).
    """
    digits = _digits(text, "inn", (10, 12))
    if digits == "0" * len(digits):
        raise _problem("inn_checksum", "inn", text)
    codes = digits.encode()
    if len(codes) == 10:
        right = _inn_digit(_INN_10, codes) == codes[9]
    else:
        right = _inn_digit(_INN_11, codes) == codes[10] and _inn_digit(_INN_12, codes) == codes[11]
    if not right:
        raise _problem("inn_checksum", "inn", text)
    return digits


def _inn_digit(weights: tuple[int, ...], digits: bytes) -> int:
    """As the code of its character. The codes are weighed, "0" being 48, since an import checks thousands a second."""
    return (sum(map(mul, weights, digits)) - 48 * sum(weights)) % 11 % 10 + 48


def parse_kpp(text: str) -> str:
    """The reason code of a registration: 9 characters, of which the 5th and 6th may be letters; no control digit.

    Source: order of the Federal Tax Service ММВ-7-6/435@ of 2012-06-29.
    """
    kpp = text.translate(_DRESSING).upper()
    if not _KPP.fullmatch(kpp):
        raise _problem("kpp_form", "kpp", text)
    return kpp


def parse_ogrn(text: str) -> str:
    """The state registration number: 13 digits of a company, 15 of an entrepreneur.

    The last digit is that of the remainder when the others are divided by 11 or 13. python-stdnum 2.2 forgets "last
    digit" for entrepreneurs and refuses three of thirteen. Source: order of the Ministry of Finance 165н of 2017-10-30.
    """
    digits = _digits(text, "ogrn", (13, 15))
    divisor, firsts = (11, "123456789") if len(digits) == 13 else (13, "34")
    if digits[0] not in firsts or int(digits[:-1]) % divisor % 10 != int(digits[-1]):
        raise _problem("ogrn_checksum", "ogrn", text)
    return digits


def parse_bic(text: str) -> str:
    """The bank's code: 9 digits, the first is 0; no control digit. Source: Bank of Russia, regulation 732-П."""
    bic = text.translate(_DRESSING)
    if not _BIC.fullmatch(bic):
        raise _problem("bic_form", "bic", text)
    return bic


def parse_account(text: str, bic: str = "") -> str:
    """A bank account: 20 digits; with the BIC its control digit is checked too.

    Each digit of the bank's three and of the account is multiplied by 7, 1, 3 in turn: the last digits of the products
    add up to a multiple of ten. The bank's three are the last of its BIC; for accounts kept by the Bank of Russia
    itself they are 0 and the BIC's 5th and 6th. Source: Bank of Russia, order 515 of 1997-09-08.
    """
    digits = _digits(text, "account", (20,))
    if bic:
        kept_by_central_bank = bic[6:] in ("000", "001", "002") or digits.startswith("301")
        of_bank = "0" + bic[4:6] if kept_by_central_bank else bic[6:]
        if sum(w * int(d) % 10 for w, d in zip(_ACCOUNT, of_bank + digits, strict=False)) % 10:
            raise _problem("account_checksum", "account", text)
    return digits


def parse_corr_account(text: str) -> str:
    """The account that a bank has at the Bank of Russia: one of class 301. Source: Bank of Russia, regulation 809-П."""
    digits = parse_account(text)
    if not digits.startswith("301"):
        raise _problem("corr_account_class", "corr_account", text)
    return digits


def _digits(text: str, name: str, lengths: tuple[int, ...]) -> str:
    digits = text.translate(_DRESSING)
    if not (digits.isascii() and digits.isdigit()):
        raise _problem(f"{name}_digits", name, text)
    if len(digits) not in lengths:
        raise _problem(f"{name}_length", name, text)
    return digits


def _problem(code: str, name: str, value: str) -> BadInput:
    return BadInput(f"contact.problem.{code}", field=name, value=value)
