"""A model is written whole and read with care, whatever kind it is."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from models.errors import ModelError
from nlp.model_files import ModelFiles, errors_in_words, recover, replace_model

FILES = ModelFiles("head.json", "arrays.npz", format=3)
ARRAYS: dict[str, npt.NDArray[Any]] = {
    "a": np.arange(6, dtype=np.float16),
    "b": np.ones((2, 2), dtype=np.float32),
}


def test_what_is_written_is_read_back_and_always_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        FILES.write(tmp_path / name, {"stamp": "s", "terms": ["ł"]}, ARRAYS)
    for file in ("head.json", "arrays.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    head, arrays = FILES.read(tmp_path / "one")
    assert head == {"stamp": "s", "terms": ["ł"], "format": 3}
    assert {name: array.tolist() for name, array in arrays.items()} == {
        name: array.tolist() for name, array in ARRAYS.items()
    }
    with pytest.raises(ValueError, match="not of one and the same fit"):
        FILES.check_stamp(head, "another")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda place: (place / "head.json").unlink(), r"head\.json is missing"),
        (lambda place: (place / "head.json").write_text("{"), "can't be read"),
        (lambda place: (place / "head.json").write_text('{"format": 2}'), "not of format 3"),
        (lambda place: (place / "arrays.npz").write_bytes(b"no arrays"), "can't be read"),
        (lambda place: (place / "arrays.npz").write_bytes(b""), "can't be read"),
        (
            lambda place: FILES.write(place, {}, {"a": np.array([np.nan])}),
            "not finite numbers",
        ),
        (
            lambda place: np.savez(place / "arrays.npz", a=np.array([{}], dtype=object)),
            "can't be read",
        ),
    ],
)
def test_a_damaged_model_is_reported_with_what_to_do(
    damage: object, words: str, tmp_path: Path
) -> None:
    FILES.write(tmp_path, {}, ARRAYS)
    assert callable(damage)
    damage(tmp_path)
    with (
        pytest.raises(ModelError, match=words) as told,
        errors_in_words(tmp_path, "test", "fit it"),
    ):
        FILES.read(tmp_path)
    assert str(told.value).endswith("fit it")


def test_a_model_takes_the_place_of_another_only_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "model"
    replace_model(lambda path: FILES.write(path, {"n": 1}, ARRAYS), place)

    def half(path: Path) -> None:
        FILES.write(path, {"n": 2}, ARRAYS)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ModelError, match=r"disk is full; free some space.*earlier one stays"):
        replace_model(half, place)
    assert FILES.read(place)[0]["n"] == 1
    replace_model(lambda path: FILES.write(path, {"n": 3}, ARRAYS), place)
    assert FILES.read(place)[0]["n"] == 3
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_replacement_killed_between_its_moves_leaves_the_earlier_model(tmp_path: Path) -> None:
    place = tmp_path / "model"
    replace_model(lambda path: FILES.write(path, {"n": 1}, ARRAYS), place)
    FILES.write(tmp_path / "model.new", {"n": 2}, ARRAYS)
    place.rename(tmp_path / "model.old")  # here it was killed
    recover(place)
    assert FILES.read(place)[0]["n"] == 1
    (tmp_path / "model.old").mkdir()
    recover(place)
    assert FILES.read(place)[0]["n"] == 1, "what is there is left alone"
    replace_model(lambda path: FILES.write(path, {"n": 3}, ARRAYS), place)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
