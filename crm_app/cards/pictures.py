"""Pictures of cards on their way in: what was sent becomes two small files, before there is a transaction.

All three places are promised to the worker first: an hour later it forgets those that no card has come to name, so that
neither a refusal nor a crash leaves a file behind (docs/decisions/0076).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crm_app.cards.actions.pictures import MadePicture, promise_places
from crm_app.core import files, pictures
from crm_app.core.actor import SYSTEM
from crm_app.core.door import perform


def promised(sent: str = "") -> tuple[str, str, str]:
    """Places for what is sent, and for the large and the small picture. sent: where it lies already."""
    places = (sent or files.new_place(), files.new_place(), files.new_place())
    perform(SYSTEM, promise_places, places=list(places))
    return places


def make(places: tuple[str, str, str]) -> MadePicture:
    """The picture that a sent file becomes; what was sent is forgotten. Raises BadInput or TooBig for what is none."""
    sent, large, small = places
    with _forgetting(sent):
        shrunk = pictures.shrink(files.path_of(sent))
    files.keep_whole(shrunk.large, large)
    files.keep_whole(shrunk.small, small)
    return MadePicture(shrunk.digest, large, small)


@contextmanager
def _forgetting(place: str) -> Iterator[None]:
    try:
        yield
    finally:
        files.forget(place)
