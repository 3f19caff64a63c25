"""What the server says is kept, and decides who is tried again."""

import contextlib
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crm_app.core.errors import BadInput
from crm_app.integrations.channels.email.channel import EmailChannel, Setup
from crm_app.integrations.channels.email.smtp_url import read_smtp_url
from crm_app.messages.channel import ChannelAway, Deferred, Letter, Undeliverable
from tests.integrations.channels.email.servers import LOOPBACK, ScriptedServer, free_port, one_login, server_tls

SENDER = "mary@demo.example"


def letter(name: str = "ann", sender: str = SENDER) -> Letter:
    address = f"{name}@demo.example"
    content = f"From: {sender}\r\nTo: {address}\r\nSubject: Hello\r\n\r\n.dot\r\n..dots\r\nlast\r\n"
    return Letter(f"{name}.1", sender, address, content.encode())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for the loopback server, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


def test_the_answer_is_kept_with_its_enhanced_status(server, channel_to):
    with channel_to(server.url).open() as sender:
        receipt = sender.send(letter())
    assert receipt.key == "ann.1"
    assert (receipt.answer.code, receipt.answer.status, receipt.answer.text) == (250, "2.0.0", "Ok: queued as 000001")
    assert str(receipt.answer) == "250 2.0.0 Ok: queued as 000001"


def test_a_letter_arrives_byte_for_byte(server, channel_to):
    with channel_to(server.url).open() as sender:
        sender.send(letter())
    assert server.script.envelopes[0].original_content == letter().content
    assert server.script.envelopes[0].mail_from == SENDER


def test_something_else_is_done_while_the_server_takes_a_letter_in(server, channel_to):
    server.script.wait_seconds = 0.2
    done: list[int] = []
    with channel_to(server.url).open() as sender:
        sender.send(letter(), meanwhile=lambda: done.append(len(server.script.envelopes)))
    assert done == [0] and len(server.script.envelopes) == 1


@pytest.mark.parametrize(
    ("answer", "error", "status", "blames_address"),
    [
        ("550 5.1.1 No such user", Undeliverable, "5.1.1", True),
        ("550 5.2.1 Mailbox disabled", Undeliverable, "5.2.1", True),
        ("554 5.7.1 Relay access denied", Undeliverable, "5.7.1", False),
        ("550 no such user", Undeliverable, "", False),
        ("450 4.2.0 Greylisted", Deferred, "4.2.0", False),
        ("452 4.2.2 Mailbox full", Deferred, "4.2.2", False),
    ],
)
@pytest.mark.parametrize("stage", ["recipients", "contents"])
def test_five_is_never_and_four_is_later(server, channel_to, stage, answer, error, status, blames_address):
    getattr(server.script, stage)["ann@demo.example"] = answer
    with channel_to(server.url).open() as sender:
        with pytest.raises(error) as failure:
            sender.send(letter("ann"))
        sender.send(letter("bob"))
    assert failure.value.answer.status == status
    assert failure.value.answer.blames_address is blames_address
    assert str(failure.value.answer) == answer
    assert server.script.connections == 1


def test_several_lines_of_an_answer_become_one(server, channel_to):
    server.script.recipients["ann@demo.example"] = "550-5.7.1 Blocked.\r\n550 5.7.1 See https://a.example/why"
    with channel_to(server.url).open() as sender, pytest.raises(Undeliverable) as failure:
        sender.send(letter())
    assert str(failure.value.answer) == "550 5.7.1 Blocked. See https://a.example/why"


@pytest.mark.parametrize("answer", ["550 5.7.1 Sender not allowed", "452 4.3.1 Too many letters today"])
def test_a_refused_sender_is_nobody_elses_fault(server, channel_to, answer):
    server.script.senders[SENDER] = answer
    with channel_to(server.url).open() as sender:
        with pytest.raises(ChannelAway) as failure:
            sender.send(letter())
        sender.send(letter(sender="olga@demo.example"))
    assert str(failure.value.answer) == answer
    assert SENDER in failure.value.text("ru")


def test_a_connection_closed_while_idle_costs_nothing(server, channel_to):
    server.script.hang_up_when_idle = True
    with channel_to(server.url).open() as sender:
        for name in ("ann", "bob", "olga"):
            sender.send(letter(name))
            _wait_until_closed(sender)
    assert len(server.script.envelopes) == 3
    assert server.script.connections == 3


def _wait_until_closed(sender):
    with contextlib.suppress(ConnectionResetError):
        assert sender._connection.sock.recv(1) == b""


def test_a_server_that_closes_for_maintenance_is_dialled_again(server, channel_to):
    server.script.recipients["ann@demo.example"] = "421 4.3.2 Shutting down"
    with channel_to(server.url).open() as sender:
        with pytest.raises(Deferred):
            sender.send(letter("ann"))
        sender.send(letter("bob"))
    assert server.script.connections == 2


