"""A running server explains topics by the model that the home has now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nlp.model_files import replace_model
from nlp.topics.model import TopicModel
from slugline.explaining import CurrentModels
from slugline.factory import load_topic_models
from slugline.settings import read_settings


def test_a_fit_is_seen_without_a_restart(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = read_settings(tmp_path, None, {})
    current = CurrentModels(settings, load_topic_models(settings))
    before = current.models
    assert current.models is before
    fitted = replace(TopicModel.load(), bias=TopicModel.load().bias + 1)
    replace_model(fitted.save, settings.own_topic_model)
    after = current.models
    assert after.main.stamp == fitted.rounded().stamp != before.main.stamp
    assert current.models is after
    (settings.own_topic_model / "model.json").write_text("{", encoding="utf-8")
    assert current.models is after, "a damaged model does not take the place of the one before"
    assert "is not used" in caplog.text
    assert current.languages
