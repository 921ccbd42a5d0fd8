"""The markup of the templates, where a browser would read it in another way than it is written."""

from __future__ import annotations

import re
from pathlib import Path

import web

TEMPLATES = Path(web.__file__).parent / "templates"
PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
BLOCK = re.compile(r"<(?:form|div|ul|ol|table)\b|\{\{ (?:star|keep|undo)\(|call correct\(")


def test_no_form_stands_in_a_paragraph_which_a_browser_would_end_before_it() -> None:
    paragraphs = [
        (path.name, found)
        for path in TEMPLATES.glob("*.html")
        for found in PARAGRAPH.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(paragraphs) > 100
    assert [(name, text[:80]) for name, text in paragraphs if BLOCK.search(text)] == []
