"""What the servers have in common that tests run against: only the standard library."""

from __future__ import annotations

from pathlib import Path


def running(number_file: Path, place: Path) -> int | None:
    """Return the process whose number a file begins with, None where it is not one of `place`.

    A machine that stopped leaves the number behind, which another process may have now.
    """
    try:
        number = int(number_file.read_text(encoding="utf-8").split()[0])
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return number if str(place).encode() in command else None
