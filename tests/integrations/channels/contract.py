"""What every channel must keep, whatever it sends by: each plug-in runs these tests against a real server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import pytest

from crm_app.core.plugins import discover
from crm_app.messages.channel import Channel, ChannelAway, Deferred, Recipient, Text, Undeliverable

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class World(Protocol):
    """A channel and the real server behind it, which a test can turn against us."""

    channel: Channel
    text: Text
    """Without problems, with {{first_name|друг}} in its body."""

    def values(self, number: int) -> dict[str, str]:
        """Merge values of one of many people, all different, whom the channel reaches."""
        ...

    def refuse(self, address: str) -> None:
        """From now on the server says never."""
        ...

    def put_off(self, address: str) -> None:
        """From now on the server says later."""
        ...

    def hang_up_on(self, address: str) -> None:
        """From now on the server breaks the connection in the middle of this person's letters."""
        ...

    def stop(self) -> None:
        """Nobody listens any more."""
        ...

    def received(self) -> list[tuple[str, str]]:
        """Address and readable text of what has arrived, in order."""
        ...


class ChannelContract:
    """Subclass it as `TestSomething` and give it a fixture `world`."""

    def letter_for(self, world: World, number: int):
        values = world.values(number)
        recipient = Recipient(f"{number}.test", world.channel.address_of(values), values.get("name", ""), values)
        return world.channel.prepare(world.text).fill(recipient, NOW)

    def test_it_is_found_by_its_key(self, world):
        found = discover("crm_app.integrations.channels")[world.channel.key]
        assert type(found) is type(world.channel)

    def test_it_finds_its_address_among_the_values(self, world):
        assert world.channel.address_of(world.values(1))
        assert world.channel.address_of({}) == ""

    def test_a_good_text_has_no_problems_and_an_empty_one_has(self, world):
        assert world.channel.check(world.text) == []
        assert world.channel.check(replace(world.text, body=" ")) != []

    def test_each_problem_is_a_sentence_in_both_languages(self, world):
        problems = world.channel.check(replace(world.text, body="{{nickname}} {{"))
        assert problems
        for locale in ("ru", "en"):
            assert all(problem.text(locale) != problem.code for problem in problems)

    def test_it_is_ready_when_set_up(self, world):
        assert world.channel.unready() is None

    def test_letters_arrive_in_order_each_with_its_own_values_and_receipt(self, world):
        letters = [self.letter_for(world, number) for number in range(1, 6)]
        with world.channel.open() as sender:
            receipts = [sender.send(letter) for letter in letters]
        assert [receipt.key for receipt in receipts] == [letter.key for letter in letters]
        assert all(receipt.answer.code for receipt in receipts)
        received = world.received()
        assert [address for address, _ in received] == [letter.address for letter in letters]
        for number, (_, text) in enumerate(received, start=1):
            assert world.values(number)["first_name"] in text

    def test_a_missing_value_becomes_the_fallback(self, world):
        values = {**world.values(1), "first_name": ""}
        recipient = Recipient("1.test", world.channel.address_of(values), "", values)
        with world.channel.open() as sender:
            sender.send(world.channel.prepare(world.text).fill(recipient, NOW))
        assert "друг" in world.received()[0][1]

    def test_a_preview_reads_as_what_arrives(self, world):
        preview = world.channel.prepare(world.text).preview(world.values(3))
        assert world.values(3)["first_name"] in preview.text

    def test_a_delivery_keeps_its_key_at_each_attempt(self, world):
        assert self.letter_for(world, 1).key == self.letter_for(world, 1).key != self.letter_for(world, 2).key

    def test_an_address_that_is_none_is_refused_before_anything_leaves(self, world):
        with pytest.raises(Undeliverable):
            world.channel.prepare(world.text).fill(Recipient("1.test", "no address", "", {}), NOW)

    def test_never_is_told_from_later_and_the_next_letter_goes_out(self, world):
        never, later, good = (self.letter_for(world, number) for number in (1, 2, 3))
        world.refuse(never.address)
        world.put_off(later.address)
        with world.channel.open() as sender:
            with pytest.raises(Undeliverable) as refusal:
                sender.send(never)
            with pytest.raises(Deferred) as delay:
                sender.send(later)
            sender.send(good)
        assert refusal.value.answer and delay.value.answer
        assert [address for address, _ in world.received()] == [good.address]

    def test_a_letter_that_breaks_the_connection_stops_nobody_else(self, world):
        broken, good = self.letter_for(world, 1), self.letter_for(world, 2)
        world.hang_up_on(broken.address)
        with world.channel.open() as sender:
            with pytest.raises(Deferred):
                sender.send(broken)
            sender.send(good)
        assert [address for address, _ in world.received()] == [good.address]

    def test_nobody_is_blamed_when_the_server_is_away(self, world):
        world.stop()
        with pytest.raises(ChannelAway), world.channel.open() as sender:
            sender.send(self.letter_for(world, 1))

    def test_nobody_is_blamed_when_the_server_goes_away_in_between(self, world):
        with world.channel.open() as sender:
            sender.send(self.letter_for(world, 1))
            world.stop()
            with pytest.raises(ChannelAway):
                sender.send(self.letter_for(world, 2))

    def test_a_failure_is_a_sentence_in_both_languages(self, world):
        letter = self.letter_for(world, 1)
        world.refuse(letter.address)
        with world.channel.open() as sender, pytest.raises(Undeliverable) as refusal:
            sender.send(letter)
        for locale in ("ru", "en"):
            assert refusal.value.text(locale) != refusal.value.key
