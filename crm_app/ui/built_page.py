"""The files of the built page, served without the application behind them."""

from __future__ import annotations

from pathlib import Path

from reflex.utils.precompressed_staticfiles import PrecompressedStaticFiles


def built_page(folder: Path) -> PrecompressedStaticFiles:
    """An ASGI application for a folder of pages and assets, compressed beforehand where the browser takes it."""
    return PrecompressedStaticFiles(directory=folder, html=True, encodings=["brotli", "gzip"])
