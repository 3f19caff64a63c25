"""Requisites and telephone numbers that pass every check and belong to a serial number: no two clients share one."""

from __future__ import annotations

from operator import mul

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)
_MILLIONS = 10_000_000
_STEP = 7_368_787  # prime to ten: neighbours get numbers that look unlike
_FICTION = 555  # the exchange that North American films telephone to
_LINES = 10_000


def scattered(serial: int) -> int:
    """Seven digits for a serial number: different for each of ten million."""
    return (serial + 1) * _STEP % _MILLIONS


def company_inn(region: str, serial: int) -> str:
    """Ten digits, the last of which checks the others."""
    digits = f"{region}{scattered(serial):07d}"
    return digits + _inn_digit(_INN_10, digits)


def person_inn(region: str, serial: int) -> str:
    """Twelve digits, the last two of which check the others."""
    digits = f"{region}{scattered(serial):08d}"
    digits += _inn_digit(_INN_11, digits)
    return digits + _inn_digit(_INN_12, digits)


def company_ogrn(region: str, year: int, serial: int) -> str:
    """Thirteen digits of a company registered in a year."""
    number = int(f"1{year % 100:02d}{region}{scattered(serial):07d}")
    return f"{number}{number % 11 % 10}"


def person_ogrn(region: str, year: int, serial: int) -> str:
    """Fifteen digits of an entrepreneur."""
    number = int(f"3{year % 100:02d}{region}00{scattered(serial):07d}")
    return f"{number}{number % 13 % 10}"


def kpp(inn: str) -> str:
    """The reason code of a company at its own tax office."""
    return f"{inn[:4]}01001"


def mobile(serial: int) -> str:
    """A Russian mobile number."""
    return f"+79{serial % 100:02d}{scattered(serial):07d}"


def landline(code: str, serial: int) -> str:
    """A Russian number of a city."""
    return f"+7{code}{scattered(serial + 1):07d}"


def abroad(codes: list[str], serial: int) -> str:
    """A North American number: of the exchange kept for fiction, as long as there are some left."""
    exchanges, line = divmod(serial, _LINES * len(codes))
    place = line * 7_919 % (_LINES * len(codes))
    return f"+1{codes[place // _LINES]}{_FICTION + exchanges}{place % _LINES:04d}"


def _inn_digit(weights: tuple[int, ...], digits: str) -> str:
    return str(sum(map(mul, weights, map(int, digits))) % 11 % 10)
