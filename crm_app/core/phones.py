"""Telephone numbers: whatever people type becomes E.164 ("+79151234567"), several in one cell too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crm_app.core.errors import BadInput

REGION = "RU"

_SEPARATORS = re.compile(r"[,;/|\n\r]+|\s+(?:и|или|and|or)\s+")
_DRESSING = str.maketrans("", "", " \t()-–—.\xa0\u2009\u202f")
_USUAL = re.compile(r"(?:\+7|7|8)?(?!810)([3489]\d{9})", re.ASCII)  # 8-10 is the way abroad
_REMARK = re.compile(r"\([^()\d]*\)")
_LETTER = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Phone:
    """number: E.164; extension: what to dial after the answer, or ""."""

    number: str
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.number} доб. {self.extension}" if self.extension else self.number


def parse_phones(text: str, region: str = REGION) -> list[Phone]:
    """Every number of a cell, in order, each once. Raises BadInput if one of them can't be called.

    "8 (495) 123-45-67 доб. 12; 8-915-765-43-21" are two numbers, the first with an extension.
    """
    usual = _USUAL.fullmatch(text.translate(_DRESSING))
    if usual and region == REGION:
        return [Phone("+7" + usual[1])]
    parts = [part for part in _SEPARATORS.split(text) if part and not part.isspace()]
    return list(dict.fromkeys(parse_phone(part, region) for part in parts))


def parse_phone(text: str, region: str = REGION) -> Phone:
    """One number. region: the country of numbers written without one. Raises BadInput.

    Nine Russian numbers of ten are seven or eight, and ten digits: those need no library (a property test compares
    the two ways). A number of a range not yet given out is fine: our tables may be older than the number.
    """
    usual = _USUAL.fullmatch(text.translate(_DRESSING))
    if usual and region == REGION:
        return Phone("+7" + usual[1])
    return _parse_by_library(text.strip(), region)


@lru_cache(maxsize=4096)
def _parse_by_library(text: str, region: str) -> Phone:
    import phonenumbers  # its tables take longer to load than most files to read

    try:
        number = phonenumbers.parse(_REMARK.sub("", text), region)
    except phonenumbers.NumberParseException as error:
        code = "phone_words" if _LETTER.search(text) else "phone_unreadable"
        raise BadInput(f"contact.problem.{code}", field="phone", value=text) from error
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        raise BadInput("contact.problem.phone_without_area", field="phone", value=text)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise BadInput("contact.problem.phone_length", field="phone", value=text)
    if number.country_code == 7 and str(number.national_number)[0] in "012":
        raise BadInput("contact.problem.phone_unreadable", field="phone", value=text)
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or "")


def show_phone(number: str) -> str:
    """E.164 as people read it: "+7 915 123-45-67". What is no number comes back as it is."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
