"""Money: whole minor units (kopecks, cents) with a currency, so that no sum is ever off by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency

from crm_app.core.errors import BadInput

DEFAULT_CURRENCY = "RUB"
LARGEST = 10**15
"""In minor units: ten trillion roubles, far inside a 64-bit column."""

_SIGNS = {"₽": "RUB", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₸": "KZT", "₴": "UAH"}
_WORDS = (
    (re.compile(r"руб(?:л[а-я]+|\.)?|р\.?(?![а-я])|rub|rur"), "RUB"),
    (re.compile(r"долл?(?:ар[а-я]*|\.)?|usd"), "USD"),
    (re.compile(r"евро|eur"), "EUR"),
    (re.compile(r"тенге|тг\.?|kzt"), "KZT"),
    (re.compile(r"юан[а-я]*|cny"), "CNY"),
    (re.compile(r"byn"), "BYN"),
)
_SCALES = (
    (re.compile(r"тыс[а-я]*\.?"), 10**3),
    (re.compile(r"млн\.?|миллион[а-я]*"), 10**6),
    (re.compile(r"млрд\.?|миллиард[а-я]*"), 10**9),
)
_SPACES = str.maketrans("", "", " \t\xa0\u2009\u202f'’_")
_PLAIN = re.compile(r"(-?)(\d{1,13})(?:[.,](\d{1,2}))?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)


class MixedCurrencies(ValueError):
    """Two currencies were added without a rate: a mistake of the programmer, not of the person."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """minor: kopecks or cents; currency: ISO 4217, always with two decimals here."""

    minor: int
    currency: str = DEFAULT_CURRENCY

    @classmethod
    def parse(cls, value: str | float | Decimal, currency: str = DEFAULT_CURRENCY) -> Money:
        """See parse_money."""
        return parse_money(value, currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, by: int | Decimal) -> Money:
        """by: a quantity or a rate; half a kopeck goes up. Floats are refused: they are never what is meant."""
        if isinstance(by, float):
            raise TypeError("multiply money by int or Decimal")
        return Money(_whole(Decimal(self.minor) * by), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency}")
        return other

    @property
    def amount(self) -> Decimal:
        """In major units with two decimals."""
        return Decimal(self.minor).scaleb(-2)

    def to_json(self) -> dict[str, str]:
        """{"amount": "1250000.00", "currency": "RUB"}"""
        return {"amount": str(self.amount), "currency": self.currency}

    def format(self, locale: str = "ru") -> str:
        """As people read it: "1 234 567,50 ₽"; whole sums without ",00"."""
        pattern = Locale.parse(locale).currency_formats["standard"].pattern
        if self.minor % 100 == 0:
            pattern = pattern.replace("0.00", "0")
        return format_currency(self.amount, self.currency, pattern, locale, currency_digits=False)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def parse_money(value: str | float | Decimal, currency: str = DEFAULT_CURRENCY) -> Money:
    """Money as people write it: "753 670 670,29", "1,234.50", "12,5 тыс. руб.", "$99", "(100)", or a number.

    currency: of sums that name none. A single separator before exactly three digits parts thousands, since money has
    two decimals: "1,234" is one thousand. Raises BadInput.
    """
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value.translate(_SPACES))
        if plain:
            minor = int(plain[2]) * 100 + int((plain[3] or "").ljust(2, "0"))
            return Money(-minor if plain[1] else minor, currency)
        return _parse_written(value, currency)
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise BadInput("contact.problem.money_unreadable", field="amount", value=str(value))
    return _bounded(number, currency, str(value))


@lru_cache(maxsize=4096)
def _parse_written(text: str, currency: str) -> Money:
    rest = text.casefold().translate(_SPACES).replace("−", "-").replace("–", "-")
    negative = rest.startswith("(") and rest.endswith(")")
    rest = rest.strip("()")
    found, rest = _take_currency(rest)
    scale, rest = _take_scale(rest)
    if rest.startswith(("-", "+")):
        negative, rest = negative or rest[0] == "-", rest[1:]
    if not _NUMBER.fullmatch(rest):
        raise BadInput("contact.problem.money_unreadable", field="amount", value=text)
    amount = Decimal(_with_point(rest, scale)) * scale
    return _bounded(-amount if negative else amount, found or currency, text)


def _take_currency(text: str) -> tuple[str, str]:
    """The currency named in the text, or "", and the text without it."""
    for sign, code in _SIGNS.items():
        if sign in text:
            return code, text.replace(sign, "")
    for word, code in _WORDS:
        if word.search(text):
            return code, word.sub("", text, count=1)
    return "", text


def _take_scale(text: str) -> tuple[int, str]:
    for word, scale in _SCALES:
        if word.search(text):
            return scale, word.sub("", text, count=1)
    return 1, text


def _with_point(digits: str, scale: int) -> str:
    """Digits with points and commas in any custom → digits with one decimal point."""
    separators = [c for c in digits if c in ".,"]
    if not separators:
        return digits
    last = separators[-1]
    whole, _, fraction = digits.rpartition(last)
    groups = re.split(r"[.,]", digits)
    are_thousands = all(len(group) == 3 for group in groups[1:]) and 0 < len(groups[0]) <= 3 and groups[0] != "0"
    if len(set(separators)) == 1 and are_thousands and (scale == 1 or len(separators) > 1):
        return "".join(groups)
    if len(separators) > 1 and last in whole:
        raise BadInput("contact.problem.money_unreadable", field="amount", value=digits)
    return re.sub(r"[.,]", "", whole) + "." + fraction


def _bounded(amount: Decimal, currency: str, shown: str) -> Money:
    minor = _whole(amount * 100) if abs(amount) < LARGEST else LARGEST
    if abs(minor) >= LARGEST:
        raise BadInput("contact.problem.money_too_big", field="amount", value=shown)
    return Money(minor, currency)


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
