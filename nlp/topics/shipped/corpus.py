"""The texts that the shipped topic model is rebuilt from: archives of feed entries in ZIP files.

Titles and descriptions only; neither the links nor the sections in them are looked at, but for the
name of the publisher's host, by which whole publishers can be left out.
"""

from __future__ import annotations

import html
import json
import random
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models.errors import SourceError

SUMMARY_WORDS = 50
FEWEST_WORDS = 3
ENTRIES = "_entries.json"

DETECTED = {"en": frozenset({"en", "pcm", "la"})}
"""What the detector calls headlines of a language, where that is more than the language itself.

English ones are also called Nigerian Pidgin, and Latin where they are bare names.
"""

_markup = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CorpusText:
    """A text to learn from, and the host of its publisher."""

    title: str
    summary: str
    host: str


def read_corpus(folder: Path, language: str = "en") -> list[CorpusText]:
    """Read the texts of a language of all ZIP archives in a folder, each title once, evenly mixed.

    `language` is an ISO 639-1 code; both the feed and the text have to say so. The order
    is shuffled in the same way every time, so that any beginning of the list is a fair sample of
    the whole. Raises `SourceError` where there is no archive.
    """
    archives = sorted(folder.glob("*.zip"))
    if not archives:
        raise SourceError(f"{folder}: no .zip archive to rebuild the topic model from.")
    entries = (text for path in archives for text in _entries(path, language))
    texts = list(_distinct(entries, DETECTED.get(language, frozenset({language}))))
    random.Random(1).shuffle(texts)  # noqa: S311 - a fixed order is what is wanted
    return texts


def _distinct(texts: Iterable[CorpusText], detected: frozenset[str]) -> Iterator[CorpusText]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE)
    seen: set[str] = set()
    for text in texts:
        key = title_key(text.title)
        if key in seen or len(text.title.split()) < FEWEST_WORDS:
            continue
        if detector.classify(f"{text.title} {text.summary}")[0] in detected:
            seen.add(key)
            yield text


def title_key(title: str) -> str:
    """Return the letters and digits of a title: by these, two titles are the same."""
    return re.sub(r"\W+", "", title.lower())


def _entries(path: Path, language: str) -> Iterator[CorpusText]:
    """Read the entries whose feeds claim to be in a language, each link once."""
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                for entry in _parsed(archive.read(name)) if name.endswith(ENTRIES) else ():
                    link = str(entry.get("link") or "")
                    if not link or link in seen:
                        continue
                    seen.add(link)
                    if str(entry.get("language") or "").lower().startswith(language):
                        summary = plain_text(entry.get("description")).split()[:SUMMARY_WORDS]
                        title = plain_text(entry.get("title"))
                        yield CorpusText(title, " ".join(summary), urlsplit(link).netloc)
    except zipfile.BadZipFile as error:
        raise SourceError(f"{path}: not a ZIP archive ({error}).") from error


def _parsed(data: bytes) -> list[dict[str, Any]]:
    try:
        entries = json.loads(data)
    except ValueError:
        return []
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def plain_text(value: object) -> str:
    """Return what a reader would see of a piece of HTML, "" for what is no text."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(html.unescape(_markup.sub(" ", value)))
    return " ".join(_markup.sub(" ", text).split())