@pytest.mark.parametrize("stage", ["hang_up_at_recipient", "hang_up_in_letter"])
def test_a_connection_lost_in_a_letter_puts_only_this_one_off(server, channel_to, stage):
    getattr(server.script, stage).add("ann@demo.example")
    with channel_to(server.url).open() as sender:
        with pytest.raises(Deferred) as failure:
            sender.send(letter("ann"))
        sender.send(letter("bob"))
    assert failure.value.key == "messages.error.connection_lost"
    assert [envelope.rcpt_tos for envelope in server.script.envelopes] == [["bob@demo.example"]]


def test_a_server_too_slow_is_left(server, channel_to):
    server.script.wait_seconds = 3
    with channel_to(server.url + "?timeout=0.3").open() as sender, pytest.raises(Deferred):
        sender.send(letter())


def test_a_connection_carries_only_so_many_letters(server, channel_to):
    with channel_to(server.url + "?letters=10").open() as sender:
        for number in range(25):
            sender.send(letter(f"person{number}"))
    assert server.script.connections == 3
    assert len(server.script.envelopes) == 25


def test_nobody_there_is_said_with_the_servers_name(channel_to):
    with pytest.raises(ChannelAway) as failure, channel_to(f"smtp://{LOOPBACK}:{free_port()}").open():
        pass
    assert LOOPBACK in failure.value.text("en")


def test_without_a_server_nothing_leaves_and_the_reason_is_a_sentence():
    channel = EmailChannel(lambda: Setup())
    assert channel.unready().code == "messages.error.smtp_not_set"
    with pytest.raises(ChannelAway, match="CRM_SMTP_URL"):
        channel.open()


def test_starttls_is_used_when_offered(certificate, channel_to):
    with ScriptedServer(tls_context=server_tls(*certificate)) as server:
        with channel_to(server.url + "?verify=no").open() as sender:
            sender.send(letter())
        assert server.script.encrypted == [True]


def test_starttls_can_be_declined(certificate, channel_to):
    with ScriptedServer(tls_context=server_tls(*certificate)) as server:
        with channel_to(server.url + "?starttls=no").open() as sender:
            sender.send(letter())
        assert server.script.encrypted == [False]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate, channel_to, scheme):
    context = server_tls(*certificate)
    with ScriptedServer(**{"tls_context" if scheme == "smtp" else "ssl_context": context}) as server:
        with pytest.raises(ChannelAway, match="certificate"), channel_to(f"{scheme}://{LOOPBACK}:{server.port}").open():
            pass
        with channel_to(f"{scheme}://{LOOPBACK}:{server.port}?verify=no").open() as sender:
            sender.send(letter())
        assert len(server.script.envelopes) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_login_is_given_and_a_wrong_one_blames_nobody(channel_to):
    options = {"authenticator": one_login("crm", "p@ss:word/1"), "auth_require_tls": False, "auth_required": True}
    with ScriptedServer(**options) as server:
        address = f"{LOOPBACK}:{server.port}"
        with channel_to(f"smtp://crm:p%40ss%3Aword%2F1@{address}").open() as sender:
            sender.send(letter())
        with pytest.raises(ChannelAway) as failure, channel_to(f"smtp://crm:wrong@{address}").open():
            pass
        assert failure.value.key == "messages.error.smtp_login"
        assert "wrong" not in failure.value.text("en")
        with channel_to(f"smtp://{address}").open() as sender, pytest.raises(ChannelAway):
            sender.send(letter())


def test_a_password_is_never_sent_unencrypted_over_a_network(channel_to):
    given = []

    def note(*arguments):
        given.append(arguments)

    with ScriptedServer(authenticator=note, auth_require_tls=False) as server:
        # 127.1 reaches the loopback server without being known as a loopback address
        url = f"smtp://crm:secret@127.1:{server.port}"
        with pytest.raises(ChannelAway) as failure, channel_to(url).open():
            pass
    assert failure.value.key == "messages.error.smtp_unsafe"
    assert given == []


def test_a_smtp_address_is_read():
    server = read_smtp_url("smtps://mary%40demo.example:p%3A@mail.example:8465?timeout=5&letters=20&helo=crm.example")
    assert (server.host, server.port, server.tls) == ("mail.example", 8465, True)
    assert (server.user, server.password) == ("mary@demo.example", "p:")
    assert (server.timeout_seconds, server.letters_per_connection, server.own_name) == (5.0, 20, "crm.example")
    assert "p:" not in repr(server)
    assert (read_smtp_url("smtp://mail.example").port, read_smtp_url("smtps://mail.example").port) == (25, 465)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example/inbox",
        "smtp://mail.example?tls=no",
        "smtp://mail.example?letters=0",
        "smtp://mail.example?timeout=soon",
    ],
)
def test_a_smtp_address_that_is_none_is_refused_by_name(url):
    with pytest.raises(BadInput, match="CRM_SMTP_URL"):
        read_smtp_url(url)
