"""`make pictures`: the pictures of README and docs, taken of the demo's sample in Chromium."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path
from struct import pack, unpack
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from tests.browser.conftest import ARGUMENTS, CHROMIUM, served

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH, HEIGHT = 1200, 750
PICTURES = {
    "front": "/",
    "search": "/search?q=rotterdam+OR+geneva",
    "story": "/search?q=odisha",
    "graph": "/graph",
    "trends": "/trends",
}
"""Names of pictures, with the addresses that they show."""
FOLLOWED = {"story": ".hit a[href^='/stories/']"}
"""Links that are followed before a picture is taken."""
MOST_BYTES = 100_000
LEVELS = 6
"""Shades of red, green and blue each: pages are of few colours, and a byte is enough for one."""


def main() -> None:
    """Take all pictures."""
    from playwright.sync_api import ViewportSize, sync_playwright

    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        program = Path(sys.executable).with_name("slugline")
        subprocess.run([program, "--home", home, "-q", "demo", "--no-serve"], check=True)
        with served(home) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=str(CHROMIUM), args=list(ARGUMENTS)
            )
            page = browser.new_page(
                base_url=site, viewport=ViewportSize(width=WIDTH, height=HEIGHT), locale="en-GB"
            )
            for name, address in PICTURES.items():
                page.goto(address)
                if name in FOLLOWED:
                    page.locator(FOLLOWED[name]).first.click()
                    page.wait_for_load_state()
                picture = smaller(page.screenshot())
                assert len(picture) < MOST_BYTES, name
                (FOLDER / f"{name}.png").write_bytes(picture)
                sys.stdout.write(f"{name}.png: {len(picture):,} bytes\n")
            browser.close()


def smaller(png: bytes) -> bytes:
    """Return a PNG of eight bits a channel as one with a palette, which takes a third of it."""
    width, height, pixels = _read(png)
    shades = np.rint(pixels.astype(np.float64) * (LEVELS - 1) / 255).astype(np.uint8)
    index = (shades[..., 0] * LEVELS + shades[..., 1]) * LEVELS + shades[..., 2]
    steps = [round(each * 255 / (LEVELS - 1)) for each in range(LEVELS)]
    colours = [_mean(pixels, index, at, steps) for at in range(LEVELS**3)]
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # the first byte of a row: no filter
    rows[:, 1:] = index
    header = pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(colours)),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _mean(pixels: NDArray[np.uint8], index: NDArray[np.uint8], at: int, steps: list[int]) -> bytes:
    """Return the colour that stands for a cell: the most frequent one in it."""
    there = pixels[index == at]
    if not len(there):
        red, green, blue = at // LEVELS**2, at // LEVELS % LEVELS, at % LEVELS
        return bytes((steps[red], steps[green], steps[blue]))
    colours, counts = np.unique(there, axis=0, return_counts=True)
    return bytes(colours[counts.argmax()].tolist())


def _read(png: bytes) -> tuple[int, int, NDArray[np.uint8]]:
    """Return width, height and the RGB pixels of a PNG as Chromium writes it."""
    width, height, depth, kind, *_ = unpack(">IIBBBBB", png[16:29])
    assert depth == 8
    channels = {2: 3, 6: 4}[kind]
    data, at = b"", 8
    while at < len(png):
        (length,) = unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw = np.frombuffer(zlib.decompress(data), dtype=np.uint8)
    raw = raw.reshape(height, 1 + width * channels)
    rows = np.zeros((height + 1, width * channels + channels), dtype=np.uint8)
    for number in range(height):
        filtered, row = int(raw[number, 0]), raw[number, 1:].astype(np.int64)
        _unfilter(filtered, row, rows[number], rows[number + 1], channels)
    return width, height, rows[1:, channels:].reshape(height, width, channels)[..., :3]


def _unfilter(
    kind: int,
    row: NDArray[np.int64],
    above: NDArray[np.uint8],
    out: NDArray[np.uint8],
    channels: int,
) -> None:
    """Take the filter of a row off (PNG, 9.2); `above` and `out` have a pixel of zeros before."""
    if kind == 0:
        out[channels:] = row
    elif kind == 1:
        by_channel = row.reshape(-1, channels).cumsum(axis=0) % 256
        out[channels:] = by_channel.reshape(-1)
    elif kind == 2:
        out[channels:] = (row + above[channels:]) % 256
    else:
        for at, value in enumerate(row.tolist(), channels):
            left, up, corner = int(out[at - channels]), int(above[at]), int(above[at - channels])
            if kind == 3:
                guess = (left + up) // 2
            else:
                near = left + up - corner
                off = [abs(near - each) for each in (left, up, corner)]
                guess = (left, up, corner)[off.index(min(off))]
            out[at] = (value + guess) % 256


if __name__ == "__main__":
    main()
