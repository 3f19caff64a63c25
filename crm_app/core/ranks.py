"""Sort keys with room between any two: what stands in an order that people change by hand.

A rank is text of base-62 digits that sorts byte by byte. Its first letter tells how many digits its whole part has
("a0" … "az", "b00" …, and below zero "Zz" … "Z0", "Yzz" …), the rest is a fraction without a last zero. So what is put
on top or at the end a million times gets a rank of a few letters. The scheme is that of David Greenspan's
"Implementing fractional indexing".
"""

from __future__ import annotations

import string

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SMALLEST = "A" + "0" * 26
FIRST = "a0"


def between(low: str | None, high: str | None) -> str:
    """A rank after `low` and before `high`; None: nothing is there. low must sort before high."""
    assert low is None or high is None or low < high, (low, high)
    if low is None:
        return _before(high) if high is not None else FIRST
    whole = _whole(low)
    fraction = low[len(whole) :]
    if high is not None and _whole(high) == whole:
        return whole + _middle(fraction, high[len(whole) :])
    following = _next(whole)
    if following is not None and (high is None or following < high):
        return following
    return whole + _middle(fraction, None)


def nth(number: int) -> str:
    """The rank of a place in an order that is known beforehand; a greater number (below 62**9) stands further down."""
    digits = ""
    for _ in range(9):
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return "i" + digits


def _before(high: str) -> str:
    whole = _whole(high)
    if whole == _SMALLEST:
        return whole + _middle("", high[len(whole) :])
    return whole if whole < high else _previous(whole)


def _whole(rank: str) -> str:
    """The part of a rank that its first letter measures."""
    head = rank[0]
    length = ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2
    return rank[:length]


def _next(whole: str) -> str | None:
    """The whole part after this one, None after the greatest."""
    head, digits = whole[0], whole[1:]
    kept = digits.rstrip("z")
    if kept:
        return head + kept[:-1] + _DIGITS[_DIGITS.index(kept[-1]) + 1] + "0" * (len(digits) - len(kept))
    if head == "Z":
        return "a0"
    if head == "z":
        return None
    head = chr(ord(head) + 1)
    return head + "0" * (len(digits) + 1 if head > "a" else len(digits) - 1)


def _previous(whole: str) -> str:
    head, digits = whole[0], whole[1:]
    kept = digits.rstrip("0")
    if kept:
        return head + kept[:-1] + _DIGITS[_DIGITS.index(kept[-1]) - 1] + "z" * (len(digits) - len(kept))
    if head == "a":
        return "Zz"
    head = chr(ord(head) - 1)
    return head + "z" * (len(digits) + 1 if head < "Z" else len(digits) - 1)


def _middle(low: str, high: str | None) -> str:
    """A fraction between two, as short as may be. high None: one."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + _middle(low[same:], high[same:])
    first = _DIGITS.index(low[0]) if low else 0
    last = _DIGITS.index(high[0]) if high is not None else len(_DIGITS)
    if last - first > 1:
        return _DIGITS[(first + last) // 2]
    if high is not None and len(high) > 1:
        return high[:1]
    return _DIGITS[first] + _middle(low[1:], None)
