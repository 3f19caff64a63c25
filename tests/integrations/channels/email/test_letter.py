"""Each letter is what the standard library would have made of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import compat32
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_app.integrations.channels.email.channel import BODY_BYTES, EmailChannel, Setup
from crm_app.integrations.channels.email.letter import LetterStencil
from crm_app.mailings.tokens import delivery_key
from crm_app.messages.channel import Identity, Recipient, Text, Undeliverable
from crm_app.messages.merge import one_line
from tests.integrations.channels.email.servers import body_of, read

NOW = datetime(2026, 11, 22, 9, 30, 15, tzinfo=timezone(timedelta(hours=3)))
LINK = "https://crm.example/unsubscribe/MTc.abc-DEF_1"
CHANNEL = EmailChannel(lambda: Setup())
TEXT = Text(sender=Identity("mary@demo.example", "Мария"), title="Станки", body="<p>Здравствуйте</p>")

readable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=120)
hostile = st.sampled_from(
    [
        "Ann\r\nBcc: evil@a.example",
        "Ann\nSubject: other",
        "=?utf-8?b?0JDQvdC90LA=?=",
        "=?utf-8?q?Ann?= <evil@a.example>",
        '"Ann" <evil@a.example>, Bob',
        "Ann, Bob; Olga: x@y",
        '\\"Ann\\',
        "Ann (boss)",
        "x" * 300,
        "я" * 300,
        "два слова " * 40,
        "👩‍👩‍👧‍👦" * 40,
        "Ann\x00\x0b\x1c\x85\u2028Bob",
        ".",
        "=20",
    ]
)
names = readable | hostile


def fill(text: Text = TEXT, name: str = "", address: str = "ann@demo.example", **values: str) -> EmailMessage:
    letter = LetterStencil(text).fill(Recipient("17.abc", address, name, values), NOW)
    return read(letter.content)


def address_in(content: bytes, header: str) -> tuple[str, str]:
    """The name shown and the address, decoded as RFC 2047 says."""
    # the parser of the default policy puts a space between two encoded words of a name, which the RFC forbids
    shown, address = parseaddr(message_from_bytes(content, policy=compat32)[header])
    return str(make_header(decode_header(shown))), address


@given(names, names, names)
def test_headers_are_what_the_standard_library_makes(name, sender_name, title):
    text = replace(TEXT, sender=Identity("mary@demo.example", sender_name), title=title.replace("{{", ""))
    expected = EmailMessage()
    expected["From"] = Address(one_line(sender_name), addr_spec="mary@demo.example")
    expected["To"] = Address(one_line(name), addr_spec="ann@demo.example")
    expected["Date"] = NOW
    expected["Message-ID"] = "<17.abc@demo.example>"
    content = LetterStencil(text).fill(Recipient("17.abc", "ann@demo.example", name), NOW).content
    found = read(content)
    for header in ("From", "To"):
        (address,) = expected[header].addresses
        assert address_in(content, header) == (address.display_name, address.addr_spec)
        assert [each.addr_spec for each in found[header].addresses] == [address.addr_spec]
    assert found["Subject"] == one_line(text.title)
    for header in ("Date", "Message-ID"):
        assert str(found[header]) == str(expected[header])
    assert sorted(found.keys()) == sorted(
        ["From", "MIME-Version", "Content-Type", "To", "Subject", "Date", "Message-ID"]
    )
    assert found.defects == [] and all(header.defects == () for header in found.values())


@given(names, names, st.sampled_from(["", "Много текста. " * 30, "Plenty of text. " * 30]))
def test_bodies_are_what_was_written_with_the_values_in_it(first_name, company, padding):
    text = replace(TEXT, body=f"<p>А {{{{first_name|друг}}}}, {{{{company}}}}!</p><p>{padding}</p>")
    found = fill(text, first_name=first_name, company=company)
    shown_name, shown_company = one_line(first_name) or "друг", one_line(company)
    assert body_of(found, "plain").startswith(f"А {shown_name}, {shown_company}!\n")
    html = body_of(found, "html")
    paragraph = re.search(r"<p [^>]*>(.*?)</p>", html)[1]
    expected = EmailMessage()
    expected.set_content(html, subtype="html")
    assert expected.get_content() == html
    assert _unescaped(paragraph) == f"А {shown_name}, {shown_company}!"
    assert "<" not in paragraph


def _unescaped(html: str) -> str:
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        html = html.replace(escaped, plain)
    return html


@given(names, names, st.sampled_from(["длинно", "long"]))
def test_every_line_is_short_ascii_and_ends_in_crlf(name, first_name, word):
    text = replace(TEXT, title="{{first_name|друг}}, здравствуйте", body="<p>{{first_name}}" + word * 300)
    content = (
        LetterStencil(text).fill(Recipient("1.a", "ann@demo.example", name, {"first_name": first_name}), NOW).content
    )
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert all(len(line) <= 78 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)


def test_both_encodings_carry_the_same_text():
    english = fill(replace(TEXT, body="<p>Dear {{first_name|friend}}, machines = cheap.</p>" * 20), first_name="Ann")
    russian = fill(replace(TEXT, body="<p>Привет, {{first_name|друг}}, станки = дёшево.</p>" * 20), first_name="Анна")
    assert english.get_body(("plain",))["Content-Transfer-Encoding"] == "quoted-printable"
    assert russian.get_body(("plain",))["Content-Transfer-Encoding"] == "base64"
    assert body_of(english, "plain").count("Dear Ann, machines = cheap.\n") == 20
    assert body_of(russian, "plain").count("Привет, Анна, станки = дёшево.\n") == 20


def test_a_letter_has_text_first_and_html_last():
    found = fill()
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert '<html lang="ru">' in body_of(found, "html")


def test_unsubscribing_is_one_click_as_rfc_8058_wants():
    text = replace(TEXT, list_key="mailing-7", list_name="Новости", unsubscribe_label="Отписаться")
    found = fill(text, unsubscribe_url=LINK)
    assert found["List-Unsubscribe"] == f"<{LINK}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["List-Id"] == "Новости <mailing-7.demo.example>"
    assert body_of(found, "html").count(f'href="{LINK}"') == 1
    assert f"Отписаться <{LINK}>" in body_of(found, "plain")


def test_a_link_to_unsubscribe_written_by_hand_is_not_doubled():
    text = replace(TEXT, body='<p><a href="{{unsubscribe_url}}">Хватит</a></p>', unsubscribe_label="Отписаться")
    html = body_of(fill(text, unsubscribe_url=LINK), "html")
    assert html.count(LINK) == 1 and "Отписаться" not in html


def test_a_letter_to_one_person_has_nothing_of_a_mailing():
    found = fill()
    assert not any(header.startswith("List-") for header in found)
    assert "unsubscribe" not in body_of(found, "html")


def test_the_message_id_stays_the_same_at_each_attempt():
    recipient = Recipient(delivery_key("installation", 17), "ann@demo.example")
    attempts = [LetterStencil(TEXT).fill(recipient, NOW + timedelta(hours=hours)).content for hours in (0, 5)]
    assert read(attempts[0])["Message-ID"] == read(attempts[1])["Message-ID"]
    assert read(attempts[0])["Date"] != read(attempts[1])["Date"]


def test_international_domains_go_out_in_ascii():
    text = replace(TEXT, sender=Identity("info@завод.рф"), reply_to="office@Завод.РФ")
    letter = LetterStencil(text).fill(Recipient("1.a", "ann@ромашка.рф"), NOW)
    assert letter.sender == "info@xn--80aegj1b.xn--p1ai"
    assert letter.address == "ann@" + "ромашка.рф".encode("idna").decode()
    assert read(letter.content)["Reply-To"] == "office@xn--80aegj1b.xn--p1ai"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "@demo.example",
        "ann@",
        "ann@demo..example",
        "ann@-demo.example",
        "ann demo@demo.example",
        "ann@demo.example>",
        "ann@demo.example\r\nRCPT TO:<evil@a.example>",
        "анна@demo.example",
        "ann..b@demo.example",
        '"ann"@demo.example',
        "a" * 65 + "@demo.example",
        "ann@" + "a" * 64 + ".example",
        "ann@xn--" + "я" * 70 + ".рф",
    ],
)
def test_an_address_that_smtp_cannot_take_is_refused(address):
    with pytest.raises(Undeliverable):
        LetterStencil(TEXT).fill(Recipient("1.a", address), NOW)
    assert CHANNEL.address_of({"email": address}) == ""


def test_styles_move_to_their_elements_and_scripts_go():
    text = replace(
        TEXT,
        body="<style>.hot{color:#ff0000}</style><p class=hot onclick=x()>Жарко</p><script>alert(1)</script>"
        "<link rel=stylesheet href=file:///etc/passwd><img src='https://a.example/x.png' onerror=x()>",
    )
    html = body_of(fill(text), "html")
    assert re.search(r'<p style="[^"]*color:#ff0000[^"]*">Жарко</p>', html)
    assert "alert" not in html and "onclick" not in html and "onerror" not in html and "root:" not in html
    assert '<img src="https://a.example/x.png"' in html


def test_a_value_cannot_bring_tags_or_attributes():
    text = replace(TEXT, body='<p>{{company}}</p><a href="https://a.example/?c={{company}}">x</a>')
    html = body_of(fill(text, company='"><script>alert(1)</script>'), "html")
    assert "<script" not in html and "&quot;&gt;&lt;script&gt;" in html


def test_the_preview_is_what_arrives():
    text = replace(TEXT, title="{{first_name|Друг}}, привет", body="<p>Для {{company|вас}} & всех</p>")
    values = {"first_name": "Анна", "company": "A & B"}
    preview, found = LetterStencil(text).preview(values), fill(text, **values)
    assert preview.title == found["Subject"] == "Анна, привет"
    assert preview.text == body_of(found, "plain") == "Для A & B & всех\n"
    assert preview.html == body_of(found, "html")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "no_title"),
        ({"title": "x" * 251}, "long_title"),
        ({"title": "{{nickname}}"}, "unknown_field"),
        ({"body": "<p> <br></p>"}, "no_body"),
        ({"body": "<script>alert(1)</script>"}, "no_body"),
        ({"body": "x" * (BODY_BYTES + 1)}, "long_body"),
        ({"body": "<p>{{name</p>"}, "broken_field"),
        ({"body": '<a href="https://a.example/{{name}}">x</a>'}, "field_in_tag"),
        ({"sender": Identity("mary", "Мария")}, "sender"),
        ({"reply_to": "nobody"}, "reply_to"),
    ],
)
def test_a_text_that_cannot_go_out_says_why(changes, code):
    assert [problem.code for problem in CHANNEL.check(replace(TEXT, **changes))] == [f"messages.problem.{code}"]


def test_a_letter_of_one_picture_is_not_empty():
    assert CHANNEL.check(replace(TEXT, body='<img src="https://a.example/x.png">')) == []


def test_a_key_that_would_break_the_message_id_is_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        LetterStencil(TEXT).fill(Recipient("1>\r\nBcc: x", "ann@demo.example"), datetime.now(UTC))
