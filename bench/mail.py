"""E-mail: letters built, letters sent to a sink with and without DKIM, memory. `python -m bench.mail [LETTERS]`

Each line: name value unit budget.
"""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric import rsa

from bench.measure import calibrate, figure, peak
from crm_app.integrations.channels.email.channel import EmailChannel, Setup
from crm_app.integrations.channels.email.dkim import DkimSigner
from crm_app.integrations.channels.email.smtp_url import read_smtp_url
from crm_app.mailings.tokens import delivery_key, unsubscribe_token
from crm_app.messages.channel import Identity, Recipient, Stencil, Text
from tests.integrations.channels.email.servers import load_target

PARAGRAPH = "<p>Новые станки для {{company|вашей компании}}: установка, обучение и год обслуживания входят в цену.</p>"
TEXT = Text(
    sender=Identity("mary@demo.example", "Мария Светлова"),
    title="{{first_name|Друзья}}, станки со скидкой до конца ноября",
    body="<h1>Здравствуйте, {{first_name|друг}}!</h1>" + PARAGRAPH * 8,
    list_key="mailing-7",
    list_name="Новости завода",
    unsubscribe_label="Отписаться",
)


def recipients(count: int) -> Iterator[Recipient]:
    for number in range(count):
        values = {
            "first_name": f"Анна-{number}",
            "company": f"ООО «Ромашка {number}»",
            "unsubscribe_url": f"https://crm.example/unsubscribe/{unsubscribe_token('secret', number)}",
        }
        yield Recipient(delivery_key("bench", number), f"person{number}@demo.example", f"Анна Иванова {number}", values)


def build(stencil: Stencil, count: int) -> tuple[float, int]:
    """Letters a second, and bytes of one."""
    size, start = 0, perf_counter()
    for recipient in recipients(count):
        size = len(stencil.fill(recipient, datetime.now(UTC)).content)
    return count / (perf_counter() - start), size


def send(channel: EmailChannel, count: int) -> float:
    """Letters a second over one connection at a time, building included."""
    stencil, start = channel.prepare(TEXT), perf_counter()
    with channel.open() as sender:
        for recipient in recipients(count):
            sender.send(stencil.fill(recipient, datetime.now(UTC)))
    return count / (perf_counter() - start)


def growth(stencil: Stencil, count: int) -> float:
    """Kilobytes that Python holds more at the peak of `count` letters than before them."""
    tracemalloc.start()
    build(stencil, count)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1000


def main(count: int) -> None:
    signer = DkimSigner("demo.example", "crm", rsa.generate_private_key(65537, 2048))
    with load_target() as port:
        server = read_smtp_url(f"smtp://127.0.0.1:{port}?letters=1000")
        plain, signed = EmailChannel(lambda: Setup(server)), EmailChannel(lambda: Setup(server, signer))
        figure("mail.calibration_before", calibrate(), "ms")
        speed, size = build(plain.prepare(TEXT), count)
        figure("mail.letter_size", size, "bytes")
        figure("mail.built", speed, "letters/s", ">=4000")
        figure("mail.built_signed", build(signed.prepare(TEXT), count // 5)[0], "letters/s", ">=400")
        figure("mail.sent", send(plain, count), "letters/s", ">=1200")
        figure("mail.sent_signed", send(signed, count // 5), "letters/s", ">=400")
        figure("mail.calibration_after", calibrate(), "ms")
    figure("mail.memory_growth_1000", growth(plain.prepare(TEXT), 1000), "kB")
    figure("mail.memory_growth_10000", growth(plain.prepare(TEXT), 10_000), "kB")
    figure("mail.memory_peak", peak(), "MB", "<=150")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
