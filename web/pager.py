"""The pager of a long list: the current page and the pages to link to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a long list; `around` are pages near this one, 0 standing for a gap."""

    page: int
    last: int

    @property
    def around(self) -> tuple[int, ...]:
        """The pages to link to, in order."""
        near = {1, self.last, *range(self.page - 2, self.page + 3)}
        pages = sorted(page for page in near if 1 <= page <= self.last)
        found: list[int] = []
        for page in pages:
            if found and page - found[-1] == 2:
                found.append(page - 1)
            elif found and page - found[-1] > 2:
                found.append(0)
            found.append(page)
        return tuple(found)


def pager(page: int, total: int, size: int, most: int) -> Pager:
    """Return where page `page` of `total` things is, of `most` pages at the most."""
    return Pager(page, max(1, min(most, -(-total // size))))


def link_to(address: str, place_id: str = "") -> dict[str, str]:
    """Return the attributes of a link to another page of a list.

    With `place_id`, the id of an element whose one child has this id and `-page`, htmx shows the
    page there; without JavaScript the link leads to that element on the page itself.
    """
    if not place_id:
        return {"href": address}
    return {
        "href": f"{address}#{place_id}",
        "data-hx-get": address,
        "data-hx-target": f"#{place_id}",
        "data-hx-select": f"#{place_id}-page",
        "data-hx-swap": "innerHTML show:top",
        "data-hx-push-url": "true",
    }
