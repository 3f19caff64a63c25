"""E-mail keeps what every channel must."""

import pytest

from tests.integrations.channels.contract import ChannelContract
from tests.integrations.channels.email.servers import body_of


class EmailWorld:
    def __init__(self, server, channel, text):
        self.server, self.channel, self.text = server, channel, text

    def values(self, number):
        return {"email": f"person{number}@demo.example", "first_name": f"Анна-{number}", "name": f"Анна {number}-я"}

    def refuse(self, address):
        self.server.script.recipients[address] = "550 5.1.1 No such mailbox"

    def put_off(self, address):
        self.server.script.recipients[address] = "451 4.7.1 Greylisted, come back later"

    def hang_up_on(self, address):
        self.server.script.hang_up_in_letter.add(address)

    def stop(self):
        self.server.stop()

    def received(self):
        return [
            (str(letter["To"].addresses[0].addr_spec), body_of(letter, "plain")) for letter in self.server.letters()
        ]


class TestEmail(ChannelContract):
    @pytest.fixture
    def world(self, server, channel_to, text):
        return EmailWorld(server, channel_to(server.url), text)
