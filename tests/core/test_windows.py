"""Limits that are counted in the process itself."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from crm_app.core.windows import FEW, Windows

TWO = RateLimitItemPerSecond(2)


def test_who_is_over_the_limit_waits_until_the_window_has_ended() -> None:
    windows = Windows()
    assert [windows.seconds_to_wait(TWO, "ann") for _ in range(2)] == [0.0, 0.0]
    left = windows.seconds_to_wait(TWO, "ann")
    assert 0.1 <= left <= 1.0
    time.sleep(left)
    assert windows.seconds_to_wait(TWO, "ann") == 0.0


def test_each_limit_and_each_person_is_counted_alone() -> None:
    windows = Windows()
    for limit in (TWO, RateLimitItemPerMinute(2)):
        for who in ("ann", "bob"):
            assert [windows.seconds_to_wait(limit, "x", who) > 0 for _ in range(3)] == [False, False, True]


def test_windows_that_have_ended_are_forgotten_and_open_ones_are_not() -> None:
    windows = Windows()
    long = RateLimitItemPerMinute(1)
    windows.seconds_to_wait(long, "ann")
    for number in range(FEW - 1):
        windows.seconds_to_wait(TWO, str(number))
    time.sleep(1.1)
    windows.seconds_to_wait(TWO, "the next")
    assert len(windows) == 2
    assert windows.seconds_to_wait(long, "ann") > 0


def test_nothing_is_lost_between_threads_and_none_is_started() -> None:
    windows, before = Windows(), threading.active_count()
    windows.seconds_to_wait(TWO, "x")
    assert threading.active_count() == before
    limit = RateLimitItemPerMinute(500)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: windows.seconds_to_wait(limit, "all"), range(800)))
    assert sum(wait == 0.0 for wait in waits) == 500
