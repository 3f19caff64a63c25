"""How titles and answers of mail servers are put for people."""

from __future__ import annotations

import pytest

from crm_app.mailings.screens.lines import answer_words, title_words


def test_a_merge_field_in_a_title_is_its_name():
    assert (
        title_words("{{first_name|Друг}}, три станка для {{company}}", "ru", {}) == "[Имя], три станка для [Компания]"
    )


def test_the_company_s_own_field_is_called_what_people_call_it():
    assert (
        title_words("{{fields.size|M}} {{fields.secret}}", "ru", {"fields.size": "Размер"})
        == "[Размер] [fields.secret]"
    )


def test_what_is_no_field_stays_as_it_was_typed():
    assert title_words("{{nonsense}} and {{city}}", "en", {}) == "{{nonsense}} and [City]"


@pytest.mark.parametrize("answer", ["Ok: queued", "2.0.0 Ok: queued", "250 2.0.0 Ok: queued", "250-2.0.0 Ok: queued"])
def test_code_and_status_of_an_answer_are_said_once(answer):
    assert answer_words(250, "2.0.0", answer) == "250 2.0.0 Ok: queued"


def test_an_attempt_that_nobody_answered_says_only_what_is_known():
    assert answer_words(0, "", "Connection refused") == "Connection refused"
    assert answer_words(0, "", "") == ""
