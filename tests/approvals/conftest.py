"""The mail server that invitations go to: the one that mailings are tested with."""

from tests.mailings.conftest import outside

__all__ = ["outside"]
