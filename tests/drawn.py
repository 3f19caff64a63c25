"""Pictures for tests, drawn in code."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw


def picture(colour: str = "#c0392b", size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A sign of one colour, its upper left quarter white: it is seen whether it stands upright."""
    drawn = Image.new("RGB", size, colour)
    ImageDraw.Draw(drawn).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="white")
    return drawn


def written(image: Image.Image | None = None, form: str = "PNG", **how: Any) -> bytes:
    """A picture as a file's bytes."""
    target = io.BytesIO()
    (image or picture()).save(target, form, **how)
    return target.getvalue()


def read(content: bytes) -> Image.Image:
    """Bytes as a picture, all of it unpacked."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
