"""Several bank accounts in one text, a line for each: read as people write them, checked, and written in one way.

"р/с 40702810400000000225 в ПАО Сбербанк, БИК 044525225" becomes "40702810400000000225, БИК 044525225, ПАО Сбербанк".
"""

from __future__ import annotations

import re

from crm_app.core.errors import BadInput
from crm_app.core.requisites import parse_account, parse_bic

MOST = 20
LONGEST_BANK = 300
_ACCOUNT = re.compile(r"(?<!\d)\d{20}(?!\d)")
_BIC = re.compile(r"(?<!\d)0\d{8}(?!\d)")
_WORDS = re.compile(
    r"(?:^|(?<=[\s,;]))(?:р/с(?:ч[её]т)?|к/с(?:ч[её]т)?|корр?\.?\s*сч[её]т|расч[её]тный сч[её]т|сч[её]т|"
    r"бик|bic|account|corr\.? account|банк:|bank:)[.:]?(?=[\s,;]|$)",
    re.IGNORECASE,
)
_IN = re.compile(r"^в\s+(?=\S)")


def tidy_accounts(text: str) -> str:
    """Each line with its account, checked by the BIC where that is named. Raises BadInput for a line without one."""
    lines = [line for line in text.splitlines() if line.strip(" ,;")]
    if len(lines) > MOST:
        raise BadInput("contact.problem.accounts_too_many", field="accounts", limit=MOST)
    return "\n".join(dict.fromkeys(_tidy(line) for line in lines))


def _tidy(line: str) -> str:
    numbers = _ACCOUNT.findall(line)
    own = [number for number in numbers if not number.startswith("301")]
    corr = [number for number in numbers if number.startswith("301")]
    bics = _BIC.findall(_ACCOUNT.sub(" ", line))
    if len(own) != 1 or len(corr) > 1 or len(bics) > 1:
        raise BadInput("contact.problem.accounts_line", field="accounts", value=line.strip()[:200])
    bic = parse_bic(bics[0]) if bics else ""
    parts = [parse_account(own[0], bic)]
    parts += [f"БИК {bic}"] if bic else []
    parts += [bank] if (bank := _bank_in(line)) else []
    parts += [f"к/с {parse_account(corr[0], bic)}"] if corr else []
    return ", ".join(parts)


def _bank_in(line: str) -> str:
    """What is left of a line without numbers and the words that name them."""
    rest = _BIC.sub(" ", _ACCOUNT.sub(" ", line))
    while (shorter := _WORDS.sub(" ", rest)) != rest:
        rest = shorter
    words = " ".join(re.sub(r"\s*[,;]+[\s,;]*", ", ", rest).split()).strip(" ,;.:")
    return _IN.sub("", words)[:LONGEST_BANK]
