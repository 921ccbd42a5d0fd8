"""Real disks that are full or read-only, for tests; made by mount where the tester may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def read_only(directory: Path) -> Iterator[None]:
    """Make a directory and all in it read-only for the length of a block."""
    if os.geteuid() != 0:  # whom rights bind
        paths = [directory, *directory.rglob("*")]
        modes = {path: path.stat().st_mode for path in paths}
        for path in paths:
            path.chmod(modes[path] & ~0o222)
        try:
            yield
        finally:
            for path, mode in modes.items():
                path.chmod(mode)
        return
    _run("mount", "--bind", directory, directory)
    try:
        _run("mount", "-o", "remount,ro,bind", directory)
        yield
    finally:
        _run("umount", "-l", directory)


def can_mount() -> bool:
    """Say whether this process may mount, as root of a machine may and of a container may not."""
    return (
        os.geteuid() == 0
        and not subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"],
            capture_output=True,
            check=False,
        ).returncode
    )


@contextmanager
def small_disk(directory: Path, kilobytes: int) -> Iterator[None]:
    """Mount a disk in memory of a size at a directory that is empty."""
    _run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", directory)
    try:
        yield
    finally:
        _run("umount", "-l", directory)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)
