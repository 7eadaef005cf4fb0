"""Ways to plant a canary. Each returns a function that is given the scratch copy."""

from __future__ import annotations

import subprocess
from pathlib import Path

from canary.canary import Plant


def write(path: str, text: str) -> Plant:
    """Return a plant that writes a file whole."""

    def plant(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return plant


def append(path: str, text: str) -> Plant:
    """Return a plant that adds to the end of a file."""

    def plant(root: Path) -> None:
        (root / path).write_text((root / path).read_text() + text)

    return plant


def replace(path: str, old: str, new: str) -> Plant:
    """Return a plant that replaces a text, wherever it stands in a file; it must stand there."""

    def plant(root: Path) -> None:
        text = (root / path).read_text()
        if old not in text:
            raise LookupError(f"{path}: wanted {old!r} in it, got none; the canary is out of date")
        (root / path).write_text(text.replace(old, new))

    return plant


def remove(path: str) -> Plant:
    """Return a plant that removes a file."""
    return lambda root: (root / path).unlink()


def each(*plants: Plant) -> Plant:
    """Return a plant that does several things."""

    def plant(root: Path) -> None:
        for one in plants:
            one(root)

    return plant


def commit(root: Path) -> None:
    """Commit everything: what judges commits sees only what is committed."""
    subprocess.run(("git", "add", "-A"), cwd=root, check=True)
    words = ("git", "commit", "-q", "--allow-empty", "-m", "a canary")
    subprocess.run(words, cwd=root, check=True)
