"""Signatures hold before an independent verifier, and break when anything is changed."""

import base64
from dataclasses import replace
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from crm_app.core.errors import BadInput
from crm_app.integrations.channels.email.dkim import DkimSigner, read_signer
from crm_app.integrations.channels.email.letter import LetterStencil
from crm_app.messages.channel import Identity, Recipient, Text

KEY = rsa.generate_private_key(65537, 2048)
SIGNER = DkimSigner("demo.example", "crm", KEY)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = Text(
    sender=Identity("mary@demo.example", "Мария"),
    title="{{first_name}}, станки",
    body="<p>Здравствуйте, {{first_name}}!</p>",
    reply_to="office@demo.example",
    list_key="mailing-7",
    list_name="Новости",
    unsubscribe_label="Отписаться",
)


def record(name, timeout=5):
    """The DNS record of the key, as a verifier asks for it."""
    assert name == b"crm._domainkey.demo.example."
    public = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def signed(name: str, first_name: str, text: Text = TEXT) -> bytes:
    values = {"first_name": first_name, "unsubscribe_url": "https://crm.example/unsubscribe/MTc.abc"}
    return LetterStencil(text, SIGNER).fill(Recipient("17.abc", "ann@demo.example", name, values), NOW).content


def holds(letter: bytes) -> bool:
    return bool(dkim.verify(letter, dnsfunc=record))


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_signature_holds_before_an_independent_verifier(name, first_name):
    assert holds(signed(name, first_name))
    assert holds(signed(name, first_name, replace(TEXT, reply_to="", list_key="", unsubscribe_label="")))


def test_it_survives_what_servers_do_to_headers():
    letter = signed("Анна", "Анна").replace(b"Subject: ", b"SUBJECT:   ").replace(b"\r\n =?", b"\r\n\t=?")
    assert holds(b"Received: from a.example\r\n" + letter)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From: ", b"From: x"),
        (b"List-Unsubscribe: <https://crm", b"List-Unsubscribe: <https://evil"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"Reply-To: office", b"Reply-To: nobody"),
        (b"\r\n\r\n--=_", b"\r\n\r\nAdvertisement\r\n--=_"),
        (b"\r\nTo: ", b"\r\nSubject: another\r\nTo: "),
        (b"\r\nTo: ", b"\r\nReply-To: evil@a.example\r\nTo: "),
    ],
)
def test_it_breaks_when_anything_is_changed(old, new):
    letter = signed("Анна", "Анна")
    assert old in letter
    assert not holds(letter.replace(old, new, 1))


def test_a_key_is_read_from_its_file(tmp_path):
    path = tmp_path / "dkim.pem"
    path.write_bytes(_pem(KEY))
    signer = read_signer("demo.example", "crm", path)
    assert signer.key.private_numbers() == KEY.private_numbers()


@pytest.mark.parametrize("content", [None, b"", b"no key", b"ec"])
def test_a_file_without_rsa_key_is_refused_by_name(tmp_path, content):
    path = tmp_path / "dkim.pem"
    if content is not None:
        path.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1())) if content == b"ec" else content)
    with pytest.raises(BadInput, match=r"dkim\.pem"):
        read_signer("demo.example", "crm", path)


def _pem(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
