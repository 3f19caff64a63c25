"""Pictures of cards for programs: GET, PUT and DELETE of /clients/{client_id}/picture, for every kind that has them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from crm_app.api.endpoints import Content, Endpoints, Upload, seen
from crm_app.api.forms import Id
from crm_app.cards import pictures
from crm_app.cards.actions.pictures import MadePicture, remove_picture, set_picture
from crm_app.cards.queries.pictures import find_picture_of
from crm_app.core import files
from crm_app.core.door import Tx
from crm_app.core.errors import NotFound, TooBig
from crm_app.core.pictures import LARGEST, MEDIA_TYPE

Size = Annotated[Literal["large", "small"], Field(description="256 or 64 pixels of the longer side.")]


class PictureJson(TypedDict):
    """picture: by what its content is known, as the card tells it; another picture has another one."""

    picture: str


def add_picture_endpoints(endpoints: Endpoints, card: str) -> None:
    """Add the endpoints of the picture of one kind of card."""
    address = f"/{card}s/{{{card}_id}}/picture"
    endpoints.get(address, f"{card}.see")(_named(f"see_picture_of_{card}", card, _show))
    endpoints.put(address, f"{card}.change", look=_made)(_named(f"set_picture_of_{card}", card, _set))
    endpoints.delete(address, f"{card}.change")(_named(f"remove_picture_of_{card}", card, _remove))


def _show(tx: Tx, card: str, card_id: int, size: Size = "large") -> Content:
    """The picture of a CARD, as WebP. 404 where it has none."""
    path = files.path_of(seen(tx, find_picture_of, card, card_id, small=size == "small"))
    if not path.is_file():
        raise NotFound("cards.error.file_lost")
    return Content(path.read_bytes(), MEDIA_TYPE)


def _set(tx: Tx, card: str, card_id: int, file: Upload) -> PictureJson:
    """Set the picture of a CARD: a PNG, JPEG, WebP or GIF of up to 15 MB.

    It is kept in two sizes of WebP, turned as it was taken, without whatever else the file says: place, camera, time.
    """
    made: MadePicture = file.seen
    tx.do(set_picture, card, card_id, made)
    return {"picture": made.digest}


def _remove(tx: Tx, card: str, card_id: int) -> None:
    """Leave a CARD without a picture. The timeline can set it back."""
    tx.do(remove_picture, card, card_id)


def _made(upload: Upload, _sent: Mapping[str, Any]) -> MadePicture:
    """The picture that was sent, read in a child process. Raises BadInput or TooBig; nothing of the file stays."""
    places = pictures.promised(upload.kept.place)
    if upload.kept.size > LARGEST:
        files.forget(upload.kept.place)
        raise TooBig("core.error.file_too_big", megabytes=LARGEST // 2**20)
    return pictures.make(places)


def _named(name: str, card: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for one kind of card, whose id is called as in the path: "client_id"."""
    place = f"{card}_id"

    def of_card(tx: Tx, **arguments: Any) -> Any:
        return function(tx, card, arguments.pop(place), **arguments)

    known = inspect.signature(function, eval_str=True)
    rest = [parameter for parameter in known.parameters.values() if parameter.name not in ("tx", "card", "card_id")]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = [inspect.Parameter("tx", kind, annotation=Tx), inspect.Parameter(place, kind, annotation=Id)]
    of_card.__signature__ = inspect.Signature([*first, *rest])  # type: ignore[attr-defined]
    told = {parameter.name: parameter.annotation for parameter in [*first, *rest]}
    of_card.__annotations__ = {**told, "return": known.return_annotation}
    of_card.__name__ = of_card.__qualname__ = name
    of_card.__doc__ = (function.__doc__ or "").replace("CARD", card)
    return of_card
