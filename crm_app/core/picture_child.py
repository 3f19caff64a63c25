"""The process that reads a stranger's picture: `python -m crm_app.core.picture_child`.

Reads one request (JSON) from standard input: {"path", "limits"}, see pictures.Limits. Answers with one JSON:
{"large": base64, "small": base64}, both WebP, or {"error": one of pictures.REFUSALS}.

Nothing but pixels gets over: they are put into a new picture, which knows no position, camera, comment or profile.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import warnings
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

from crm_app.core.confined import confine

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGE, SMALL = 256, 64
"""Pixels of the longer side; a smaller picture stays as it is."""
QUALITY = 82
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What Exif calls the orientation, and how it is undone."""
_NO_PICTURE = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, AttributeError,
               OverflowError, RuntimeError)  # fmt: skip
"""What the library answers with to something broken."""


class _Refused(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def main() -> None:
    """Serve the one request; whatever ends the process otherwise, the parent says so."""
    request = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not land in the answer
    limits = request["limits"]
    confine(limits["memory_bytes"], limits["cpu_seconds"])
    try:
        with open(request["path"], "rb") as file:
            answer = _shrunk(file, limits["pixels"])
    except _Refused as refused:
        answer = {"error": refused.key}
    except MemoryError:
        answer = {"error": "wide"}
    except _NO_PICTURE:
        answer = {"error": "broken"}
    out.write(json.dumps(answer).encode())
    out.close()


def _shrunk(file: BinaryIO, most_pixels: int) -> dict[str, str]:
    picture = _opened(file)
    width, height = picture.size
    if width * height > most_pixels:
        raise _Refused("wide")
    picture.draft("RGB", (2 * LARGE, 2 * LARGE))  # a JPEG is unpacked no larger than needed
    picture.load()
    large = _upright(_fit(_bare(_plain(picture)), LARGE), picture)
    return {"large": _webp(large), "small": _webp(_fit(large, SMALL))}


def _opened(file: BinaryIO) -> Image.Image:
    """What the bytes say that they are, whatever the file is called: one of the formats, and not more."""
    start = file.read(1024)
    file.seek(0)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<svg" in start.lower():
        raise _Refused("svg")
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the size that a file tells is looked at before anything is unpacked
    try:
        return Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise _Refused("unknown") from None


def _plain(picture: Image.Image) -> Image.Image:
    """In true colours, and transparent where it was."""
    if picture.mode in ("RGB", "RGBA"):
        return picture
    if picture.mode.startswith("I"):  # sixteen bits of grey: cut to eight, where the library would make them white
        return picture.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def _bare(picture: Image.Image) -> Image.Image:
    """Without the empty margins that logos often have: in a list there is no room for them."""
    box = picture.getchannel("A").getbbox() if picture.mode == "RGBA" else None
    return picture.crop(box) if box else picture


def _fit(picture: Image.Image, longest: int) -> Image.Image:
    """Shrunk until no side is longer; never enlarged."""
    part = longest / max(picture.size)
    if part >= 1:
        return picture
    width, height = (max(1, round(side * part)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    """Turned as the camera says that it was held."""
    try:
        turn = _TURNS.get(source.getexif().get(ExifTags.Base.Orientation, 1))
    except _NO_PICTURE:  # what the camera says is broken, and the picture may be whole
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _webp(picture: Image.Image) -> str:
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    made = io.BytesIO()
    clean.save(made, "WEBP", quality=QUALITY, method=4)
    return base64.b64encode(made.getvalue()).decode()


if __name__ == "__main__":
    main()
