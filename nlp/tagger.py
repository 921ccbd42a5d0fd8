"""Puts language, entities and topics together into the tags of an article."""

from __future__ import annotations

from collections.abc import Sequence

from models.tags import Due, Tags, TopicScore
from nlp.clusters.model import NO_CLUSTER, ClusterModel
from nlp.entities.tagger import EntityTagger, Text
from nlp.language import LanguageDetector, said_once
from nlp.topics.by_language import TopicModels
from nlp.topics.publisher_hints import hinted_topics, new_hints, with_hints


class Tagger:
    """Tags articles in batches; it keeps nothing of one batch for the next.

    `stamp` names the models: tags of another stamp are not what this tagger would say. Clusters
    have no part in it: a fit of them gives all articles theirs, without tagging anew.
    """

    def __init__(
        self,
        detector: LanguageDetector,
        entities: EntityTagger,
        topics: TopicModels,
        clusters: ClusterModel | None = None,
    ) -> None:
        self._detector = detector
        self._entities = entities
        self._topics = topics
        self._clusters = clusters
        self.stamp = f"{entities.stamp} {topics.stamp}"

    def tag(self, batch: Sequence[Due]) -> list[Tags]:
        """Tag a batch; each article's tags stand at its place."""
        languages = self._detector.detect(
            [said_once(due.title, due.summary) for due in batch],
            [due.claimed_language for due in batch],
        )
        texts = [
            Text(due.title, due.summary, language)
            for due, language in zip(batch, languages, strict=True)
        ]
        mentions = self._entities.tag(texts)
        topics = self._tag_topics(batch, texts)
        clusters = self._assign_clusters(texts, topics)
        return [
            Tags(
                article_id=due.id,
                version=due.version,
                language=text.language,
                mentions=said,
                topics=fitting,
                stamp=self.stamp,
                note=self._note(text),
                cluster=cluster,
            )
            for due, text, said, fitting, cluster in zip(
                batch, texts, mentions, topics, clusters, strict=True
            )
        ]

    def _tag_topics(
        self, batch: Sequence[Due], texts: Sequence[Text]
    ) -> list[tuple[TopicScore, ...]]:
        topics: list[tuple[TopicScore, ...]] = [()] * len(texts)
        tagged = {*self._topics.languages, *self._topics.languages_by_terms}
        for language in {text.language for text in texts} & tagged:
            chosen = [at for at, text in enumerate(texts) if text.language == language]
            scored = self._topics.tag(
                [(texts[at].title, texts[at].summary) for at in chosen], language
            )
            for at, scores in zip(chosen, scored, strict=True):
                due = batch[at]
                hints = hinted_topics(self._topics.topics, due.section, due.categories)
                topics[at] = scores
                if new_hints(scores, hints):
                    chances = self._topics.chances(texts[at].title, texts[at].summary, language)
                    for said in hinted_topics(self._topics.topics, "", due.categories):
                        chances.pop(said.slug, None)
                    topics[at] = with_hints(scores, hints, chances)
        return topics

    def _assign_clusters(
        self, texts: Sequence[Text], topics: Sequence[tuple[TopicScore, ...]]
    ) -> list[str]:
        if self._clusters is None:
            return [NO_CLUSTER] * len(texts)
        return self._clusters.assign([(text.title, text.summary) for text in texts], topics)

    def _note(self, text: Text) -> str:
        """Say what could not be done for an article, "" where all could."""
        notes = [self._entities.note(text)]
        if text.language not in self._topics.languages:
            if text.language in self._topics.languages_by_terms:
                notes.append(f"topics by seed terms alone: no topic model for {text.language}")
            else:
                tongues = ", ".join(self._topics.languages)
                notes.append(f"no topics: there are topic models for {tongues}")
        return "; ".join(note for note in notes if note)
