"""`python -m web.translation.extract`: adds new texts of the pages to the message catalogs.

Texts come from the templates (see `texts.py`), from literals that views pass to `gettext`, from
counted nouns, and from `web/words.py`. A text that a catalog lacks is added without a translation
and printed; nothing is removed.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from nlp.topics.taxonomy import load_taxonomy
from web.translation import sentences
from web.translation.texts import Texts

FOLDER = Path(__file__).parent
WEB = FOLDER.parent
SAME = re.compile(
    r"[^A-Za-z]*([a-z_]+=.*|\w+/\w+|id,url.*|Volodymyr.*|Slugline|IPTC|←.*|\(G².*|nbsp;)"
)
"""Examples, names and signs: the same in any language."""
COUNTED = re.compile(r'\bcounted\((?:[^"()]|\([^()]*\))*["\']([^"\']+)["\'](?:,\s*"([^"]+)")?\)')


def texts_of(template: Path) -> set[str]:
    """Return the texts of a template."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.add(" ".join(text.split()))
        return text

    reader = Texts(note)
    jinja = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for _, kind, value in jinja.lex(template.read_text(encoding="utf-8")):
        if kind == "data":
            reader.data(value)
    return found


def messages_in(module: Path) -> set[str]:
    """Return the literals that a module passes to `gettext`."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "gettext"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def words_in(module: Path) -> set[str]:
    """Return the words of a module of words: the values of its dictionaries."""
    return {
        value.value
        for each in ast.parse(module.read_text(encoding="utf-8")).body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Dict)
        for value in each.value.values
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def nouns_in(text: str) -> set[tuple[str, str]]:
    """Return the nouns that a template or a module counts, each as one and many of it."""
    return {(one, many or f"{one}s") for one, many in COUNTED.findall(text)}


def nouns_of_pages() -> set[tuple[str, str]]:
    """Return all nouns that a catalog should have, in all their forms."""
    paths = [*WEB.glob("templates/*.html"), *WEB.rglob("*.py")]
    return {noun for path in paths for noun in nouns_in(path.read_text(encoding="utf-8"))}


def texts_of_pages() -> set[str]:
    """Return all texts that a catalog should have."""
    found = {text for path in WEB.glob("templates/*.html") for text in texts_of(path)}
    found |= {text for path in WEB.rglob("*.py") for text in messages_in(path)}
    found |= words_in(WEB / "words.py") | set(sentences.ALL)
    found |= {topic.description for topic in load_taxonomy()} - {""}
    return {text for text in found if not SAME.fullmatch(text)}


def update(path: Path) -> list[str]:
    """Add to a catalog what it lacks; return all texts without a translation."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    wanted = texts_of_pages()
    for text in sorted(wanted):
        if catalog.get(text) is None:
            catalog.add(text)
    for one, many in sorted(nouns_of_pages()):
        known = catalog.get(one)
        if known is None or not known.pluralizable:
            catalog.delete(one)
            catalog.add((one, many), ("",) * catalog.num_plurals)
    with path.open("wb") as file:
        write_po(file, catalog, width=100)
    return missing_from(catalog, wanted)


def missing_from(catalog: Catalog, wanted: set[str]) -> list[str]:
    """Return the texts, and the nouns, that a catalog has no translation of."""
    texts = {text for text in wanted if not getattr(catalog.get(text), "string", "")}
    nouns = {one for one, _ in nouns_of_pages() if not all(_forms(catalog, one))}
    return sorted(texts | nouns)


def _forms(catalog: Catalog, noun: str) -> tuple[str, ...]:
    known = catalog.get(noun)
    return known.string if known is not None and isinstance(known.string, tuple) else ("",)


def main() -> None:
    """Update all catalogs."""
    for path in sorted(FOLDER.glob("*.po")):
        missing = update(path)
        sys.stdout.write(f"{path.name}: {len(missing)} texts without a translation\n")
        sys.stdout.writelines(f"  {text}\n" for text in missing)


if __name__ == "__main__":
    main()
