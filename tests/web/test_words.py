"""Whatever the data can hold has a word on the pages."""

from __future__ import annotations

from models.jobs import JobKind, JobPart, JobState
from models.tags import ENTITY_TYPES
from nlp.trends import KINDS
from search.engine import FACETS
from web import words


def test_every_type_of_entity_has_its_words_in_the_order_of_lists() -> None:
    assert tuple(words.ENTITY_TYPE) == tuple(words.ENTITY_TYPES) == ENTITY_TYPES


def test_every_kind_that_can_rise_has_a_title() -> None:
    assert tuple(words.TRENDS) == KINDS


def test_only_facets_that_engines_count_have_titles() -> None:
    assert set(words.FACETS) <= set(FACETS)


def test_every_kind_of_job_has_words_for_what_it_does_and_where_it_stands() -> None:
    assert set(words.JOB) == set(JobKind)
    assert set(words.JOB_STATE) == set(JobState)
    assert set(words.JOB_PART) == set(JobPart)
