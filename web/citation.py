"""How an article is cited: a plain line, BibTeX, RIS, and CSL-JSON for reference managers."""

from __future__ import annotations

import json
import re
from datetime import UTC, date
from typing import Any
from unicodedata import normalize

from models.article import Article

MEDIA_TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}
"""The forms that are files, by the endings of their names."""

_TEX = str.maketrans({each: f"\\{each}" for each in "&%$#_{}"} | {"\\": "\\textbackslash{}"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def citation(article: Article, form: str) -> str:
    """Return the text of a file; `form` is one of `MEDIA_TYPES`."""
    return {"bib": bibtex, "ris": ris, "json": csl_json}[form](article)


def plain(article: Article, seen: date) -> str:
    """Return a line to be copied: who, what, when, where, and when it was seen."""
    when = _day(article)
    parts = [
        _line(article.source),
        f"“{_line(article.title) or 'Untitled'}”",
        f"{when.day} {when:%B %Y}" if when else "undated",
        article.url,
    ]
    cited = ". ".join(part for part in parts if part)
    return f"{cited} (accessed {seen.day} {seen:%B %Y})." if article.url else f"{cited}."


def bibtex(article: Article) -> str:
    """Return an entry of BibTeX: `@misc` with the fields that biblatex's `@online` reads too."""
    when = _day(article)
    fields = {
        "title": f"{{{_line(article.title).translate(_TEX)}}}",
        "author": f"{{{_line(article.source).translate(_TEX)}}}" if article.source else "",
        "year": str(when.year) if when else "",
        "date": when.isoformat() if when else "",
        "url": re.sub(r"[\s{}\\]", lambda m: f"%{ord(m[0]):02X}", article.url),
        "langid": article.language,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key(article)},", *lines, "}", ""])


def ris(article: Article) -> str:
    """Return a record of RIS."""
    when = _day(article)
    fields = [
        ("TY", "NEWS"),
        ("TI", _line(article.title)),
        ("T2", _line(article.source)),
        ("DA", f"{when:%Y/%m/%d}/" if when else ""),
        ("PY", str(when.year) if when else ""),
        ("AB", _line(article.summary)),
        ("LA", article.language),
        ("UR", _line(article.url)),
        ("ID", key(article)),
    ]
    lines = [f"{name}  - {value}" for name, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl_json(article: Article) -> str:
    """Return a list of one item of CSL-JSON, as Zotero and pandoc read it."""
    when = _day(article)
    item: dict[str, Any] = {
        "id": key(article),
        "type": "article-newspaper",
        "title": article.title,
        "container-title": article.source,
        "URL": article.url,
        "language": article.language,
        "abstract": article.summary,
    }
    if when:
        item["issued"] = {"date-parts": [[when.year, when.month, when.day]]}
    given = {name: value for name, value in item.items() if value}
    return f"{json.dumps([given], ensure_ascii=False, indent=2)}\n"


def key(article: Article) -> str:
    """Return a short key of its own: the source, the year, and the beginning of the id."""
    plain_source = normalize("NFKD", article.source).encode("ascii", "ignore").decode()
    source = "".join(re.findall(r"[a-z0-9]+", plain_source.lower())) or "article"
    when = _day(article)
    return f"{source[:20]}{when.year if when else ''}-{article.id[:6]}"


def _day(article: Article) -> date | None:
    return article.published.astimezone(UTC).date() if article.published else None


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
