"""What a form of corrections takes for a story or an article."""

from __future__ import annotations

import pytest

from web.corrections.request import id_at

ID = "5ede31c5d23d451fc4eb"


@pytest.mark.parametrize(
    "given",
    [
        ID,
        f"  {ID}\n",
        f"story:{ID}",
        f"/stories/{ID}",
        f"stories/{ID}",
        f"https://news.example.org/slugline/stories/{ID}?view=reader#correct",
        f"http://127.0.0.1:8000/articles/{ID}/",
    ],
)
def test_the_address_of_a_page_is_as_good_as_the_id(given: str) -> None:
    assert id_at(given) == ID


@pytest.mark.parametrize("given", ["", "no such story", "https://elsewhere.example/news/1"])
def test_anything_else_stays_to_be_refused(given: str) -> None:
    assert id_at(given) == given
