"""Files that strangers send as pictures: what becomes of good ones, and that nothing becomes of the others."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from crm_app.core.errors import BadInput, TooBig
from crm_app.core.i18n import LOCALES
from crm_app.core.pictures import LIMITS, Limits, Shrunk, shrink
from tests import drawn

CANARY = b"CANARY-55.7558-37.6173"
FORMS = ("PNG", "JPEG", "WEBP", "GIF")
RED, WHITE = (192, 57, 43), (255, 255, 255)


def sent(content: bytes, limits: Limits = LIMITS) -> Shrunk:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sent"
        path.write_bytes(content)
        return shrink(path, limits)


def refused(content: bytes, limits: Limits = LIMITS) -> BadInput:
    with pytest.raises(BadInput) as caught:
        sent(content, limits)
    assert all(caught.value.text(locale) != caught.value.key for locale in LOCALES)
    return caught.value


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=False))


def corners(image: Image.Image) -> list[str]:
    """Which corners are white, clockwise from the upper left."""
    seen = image.convert("RGB")
    width, height = seen.size
    places = {"upper left": (5, 5), "upper right": (width - 6, 5), "lower right": (width - 6, height - 6),
              "lower left": (5, height - 6)}  # fmt: skip
    return [name for name, place in places.items() if is_near(seen.getpixel(place), WHITE)]  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_comes_in_two_sizes_and_stays_what_it_shows(form: str) -> None:
    made = sent(drawn.written(form=form))
    large, small = drawn.read(made.large), drawn.read(made.small)
    assert (large.format, large.size) == ("WEBP", (256, 192))
    assert (small.format, small.size) == ("WEBP", (64, 48))
    assert corners(large) == ["upper left"] == corners(small)
    assert is_near(large.convert("RGB").getpixel((200, 150)), RED)  # type: ignore[arg-type]
    assert sent(drawn.written(form=form)).digest == made.digest


def test_a_small_picture_is_not_enlarged_and_a_long_one_has_a_width_left() -> None:
    assert drawn.read(sent(drawn.written(drawn.picture(size=(20, 10)))).large).size == (20, 10)
    assert drawn.read(sent(drawn.written(drawn.picture(size=(9000, 3)))).small).size == (64, 1)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_what_is_transparent_stays_so_without_its_empty_margins(form: str) -> None:
    logo = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    logo.paste((0, 90, 200, 255), (50, 140, 250, 160))
    logo.paste((0, 0, 0, 0), (100, 145, 200, 155))
    made = drawn.read(sent(drawn.written(logo, form)).large)
    assert made.size == (200, 20)
    assert made.convert("RGBA").getpixel((100, 10))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize(("mode", "colour", "form"), [
    ("1", 1, "PNG"), ("L", 128, "PNG"), ("LA", (128, 255), "PNG"), ("P", 0, "PNG"), ("I;16", 32768, "PNG"),
    ("CMYK", (0, 255, 255, 0), "JPEG"), ("L", 128, "JPEG"),
])  # fmt: skip
def test_every_way_to_write_colours_is_read(mode: str, colour: object, form: str) -> None:
    expected = {"1": WHITE, "CMYK": (255, 0, 0), "P": (0, 0, 0)}.get(mode, (128, 128, 128))
    made = drawn.read(sent(drawn.written(Image.new(mode, (50, 50), colour), form)).large)  # type: ignore[arg-type]
    assert is_near(made.convert("RGB").getpixel((25, 25)), expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_as_the_camera_was_held(orientation: int, form: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    made = drawn.read(sent(drawn.written(form=form, exif=exif)).large)
    where = {1: "upper left", 2: "upper right", 3: "lower right", 4: "lower left", 5: "upper left", 6: "upper right",
             7: "lower right", 8: "lower left"}  # fmt: skip
    assert corners(made) == [where[orientation]]
    assert made.size == ((256, 192) if orientation < 5 else (192, 256))


def test_of_a_moving_picture_the_first_is_taken() -> None:
    first, second = drawn.picture(), drawn.picture("#27ae60")
    for form in ("GIF", "WEBP", "PNG"):
        made = drawn.read(sent(drawn.written(first, form, save_all=True, append_images=[second])).large)
        assert is_near(made.convert("RGB").getpixel((200, 150)), RED), form  # type: ignore[arg-type]


# ---- nothing but pixels gets over


def chunks(webp: bytes) -> set[bytes]:
    """What a WebP consists of."""
    found, at = set(), 12
    while at < len(webp):
        found.add(webp[at : at + 4])
        at += 8 + (struct.unpack("<I", webp[at + 4 : at + 8])[0] + 1) // 2 * 2
    return found


def check_bare(made: Shrunk) -> None:
    for each in (made.large, made.small):
        assert CANARY not in each
        assert chunks(each) <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
        image = drawn.read(each)
        assert not image.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()


@settings(max_examples=25, deadline=None)
@given(
    form=st.sampled_from(FORMS),
    tags=st.sets(st.sampled_from([0x010E, 0x010F, 0x0110, 0x013B, 0x8298, 0x9C9B])),
    in_place=st.booleans(), with_profile=st.booleans(), with_xmp=st.booleans(), behind=st.booleans(),
)  # fmt: skip
def test_no_metadata_survive(
    form: str, tags: set[int], in_place: bool, with_profile: bool, with_xmp: bool, behind: bool
) -> None:
    exif = Image.Exif()
    for tag in tags:
        exif[tag] = CANARY.decode()
    if in_place:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = CANARY
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = CANARY
    how: dict[str, object] = {} if form == "GIF" else {"exif": exif}
    if with_profile and form != "GIF":
        how["icc_profile"] = b"\0" * 128 + CANARY
    if with_xmp and form in ("JPEG", "WEBP"):
        how["xmp"] = b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    if form == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_text("Comment", CANARY.decode())
        said.add_itxt("Location", CANARY.decode(), zip=True)
        how["pnginfo"] = said
    if form in ("JPEG", "GIF"):
        how["comment"] = CANARY
    content = drawn.written(form=form, **how) + (CANARY if behind else b"")
    check_bare(sent(content))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_something_else_too_is_a_picture_afterwards_and_nothing_else(form: str) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("evil.html", CANARY)
    page = b"<html><script>alert(1)</script></html>"
    made_of = sent(drawn.written(form=form) + page + archive.getvalue())
    check_bare(made_of)
    for each in (made_of.large, made_of.small):
        assert b"<script" not in each and b"PK\x03\x04" not in each and not zipfile.is_zipfile(BytesIO(each))


# ---- what is no picture, or more than one


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *more: bytes, kind: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + b"".join(more) + png_chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    content = bytearray(drawn.written(form="JPEG"))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


WIDE = {
    "png of 50,000 by 50,000": png(50_000, 50_000, png_chunk(b"IDAT", zlib.compress(b"\0" * 100))),
    "png of two thousand million": png(2**31 - 1, 2**31 - 1),
    "gif of 65,535 by 65,535": b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;",
    "jpeg of 65,500 by 65,500": jpeg(65_500, 65_500),
    "a real one of 8,000 by 8,000": drawn.written(Image.new("1", (8_000, 8_000))),
}
UNKNOWN = {
    "nothing": b"", "a word": b"hello", "page": b"<html><script>alert(1)</script>", "pdf": b"%PDF-1.7\n1 0 obj",
    "bmp": drawn.written(form="BMP"), "tiff": drawn.written(form="TIFF"), "ico": drawn.written(form="ICO"),
    "ppm": drawn.written(form="PPM"), "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "psd": b"8BPS\0\1",
    "packed svg": gzip.compress(b"<svg/>"), "executable": b"MZ\x90\0", "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
}  # fmt: skip
SVG = {
    "plain": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "declared": b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg/>',
    "with a mark": b"\xef\xbb\xbf\n  <SVG/>",
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]><svg>&a;</svg>',
}
BROKEN = {
    "png without pixels": png(10, 10),
    "png of wrong pixels": png(10, 10, png_chunk(b"IDAT", b"not zlib")),
    "png with a bomb of a comment": png(
        10, 10, png_chunk(b"zTXt", b"c\0\0" + zlib.compress(b"\0" * 300_000_000, 9)),
        png_chunk(b"IDAT", zlib.compress(b"\0" * 310)),
    ),
    "png of width 0": png(0, 10, png_chunk(b"IDAT", zlib.compress(b""))),
    "jpeg's first bytes": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "gif without a picture": b"GIF89a\x01\0\x01\0\0\0\0;",
    "webp of nothing": b"RIFF\x04\0\0\0WEBP",
}  # fmt: skip


@pytest.mark.parametrize("name", WIDE)
def test_what_would_unpack_into_too_much_is_refused_before(name: str) -> None:
    error = refused(WIDE[name])
    assert isinstance(error, TooBig) and error.key == "core.error.picture_wide"


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_files_are_told_which_ones_are_taken(name: str) -> None:
    assert refused(UNKNOWN[name]).key == "core.error.picture_unknown"


@pytest.mark.parametrize("name", SVG)
def test_a_drawing_that_is_a_program_is_refused(name: str) -> None:
    assert "PNG" in refused(SVG[name]).text("ru") and refused(SVG[name]).key == "core.error.picture_svg"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_to_be_one(name: str) -> None:
    assert refused(BROKEN[name]).key in ("core.error.picture_broken", "core.error.picture_unknown")


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_breaks_off_is_refused_wherever_it_does(form: str) -> None:
    noisy = Image.effect_noise((300, 300), 80).convert("RGB")
    whole = drawn.written(noisy, form)
    for part in (0.02, 0.3, 0.7, 0.9):
        refused(whole[: int(len(whole) * part)])


@settings(max_examples=30, deadline=None)
@given(form=st.sampled_from(FORMS), changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1))
def test_whatever_bytes_are_changed_it_is_a_picture_or_a_refusal(form: str, changes: list[tuple[float, int]]) -> None:
    content = bytearray(drawn.written(form=form, **({} if form == "GIF" else {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"})))
    for place, value in changes:
        content[int(place * (len(content) - 1))] = value
    with suppress(BadInput):
        check_bare(sent(bytes(content)))


def test_a_reader_that_takes_too_long_too_much_or_dies_is_a_refusal() -> None:
    good = drawn.written()
    assert refused(good, replace(LIMITS, wait_seconds=0.01)).key == "core.error.picture_slow"
    assert isinstance(refused(good, replace(LIMITS, wait_seconds=0.01)), TooBig)
    assert refused(drawn.written(Image.new("RGB", (6000, 6000))), replace(LIMITS, memory_bytes=90 * 2**20)).key in (
        "core.error.picture_wide", "core.error.picture_broken",
    )  # fmt: skip
    assert refused(good, replace(LIMITS, memory_bytes=2**20)).key == "core.error.picture_wide"


def test_the_server_itself_does_not_know_the_library() -> None:
    told = "import sys, crm_app.core.pictures, crm_app.cards.picture_routes; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
