"""A real mail server takes our letters, and what lies in the mailbox is what we wrote."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from crm_app.integrations.channels.email.dkim import DkimSigner
from crm_app.messages.channel import Recipient, Undeliverable
from tests.integrations.channels.email.servers import body_of, has_postfix, load_target, private_postfix, read

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
needs_postfix = pytest.mark.skipif(not has_postfix(), reason="needs Debian's postfix, and root to start it")


@pytest.fixture(scope="module")
def postfix():
    # not under pytest's own folder, which Postfix's users may not enter
    with TemporaryDirectory(prefix="postfix-") as folder:
        root = Path(folder)
        root.chmod(0o711)
        with private_postfix(root) as running:
            yield running


@needs_postfix
def test_a_letter_comes_out_of_postfix_as_it_went_in(postfix, channel_to, text):
    key = rsa.generate_private_key(65537, 2048)
    channel = channel_to(f"smtp://127.0.0.1:{postfix.port}", DkimSigner("demo.example", "crm", key))
    values = {"first_name": "Анна", "company": "ООО «Ромашка & Ко»", "unsubscribe_url": "https://crm.example/u/MTc.abc"}
    letter = channel.prepare(text).fill(Recipient("17.abc", "ann@demo.example", "Анна Ивановна", values), NOW)
    with channel.open() as sender:
        receipt = sender.send(letter)
    assert "queued as" in receipt.answer.text
    sent, (arrived,) = read(letter.content), postfix.mails("ann", 1)
    for header in sent:
        assert arrived[header] == sent[header], header
    for kind in ("plain", "html"):
        assert body_of(arrived, kind) == body_of(sent, kind)
    assert arrived["Return-Path"] == "<mary@demo.example>"
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    wire = arrived.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert dkim.verify(wire, dnsfunc=lambda name, timeout=5: b"v=DKIM1; p=" + base64.b64encode(public))


@needs_postfix
def test_postfix_names_an_unknown_mailbox(postfix, channel_to, text):
    channel = channel_to(f"smtp://127.0.0.1:{postfix.port}")
    letter = channel.prepare(text).fill(Recipient("18.abc", "nobody@demo.example"), NOW)
    with channel.open() as sender, pytest.raises(Undeliverable) as failure:
        sender.send(letter)
    assert failure.value.answer.status == "5.1.1"
    assert failure.value.answer.blames_address


def test_a_thousand_letters_go_over_one_sender(channel_to, text):
    with load_target() as port:
        channel = channel_to(f"smtp://127.0.0.1:{port}?letters=400")
        stencil = channel.prepare(text)
        with channel.open() as sender:
            receipts = [
                sender.send(stencil.fill(Recipient(f"{number}.a", f"person{number}@demo.example"), NOW))
                for number in range(1000)
            ]
    assert len({receipt.key for receipt in receipts}) == 1000
    assert {receipt.answer.code for receipt in receipts} == {250}
