"""A topic model a language: which one an article is scored by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from models.tags import OTHER, TopicScore
from nlp.tfidf import Texts
from nlp.topics.model import PRETRAINED, TopicModel, Why
from nlp.topics.publisher_hints import with_hints
from nlp.topics.taxonomy import Topic
from nlp.topics.term_rules import TermRules, shipped_languages, shipped_terms

MAIN = "en"
"""The language of the model whose topics and seed terms people are shown."""


class TopicModels:
    """The topic models of an installation, by language.

    All of them give topics of one taxonomy, the main model's; what another model says beyond it is
    left out. Where no model has a language, and for topics that its model has not, seed terms in
    that language claim articles: the shipped ones and those of the taxonomy (`terms.de`).
    """

    def __init__(self, main: TopicModel, others: Mapping[str, TopicModel] | None = None) -> None:
        self.main = main
        known = dict(sorted((others or {}).items()))
        self._models = known | dict.fromkeys(main.languages, main)
        self._rules = {code: TermRules(terms) for code, terms in self._terms().items()}

    def _terms(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return by language and slug the seed terms that are to claim articles."""
        slugs = set(self.main.slugs)
        found = {
            code: {slug: each for slug, each in shipped_terms(code).items() if slug in slugs}
            for code in shipped_languages()
            if code not in self._models
        }
        for topic in self.main.topics:
            for code, terms in topic.terms_in:
                model = self._models.get(code)
                if model is None or topic.slug not in model.slugs:
                    found.setdefault(code, {})[topic.slug] = terms
        return {code: found[code] for code in sorted(found) if found[code]}

    @classmethod
    def load(cls, own: Path | None = None) -> TopicModels:
        """Read the user's own model (None: the shipped English one), and the shipped others.

        Raises `ModelError` where one of them can't be read.
        """
        others = {path.name: TopicModel.load(path) for path in sorted(PRETRAINED.glob("??"))}
        main = TopicModel.load(own)
        if own is not None and MAIN not in main.languages:
            others[MAIN] = TopicModel.load()
        return cls(main, others)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the taxonomy."""
        return self.main.topics

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a topic model, by ISO 639-1 code."""
        return tuple(sorted(self._models))

    @property
    def languages_by_terms(self) -> tuple[str, ...]:
        """The languages without a model whose articles get topics by seed terms alone."""
        return tuple(code for code in self._rules if code not in self._models)

    @property
    def stamp(self) -> str:
        """A name for exactly these models."""
        stamps = [self.main.stamp]
        stamps += [m.stamp for m in self._models.values() if m is not self.main]
        stamps += [rules.stamp for rules in self._rules.values()]
        return " ".join(dict.fromkeys(stamps))

    def of(self, language: str) -> TopicModel | None:
        """Return the model of a language, None where there is none."""
        return self._models.get(language)

    def tag(self, texts: Texts, language: str) -> list[tuple[TopicScore, ...]]:
        """Return the topics of articles in one language, none where nothing tells them."""
        tagged = self._by_model(texts, language)
        rules = self._rules.get(language)
        if rules is None:
            return tagged
        return [
            with_hints(said, claimed)
            for said, claimed in zip(tagged, rules.tag(texts), strict=True)
        ]

    def _by_model(self, texts: Texts, language: str) -> list[tuple[TopicScore, ...]]:
        model = self.of(language)
        if model is None:
            return [()] * len(texts)
        tagged = model.tag(texts)
        if model is self.main or set(model.slugs) <= set(self.main.slugs):
            return tagged
        return [self._known(topics) for topics in tagged]

    def chances(self, title: str, summary: str, language: str) -> dict[str, float]:
        """Return each topic's own chance for an article, {} where no model measured it."""
        model = self.of(language)
        if model is None or model.verdicts is None:
            return {}
        chances = model.chances([(title, summary)])[0].tolist()
        return dict(zip(model.slugs, chances, strict=True))

    def why(self, title: str, summary: str, language: str, most: int = 8) -> tuple[Why, ...]:
        """Explain an article's topics, () where no model and no terms have its language."""
        reasons: tuple[Why, ...] = ()
        if rules := self._rules.get(language):
            scores = {topic.slug: topic.score for topic in rules.tag([(title, summary)])[0]}
            found = rules.found(title, summary)
            reasons = tuple(
                Why(slug, score, tuple((term, float(n)) for term, n in found[slug].items()), ())
                for slug, score in scores.items()
            )
        model = self.of(language)
        return (*reasons, *model.why(title, summary, most)) if model else reasons

    def _known(self, topics: tuple[TopicScore, ...]) -> tuple[TopicScore, ...]:
        known = tuple(topic for topic in topics if topic.slug in {*self.main.slugs, OTHER})
        return known or (TopicScore(OTHER, round(1 - topics[0].score, 4)),)
