"""What is kept of one state of the index, and which articles are looked at again."""

from __future__ import annotations

from search.similar import Cache


def test_what_is_kept_belongs_to_one_state_of_the_index() -> None:
    kept: Cache[int] = Cache(2)
    worked_out = []

    def ask(generation: str, asked: str) -> int:
        def work_out() -> int:
            worked_out.append((generation, asked))
            return len(worked_out)

        return kept.get(generation, asked, work_out)

    assert [ask("one", "a"), ask("one", "b"), ask("one", "a")] == [1, 2, 1]
    assert ask("one", "c") == 3  # b was longest not asked for, and goes
    assert [ask("one", "a"), ask("one", "b")] == [1, 4]
    assert ask("two", "b") == 5
    # Nothing is kept of a state that is not known.
    assert [ask("", "b"), ask("", "b"), ask("two", "b")] == [6, 7, 8]


def test_an_answer_that_came_while_the_index_changed_is_not_kept() -> None:
    kept: Cache[str] = Cache(5)

    def while_it_changes() -> str:
        assert kept.get("new", "other", lambda: "x") == "x"
        return "of the old one"

    assert kept.get("old", "asked", while_it_changes) == "of the old one"
    assert kept.get("new", "asked", lambda: "of the new one") == "of the new one"
