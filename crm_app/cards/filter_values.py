"""The values of filters, read: each raises TypeError or ValueError for what is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

MOST_VALUES, LONGEST_VALUE = 500, 200


def as_list(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    if len(values) > MOST_VALUES:
        raise ValueError
    return values


def one_text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_VALUE:
        raise TypeError
    return value


def one_number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > Decimal(10) ** 16:
        raise ValueError
    return number


def read_id(value: Any) -> int:
    """An id as filters have it. Raises TypeError or ValueError for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    number = int(value)
    if not 0 <= number < 2**31:
        raise ValueError
    return number


def is_filled(value: Any) -> bool:
    """What "empty" asks for: False is the opposite. Raises TypeError."""
    if value not in (True, False, None):
        raise TypeError
    return value is False
