"""Servers and texts that the tests of e-mail share."""

from collections.abc import Callable, Iterator

import pytest

from crm_app.integrations.channels.email.channel import EmailChannel, Setup
from crm_app.integrations.channels.email.smtp_url import read_smtp_url
from crm_app.messages.channel import Identity, Text
from tests.integrations.channels.email.servers import ScriptedServer


@pytest.fixture(params=[False, True], ids=["in-turn", "pipelining"])
def server(request: pytest.FixtureRequest) -> Iterator[ScriptedServer]:
    """A server that waits for each command, and one that takes several at once."""
    with ScriptedServer() as running:
        running.script.pipelining = request.param
        yield running


@pytest.fixture
def channel_to() -> Callable[..., EmailChannel]:
    """A channel to the server at an address."""

    def make(url: str, signer=None) -> EmailChannel:
        setup = Setup(read_smtp_url(url), signer)
        return EmailChannel(lambda: setup)

    return make


@pytest.fixture
def text() -> Text:
    return Text(
        sender=Identity("mary@demo.example", "Мария Светлова"),
        title="{{first_name|Друзья}}, станки со скидкой",
        body="<h1>Здравствуйте, {{first_name|друг}}!</h1><p>Для {{company|вас}}: <b>станки</b>.</p>",
        list_key="mailing-7",
        list_name="Новости завода",
        unsubscribe_label="Отписаться",
    )
