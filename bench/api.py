"""The REST API of a real server over 100,000 clients and 10,000 deals. `python -m bench.api [CLIENTS [DEALS]]`

Each line: name value unit budget. The page must be built: `make setup`. A million clients: bench/million.py.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit

from bench import crowd
from bench.company import CITIES, STATUSES, WORDS, fill
from bench.measure import calibrate, figure, timed
from tests import servers
from tests.application import running

ROOT = "/api/v1"
PEOPLE, MIXED_SECONDS = 50, 15.0


class Program:
    """One program with a key, on one connection that is kept: the standard library's client costs least."""

    def __init__(self, address: str, key: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def get(self, path: str) -> Any:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON. Raises AssertionError for a refusal."""
        self._connection.request(method, ROOT + path, json.dumps(body) if body else None, self._headers)
        answer = self._connection.getresponse()
        read = answer.read()
        assert answer.status in (200, 201), (method, path, answer.status, read[:500])
        return json.loads(read)


def filtered_list() -> str:
    """A list by text, status and responsible employee."""
    clauses = [
        {"field": "status", "op": "eq", "value": random.choice(STATUSES)},
        {"field": "responsible_id", "op": "in", "value": [random.randint(2, 4), random.randint(2, 4)]},
    ]
    return f"/clients?limit=50&q={quote(random.choice(WORDS))}&filter={quote(json.dumps({'all': clauses}))}"


def moves(program: Program) -> Iterator[tuple[str, dict[str, int]]]:
    """Moves of deals that are all allowed: to and fro between the open stages of a free pipeline."""
    (pipeline,) = program.get("/pipelines")["items"]
    stages = [stage["id"] for stage in pipeline["stages"] if stage["kind"] == "open" and not stage["required_fields"]]
    while True:
        for deal in program.get(f"/deals?limit=100&sort={random.choice(['name', '-name', 'created_at'])}")["items"]:
            if deal["stage_kind"] == "open":
                yield f"/deals/{deal['id']}/move", {"stage_id": next(s for s in stages if s != deal["stage_id"])}


def reading(clients: int, deals: int) -> str:
    """One of the things that people read all day."""
    paths: tuple[Callable[[], str], ...] = (
        filtered_list,
        lambda: "/clients?limit=50&sort=-updated_at",
        lambda: f"/clients/{random.randint(1, clients)}",
        lambda: f"/cards/client/{random.randint(1, clients)}/timeline",
        lambda: "/boards/1?limit=20",
        lambda: f"/deals/{random.randint(1, deals)}",
        lambda: f"/deals/{random.randint(1, deals)}/moves",
        lambda: f"/search?q={quote(random.choice(WORDS) + ' ' + random.choice(CITIES)[:4])}",
        lambda: "/tasks?status=open",
        lambda: "/events?limit=50",
    )
    return random.choice(paths)()


def mixed(name: str, address: str, keys: list[str], clients: int, deals: int) -> None:
    """People who read all at once."""
    took = sorted(crowd.read_for(MIXED_SECONDS, address, keys, PEOPLE, lambda: ROOT + reading(clients, deals)))
    figure(f"{name}_requests", len(took) / MIXED_SECONDS, "requests/s", ">=350")
    figure(f"{name}_p95", took[int(len(took) * 0.95)], "ms", "<=250")


def main(clients: int, deals: int) -> None:
    random.seed(1)
    with TemporaryDirectory(prefix="kartoteka-bench-") as name:
        folder = Path(name)
        keys = fill(folder / "data", clients, deals)
        with running(folder, CRM_WORKER="off") as application:
            program = Program(application.address, keys[0])
            figure("calibration_before", calibrate(), "ms")
            way = moves(program)
            program.get(filtered_list())
            program.send("POST", *next(way))
            timed("api_bare", 300, lambda: program.get("/me"), "-", "-")
            timed("api_list", 300, lambda: program.get(filtered_list()), "<=10", "<=20")
            timed("api_search", 300, lambda: program.get(f"/search?q={quote(random.choice(WORDS))}"), "<=10", "-")
            timed("api_board", 100, lambda: program.get("/boards/1?limit=20"), "-", "-")
            timed("api_move", 300, lambda: program.send("POST", *next(way)), "<=8", "<=15")
            mixed("api_mixed", application.address, keys, clients, deals)
            figure("calibration_after", calibrate(), "ms")
        many = {"CRM_WORKERS": "2", "CRM_WORKER": "off"}
        with servers.redis() as redis, running(folder, **many, CRM_REDIS_URL=redis) as application:
            mixed("api_mixed_two_processes", application.address, keys, clients, deals)


if __name__ == "__main__":
    chosen = [int(number) for number in sys.argv[1:]]
    main(*(chosen + [100_000, 10_000][len(chosen) :]))
