"""What a sub-command of `python -m crm_app` is. The list of them is in crm_app/cli.py."""

from __future__ import annotations

from dataclasses import dataclass


class CommandFailed(Exception):
    """Ends a command with exit code 2; the message is the one line that the person reads."""


@dataclass(frozen=True)
class Command:
    """A sub-command. `module` offers `arguments(parser)` and `run(options)`, imported only when it is asked for."""

    module: str
    help: str
