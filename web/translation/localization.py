"""The language of a page, and its texts, numbers and dates in that language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, g, has_request_context, request
from flask.templating import Environment

from models import wording
from web import formatting, words
from web.preferences.reader import LANGUAGES, preferences
from web.translation.sentences import recognise
from web.translation.texts import OPENING, Translated

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog
    from jinja2 import Template

ENGLISH = "en"
WORDS_IN_QUOTES = re.compile(
    "\u201c[^\u201c\u201d]*\u201d(?:(?:, | and )\u201c[^\u201c\u201d]*\u201d)*"
)
IN_PYTHON_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"")
"""How messages of other packages quote what was typed."""
FOLDER = Path(__file__).parent


def language() -> str:
    """Return the language of the page being made: the reader's choice, else the browser's."""
    if not has_request_context():
        return ENGLISH
    # A page of hits asks for it hundreds of times.
    found: str | None = g.get("language")
    if found is None:
        chosen = preferences().lang
        best = request.accept_languages.best_match(list(LANGUAGES), ENGLISH)
        found = g.language = chosen or best or ENGLISH
    return found


class LocalizedEnvironment(Environment):
    """Jinja's environment, with a copy of it and of its templates for each language."""

    language = ENGLISH
    others: dict[str, LocalizedEnvironment]

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.others = {}

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - Jinja's signature
        wanted = language()
        if self.language != ENGLISH or wanted == ENGLISH:
            return super()._load_template(name, globals)
        if wanted not in self.others:
            other = self.overlay()
            other.language = wanted
            own: Any = other.extensions[Translated.identifier]
            own.messages = messages(wanted)
            self.others[wanted] = other
        return self.others[wanted]._load_template(name, globals)


def register(app: Flask) -> None:
    """Translate the templates of an application to the language of the visitor."""
    app.jinja_env.add_extension(Translated)
    app.jinja_env.filters |= {
        "translated": translate,
        "translated_message": translate_message,
        "moment": moment,
        "day": day,
        "long_day": long_day,
        "number": number,
        "decimal": decimal,
        "times": times,
        "language": language_name,
        "country": country_name,
        "topic_name": _with_translation(app.jinja_env.filters["topic_name"]),
    }
    app.jinja_env.globals |= {
        "counted": counted,
        "days": days,
        "percent": percent,
        "page_language": language,
    } | {name: TranslatedWords(each) for name, each in vars(words).items() if name.isupper()}

    @app.after_request
    def mark(response: Any) -> Any:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = language()
            response.vary.update(("Accept-Language", "Cookie"))
        return response


@lru_cache(maxsize=4)
def catalog(code: str) -> Catalog:
    """Return the catalog of a language."""
    from babel.messages.pofile import read_po

    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


@lru_cache(maxsize=4)
def messages(code: str) -> dict[str, str]:
    """Return the texts of a language by the English ones; of a noun, one and many of it."""
    found: dict[str, str] = {}
    for each in catalog(code):
        if isinstance(each.id, tuple) and isinstance(each.string, tuple):
            found |= {str(each.id[0]): each.string[0], str(each.id[1]): each.string[-1]}
        elif each.id and each.string:
            found[str(each.id)] = str(each.string)
    return found


def translate(text: object) -> str:
    """Return the translation of a text; the text itself if the catalog has none."""
    here = language()
    return str(text) if here == ENGLISH else messages(here).get(str(text), str(text))


def translate_message(text: object) -> str:
    """Return the translation of a message with values in it, written by another package.

    `sentences.recognise` finds its form. The values stay as they are, except where a value is such
    a message itself.
    """
    english = str(text)
    if language() == ENGLISH or not english:
        return english
    known = recognise(english)
    if known is None:
        return translate(english)
    form, values = known
    translation = messages(language()).get(form)
    if translation is None:
        return english
    end = "." if english.endswith(".") else ""
    told = {name: _requoted(translate_message(value)) for name, value in values}
    return translation.format(**told) + end


def quoted(text: str) -> str:
    """Return a text between the quotation marks of the reader's language."""
    return f"{translate(OPENING)}{text}\u201d"


