"""The real mail server that the tests of faults send to is the one of the tests of mailings."""

from tests.mailings.conftest import outside

__all__ = ["outside"]
