"""Merge fields are filled from a fixed list of names."""

from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from crm_app.messages import merge
from crm_app.messages.merge import clean_values, count_missing, one_line, parse, problems


def test_a_field_is_filled_with_its_value_or_its_fallback():
    greeting = parse("Здравствуйте, {{ first_name | друг }}!")
    assert greeting.fill({"first_name": "Анна"}) == "Здравствуйте, Анна!"
    assert greeting.fill({"first_name": ""}) == greeting.fill({}) == "Здравствуйте, друг!"


def test_a_field_without_fallback_stays_empty_and_is_missed():
    greeting = parse("{{first_name}} {{last_name|Иванов}} {{company}}")
    assert greeting.missing({"company": "Завод"}) == {"first_name"}
    assert greeting.fill({"company": "Завод"}) == " Иванов Завод"


def test_values_and_fallbacks_are_escaped_where_the_text_is_html():
    body = parse("<p>{{company|A &amp; B}}</p>", read=unescape)
    assert body.fill({"company": "<b>"}, escape) == "<p>&lt;b&gt;</p>"
    assert body.fill({}, escape) == "<p>A &amp; B</p>"


def test_a_value_that_looks_like_a_field_is_not_filled_again():
    assert parse("{{name}}").fill({"name": "{{email}}", "email": "ann@demo.example"}) == "{{email}}"


def test_an_unknown_field_is_named_once_and_left_as_typed():
    source = "{{firstname}} {{ firstname|x}} {{__class__}} {{first_name}}"
    assert [(reason.code, reason.params) for reason in problems(source, "title")] == [
        ("messages.problem.unknown_field", {"name": "firstname"}),
        ("messages.problem.unknown_field", {"name": "__class__"}),
    ]
    assert parse(source).fill({"first_name": "Анна"}) == "{{firstname}} {{ firstname|x}} {{__class__}} Анна"


def test_the_company_s_own_fields_are_merge_fields_by_their_keys():
    source = "{{fields.size|M}} {{ fields.colour_2 }} {{fields.Size}} {{fields.}} {{fields.a.b}}"
    assert [reason.params["name"] for reason in problems(source)] == ["fields.Size", "fields.", "fields.a.b"]
    values = {"fields.size": "XL", "fields.Size": "?"}
    assert parse(source).fill(values) == "XL  {{fields.Size}} {{fields.}} {{fields.a.b}}"
    assert parse(source).missing(values) == {"fields.colour_2"}


def test_braces_that_enclose_no_field_are_a_problem():
    assert [reason.code for reason in problems("{{first_name")] == ["messages.problem.broken_field"]
    assert [reason.code for reason in problems("{{a{b}c}}")] == ["messages.problem.broken_field"]
    assert problems("{first_name} и {{first_name|друг}}") == []


def test_every_field_has_a_name_in_both_languages():
    from crm_app.core import i18n

    for name in merge.FIELDS:
        key = f"messages.field.{name}"
        assert i18n.text(key, "ru") != key
        assert i18n.text(key, "en") != key


def test_recipients_who_lack_a_value_are_counted_by_field():
    templates = [parse("{{first_name}}, здравствуйте"), parse("{{first_name}} {{city|ваш город}} {{company}}")]
    recipients = [{"first_name": "Анна"}, {"company": "Завод"}, {}]
    assert count_missing(templates, recipients) == {"first_name": 2, "company": 2}


@given(st.text())
def test_any_text_can_be_parsed_and_a_text_without_fields_stays_itself(source):
    template = parse(source)
    assert template.fields or template.fill({}) == source
    problems(source)


@given(st.text())
def test_one_line_is_one_line(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)


def test_a_value_keeps_its_letters():
    assert clean_values({"name": "Ёлка\r\nBcc: evil@a.example\x00"}) == {"name": "Ёлка Bcc: evil@a.example"}