def _requoted(value: str) -> str:
    """Return a value with the reader's quotation marks, where all of it stands between some.

    What others wrote, such as a headline with quotation marks in it, stays as it is.
    """
    if WORDS_IN_QUOTES.fullmatch(value):
        return value.replace(OPENING, translate(OPENING)).replace(" and ", f" {translate('and')} ")
    if IN_PYTHON_QUOTES.fullmatch(value):
        return quoted(value[1:-1])
    return value


def gettext(text: str, **values: object) -> str:
    """Return the translation of a literal text, with values inserted for the names in braces.

    It has to be a literal so that `web.translation.extract` finds it.
    """
    return translate(text).format(**values)


def counted(value: int, one: str, many: str = "") -> str:
    """Return a number with its noun, in the right form: 1 artykuł, 2 artykuły, 5 artykułów."""
    here = language()
    forms = None if here == ENGLISH else catalog(here).get(one)
    if forms is None or not isinstance(forms.string, tuple):
        return wording.counted(value, translate(one), translate(many) if many else "")
    which = 0 if value == 1 else 1 if 2 <= value % 10 <= 4 and not 12 <= value % 100 <= 14 else 2
    return f"{number(value)} {forms.string[which]}"


class TranslatedWords(Mapping[str, str]):
    """A mapping of `web/words.py`, with its values translated."""

    def __init__(self, english: Mapping[str, str]) -> None:
        self._english = english

    def __getitem__(self, key: str) -> str:
        return translate(self._english[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._english)

    def __len__(self) -> int:
        return len(self._english)


def moment(time: datetime | None) -> str:
    """Return a time in UTC."""
    if language() == ENGLISH or time is None:
        return translate(formatting.moment(time))
    utc = time.astimezone(UTC)
    return f"{day(utc)}, {utc:%H:%M}"


def day(when: date | datetime) -> str:
    """Return a day, with its month in short."""
    return formatting.day(when) if language() == ENGLISH else _date(when, "d MMM y")


def long_day(when: date | datetime) -> str:
    """Return a day with its weekday."""
    return formatting.long_day(when) if language() == ENGLISH else _date(when, "EEEE, d MMMM y")


def days(first: date, last: date) -> str:
    """Return a span of days."""
    if language() == ENGLISH:
        return formatting.days(first, last)
    if first == last:
        return day(first)
    short = "d" if (first.year, first.month) == (last.year, last.month) else "d MMM"
    return f"{_date(first, short if first.year == last.year else 'd MMM y')}\u2013{day(last)}"


def number(value: float) -> str:
    """Return a number with its thousands apart."""
    text = formatting.number(value)
    return text if language() == ENGLISH else text.replace(",", "\N{NO-BREAK SPACE}")


def decimal(value: float, digits: int) -> str:
    """Return a number with so many digits behind its point or comma."""
    return _with_its_comma(formatting.decimal(value, digits))


def percent(value: float) -> str:
    """Return a share, 0 to 100."""
    return _with_its_comma(formatting.percent(value))


def times(ratio: float) -> str:
    """Return how many times one is the other."""
    return _with_its_comma(formatting.times(ratio))


def _with_its_comma(text: str) -> str:
    return text if language() == ENGLISH else text.replace(".", ",")


def language_name(code: str) -> str:
    """Return the name of a language by its ISO 639-1 code."""
    return _named(code, "languages") or formatting.language(code)


def country_name(code: str) -> str:
    """Return the name of a country by its ISO 3166-1 alpha-2 code."""
    return _named(code.upper(), "territories") or formatting.country(code)


def _named(code: str, kind: str) -> str:
    here = language()
    if here == ENGLISH or not code:
        return ""
    name = str(getattr(_locale(here), kind).get(code, ""))
    return name[:1].upper() + name[1:]


def _date(when: date | datetime, pattern: str) -> str:
    from babel.dates import format_date

    utc = when.astimezone(UTC).date() if isinstance(when, datetime) else when
    return str(format_date(utc, pattern, locale=language()))


@lru_cache(maxsize=4)
def _locale(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(code)


def _with_translation(name: Any) -> Any:
    @wraps(name)
    def translated(slug: str) -> str:
        return translate(name(slug))

    return translated
