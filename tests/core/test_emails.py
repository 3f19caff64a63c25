"""E-mail addresses: the short way agrees with the library."""

from __future__ import annotations

import pytest
from email_validator import validate_email
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from crm_app.core.emails import _USUAL, parse_email, parse_emails
from crm_app.core.errors import BadInput
from tests.core.outcome import outcome

_LOCAL = st.text("az09_.+-", min_size=1, max_size=70)
_LABEL = st.text("az09-_", min_size=1, max_size=64)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(_LOCAL, st.lists(_LABEL, min_size=1, max_size=4), st.sampled_from(["ru", "com", "me"]))
@example("a" * 64, ["b" * 40 + "-" + "c" * 20] * 3, "ru")
def test_what_the_short_way_passes_the_library_leaves_as_it_is(local, labels, top):
    address = f"{local}@{'.'.join(labels)}.{top}"
    assume(_USUAL.fullmatch(address))
    assert validate_email(address, check_deliverability=False).normalized == address


@given(
    st.from_regex(r"[a-z0-9_]{1,12}([.+-][a-z0-9_]{1,12}){0,3}", fullmatch=True),
    st.lists(st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20})?", fullmatch=True), min_size=1, max_size=3),
)
def test_an_address_is_the_same_in_capitals_with_spaces_around_and_read_again(local, labels):
    address = f"{local}@{'.'.join(labels)}.ru"
    assert parse_email(f"  {address.upper()} ") == parse_email(parse_email(address)) == address


@given(st.text("ab.@-_ +<>яZ,;", max_size=20))
def test_any_text_is_an_address_that_the_library_accepts_or_a_refusal(text):
    address, refusal = outcome(parse_email, text)
    if refusal:
        assert refusal.key in ("contact.problem.email_without_at", "contact.problem.email_broken")
    else:
        assert validate_email(address, check_deliverability=False)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (" Ann@Firm.RU ", ["ann@firm.ru"]),
        ("ann@firm.ru; bob@firm.ru, ann@firm.ru", ["ann@firm.ru", "bob@firm.ru"]),
        ("ann@firm.ru bob@firm.ru", ["ann@firm.ru", "bob@firm.ru"]),
        ("Анна Сидорова <ann@firm.ru>", ["ann@firm.ru"]),
        ("mailto:ann@firm.ru", ["ann@firm.ru"]),
        ("почта@пример.рф", ["почта@пример.рф"]),
        ("A@XN--E1AFMKFD.XN--P1AI", ["a@пример.рф"]),
        (" ; ", []),
    ],
)
def test_addresses_are_found_in_what_people_write(text, addresses):
    assert parse_emails(text) == addresses


@pytest.mark.parametrize("text", ["не мыло@@", "ann", "ann@", "@firm.ru", "ann@firm", "a b@firm.ru", "ann@firm..ru"])
def test_a_broken_address_is_refused(text):
    with pytest.raises(BadInput, match=r"адрес|Адрес"):
        parse_emails(text)
