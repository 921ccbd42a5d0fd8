"""Reports of search results: as JSON under their contract names, and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from models.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.explanation import Explanation
    from search.request import Hit, Marked, Results


def explanation_as_dict(one: Explanation) -> dict[str, Any]:
    """Return the explanation of a hit's rank, under its contract names."""
    return {
        "score": round(one.score, 4),
        "words": [
            {
                "word": word.word,
                "form": word.form,
                "capitals": word.cased,
                "fields": dict(word.counts),
                "articles": word.articles,
            }
            for word in one.words
        ],
    }


def results_as_dict(results: Results) -> dict[str, Any]:
    """Return results under their contract names."""
    from export.record import iso

    return {
        "total": results.total,
        "strict": results.strict,
        "folded": results.folded,
        "hits": [
            {
                "id": hit.article.id,
                "url": hit.article.url,
                "title": hit.article.title,
                "source": hit.article.source,
                "language": hit.article.language or None,
                "published": iso(hit.article.published),
                "topics": [
                    {"slug": topic.slug, "score": round(topic.score, 4), "origin": topic.origin}
                    for topic in hit.topics
                ],
                "entities": [
                    {"name": e.name, "type": e.type, "key": e.key, "count": e.count}
                    for e in hit.entities
                ],
                "score": round(hit.score, 4),
                "snippet": as_html(hit.snippet),
                "copies": [
                    {"id": copy.id, "url": copy.url, "source": copy.source} for copy in hit.copies
                ],
            }
            for hit in results.hits
        ],
        "facets": {
            facet: [
                {"value": value.value, "name": value.name, "count": value.count} for value in values
            ]
            for facet, values in results.facets.items()
        },
        "suggestion": results.suggestion or None,
        "entities": [
            {"key": one.key, "name": one.name, "type": one.type, "articles": one.articles}
            for one in results.entities
        ],
        "spellings_of": results.spellings_of.key if results.spellings_of else None,
        "notices": [{"text": one.text, "query": one.query or None} for one in results.notices],
        "partial": bool(results.partial),
        "partial_reason": results.partial or None,
        "seconds": round(results.seconds, 4),
    }


def as_html(marked: Marked) -> str:
    """Return marked text as HTML: escaped, the terms in <mark>."""
    from html import escape

    return "".join(f"<mark>{escape(t)}</mark>" if hit else escape(t) for t, hit in marked)


def format_results(results: Results, offset: int, explained: Mapping[str, Explanation]) -> str:
    """Return results as text for a terminal."""
    lines = [_format_total(results)]
    lines += [
        f"{offer.name}, {offer.type}, {offer.articles:,} articles: entity:{offer.key}"
        for offer in results.entities
    ]
    if spelled := results.spellings_of:
        lines.append(f"Other spellings of {spelled.name} are searched too; --as-typed leaves them.")
    lines += [
        notice.text + (f" Search for: {notice.query}" if notice.query else "")
        for notice in results.notices
    ]
    if results.suggestion:
        lines.append(f"Did you mean: {results.suggestion}")
    for place, hit in enumerate(results.hits, offset + 1):
        lines += ["", *_format_hit(place, hit)]
        if hit.article.id in explained:
            lines += _format_explanation(explained[hit.article.id])
    for facet, values in results.facets.items():
        if values:
            counts = ", ".join(f"{value.name} ({value.count:,})" for value in values[:10])
            lines += ["", f"{click.style(facet, bold=True)}: {counts}"]
    return "\n".join(lines)


def _format_total(results: Results) -> str:
    total = counted(results.total, "article")
    if results.partial:
        total = f"at least {total} ({results.partial})"
    elif results.strict < results.total:
        total += f"; {results.strict:,} with all the words, the others with most of them"
    if results.folded:
        total += f"; {counted(results.folded, 'near-duplicate')} folded"
    return f"{total}, {results.seconds * 1000:.0f} ms"


def _format_hit(place: int, hit: Hit) -> list[str]:
    article = hit.article
    day = article.published.strftime("%Y-%m-%d %H:%M") if article.published else "no date"
    about = [article.source, day, ", ".join(topic.slug for topic in hit.topics)]
    lines = [
        f"{place}. {_styled(hit.title)}",
        "   " + " · ".join(part for part in about if part),
    ]
    if snippet := _styled(hit.snippet):
        lines.append(f"   {snippet}")
    if named := ", ".join(entity.name for entity in hit.entities[:8]):
        lines.append("   " + click.style(named, dim=True))
    if hit.copies:
        sources = dict.fromkeys(copy.source for copy in hit.copies if copy.source)
        lines.append(f"   repeated {len(hit.copies)} times: {', '.join(list(sources)[:5])}")
    return [*lines, "   " + click.style(article.url, dim=True)]


def _format_explanation(one: Explanation) -> list[str]:
    lines = [f"   score {one.score:.3f}"]
    for word in one.words:
        where = ", ".join(f"{field} {count}" for field, count in word.counts.items())
        capitals = ", with its capitals" if word.cased else ""
        has = f"{word.form}{capitals}" + (f" ({where})" if where else "")
        lines.append(f"   {word.word}: {has}; {word.articles:,} articles have it")
    return lines


def _styled(marked: Marked) -> str:
    return "".join(click.style(text, bold=True) if hit else text for text, hit in marked)
