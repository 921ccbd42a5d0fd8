"""Explains why an article has its topics, with the home's present model.

A fit writes another model while a server runs; what explains reads it again when its files change.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ModelError
from nlp.topics.by_language import TopicModels
from nlp.topics.model import FILES
from slugline.factory import load_topic_models

if TYPE_CHECKING:
    from nlp.topics.model import Why
    from slugline.settings import Settings

log = logging.getLogger(__name__)

Mark = tuple[str, int, int] | None
"""What tells one saved model from another without reading it: place, time and size of its head."""


class CurrentModels:
    """The topic models of a home, read again after a fit.

    Where the new one can't be read, the one before goes on, and the log says so once.
    """

    def __init__(self, settings: Settings, models: TopicModels) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._mark: Mark = None
        self._mark = self._marked()
        self._models = models

    @property
    def models(self) -> TopicModels:
        """The models as they are now."""
        mark = self._marked()
        if mark == self._mark:
            return self._models
        with self._lock:
            if mark != self._mark:
                self._mark = mark
                try:
                    self._models = load_topic_models(self._settings)
                    log.info("The topic model has changed and was read again.")
                except ModelError as error:
                    log.warning("The new topic model is not used: %s", error)
            return self._models

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages (ISO 639-1) whose articles the models have a say on."""
        return self.models.languages

    def why(self, title: str, summary: str, language: str, most: int = 8) -> tuple[Why, ...]:
        """Return the words for and against each topic, the likeliest topic first."""
        return self.models.why(title, summary, language, most)

    def _marked(self) -> Mark:
        own: Path | None = self._settings.topic_model
        if own is None:
            return None
        try:
            found = (own / FILES.head).stat()
        except OSError:
            return self._mark  # between two moves of a fit
        return str(own), found.st_mtime_ns, found.st_size
