"""`slugline topics`: list, fit and evaluate topics."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.errors import NotFoundError
from slugline.commands.people.users import whoami
from slugline.context import Context, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.tags import LanguageShare
    from nlp.topics.evaluate import Evaluation


MOST_LANGUAGES = 12
"""So many languages are listed; the rest are a line."""


@click.group()
def topics() -> None:
    """List topics, fit them to your archive, and evaluate them against labelled articles."""


@topics.command("list")
@command
def list_topics(context: Context) -> None:
    """List the topics with their numbers of articles, and what share has topics by language."""
    from slugline.factory import load_topic_models

    models = load_topic_models(context.settings)
    known = models.topics
    with context.store() as store:
        counts, languages = store.tags.topics(), store.tags.languages()
    facts = [
        {
            "slug": topic.slug,
            "name": topic.name,
            "description": topic.description,
            "codes": list(topic.codes),
            "articles": counts.get(topic.slug, 0),
        }
        for topic in known
    ]
    lines = [f"{counts.get(t.slug, 0):>9,}  {t.slug:<14} {t.description}" for t in known]
    if languages:
        lines += ["", "Articles with topics, by language:"]
        lines += [
            _share_line(each, models.languages, models.languages_by_terms)
            for each in languages[:MOST_LANGUAGES]
        ]
        if len(languages) > MOST_LANGUAGES:
            lines.append(f"{'':>9}  and {len(languages) - MOST_LANGUAGES} more, see --json")
    shares = [
        dataclasses.asdict(each)
        | {"share": round(each.share, 4), "model": each.language in models.languages}
        for each in languages
    ]
    context.report({"topics": facts, "languages": shares}, "\n".join(lines))


def _share_line(each: LanguageShare, modelled: Sequence[str], by_terms: Sequence[str]) -> str:
    note = "; by seed terms alone" if each.language in by_terms else "; no topic model"
    note = "" if each.language in modelled else note
    name = each.language or "unknown"
    return f"{each.articles:>9,}  {name:<14} {each.share:.0%} with topics{note}"


@topics.command()
@click.argument("slug")
@command
def show(context: Context, slug: str) -> None:
    """Show one topic: what it covers, its seed terms, and how many articles it has."""
    from slugline.factory import load_topic_model

    known = {topic.slug: topic for topic in load_topic_model(context.settings).topics}
    if slug not in known:
        raise NotFoundError(f"There is no topic {slug!r}. The topics are {', '.join(known)}.")
    topic = known[slug]
    with context.store() as store:
        articles = store.tags.topics().get(slug, 0)
    facts = dataclasses.asdict(topic) | {"terms_in": dict(topic.terms_in), "articles": articles}
    lines = [
        f"{topic.name} ({slug}): {topic.description}",
        f"{articles:,} articles",
        *([f"IPTC: {', '.join(topic.codes)}"] if topic.codes else []),
        f"seed terms: {', '.join(topic.terms)}",
        *(f"seed terms ({code}): {', '.join(terms)}" for code, terms in topic.terms_in),
    ]
    context.report(facts, "\n".join(lines))


@topics.command()
@command
def fit(context: Context) -> None:
    """Fit the topics to your own articles (or to your own taxonomy, see nlp.taxonomy).

    The fitted model is kept in the home and used from then on; `slugline tag` then tags again
    what other models had tagged.
    """
    from slugline.jobs.topics import fit_topics

    settings = context.settings
    place = settings.own_topic_model
    with context.store() as store, context.progress("fit", None):
        fitted = fit_topics(store, settings.taxonomy, place)
    context.report(
        dataclasses.asdict(fitted) | {"model": str(place)},
        f"Fitted to {fitted.articles:,} articles and {fitted.corrections:,} corrections: "
        f"{fitted.recipe}\n`slugline tag` tags your articles with it.",
    )


@topics.command()
@click.argument("gold", type=click.Path(path_type=Path))
@command
def evaluate(context: Context, gold: Path) -> None:
    """Measure topics against GOLD: a JSONL file with title, summary and topic on each line.

    The model sees title and summary only. Macro-F1 is over topics with 30 gold rows or more.
    """
    from nlp.topics.evaluate import evaluate as evaluate_model
    from nlp.topics.evaluate import read_gold
    from slugline.factory import load_topic_model

    evaluation = evaluate_model(load_topic_model(context.settings), read_gold(gold))
    context.report(dataclasses.asdict(evaluation), _format_evaluation(evaluation))


@topics.command()
@click.argument("article_id")
@click.option("--add", "added", multiple=True, metavar="SLUG", help="Add this topic.")
@click.option("--remove", "removed", multiple=True, metavar="SLUG", help="Remove this topic.")
@command
def correct(
    context: Context, article_id: str, added: tuple[str, ...], removed: tuple[str, ...]
) -> None:
    """Correct the topics of an article.

    Corrections win over every model, survive re-tagging, and are training data of the next
    `slugline topics fit`.
    """
    from slugline.factory import load_topic_model
    from slugline.jobs import pipeline

    if not (added or removed):
        raise click.UsageError("Nothing to change. Give --add SLUG or --remove SLUG.")
    known = {topic.slug for topic in load_topic_model(context.settings).topics}
    for slug in (*added, *removed):
        if slug not in known:
            raise NotFoundError(
                f"There is no topic {slug!r}. The topics are {', '.join(sorted(known))}."
            )
    with context.store() as store, context.engine() as engine:
        for slug in added:
            store.corrections.topic(article_id, slug, fits=True, who=whoami())
        for slug in removed:
            store.corrections.topic(article_id, slug, fits=False, who=whoami())
        pipeline.catch_up(store, engine)
        (tagged,) = store.articles.tagged([article_id])
    facts = {"id": article_id, "topics": [dataclasses.asdict(topic) for topic in tagged.topics]}
    listed = ", ".join(f"{t.slug} ({t.origin})" for t in tagged.topics) or "no topic"
    context.report(facts, f"{tagged.article.title}: {listed}")


@topics.command()
@click.argument("article_id")
@command
def why(context: Context, article_id: str) -> None:
    """Explain the topics of an article: the words for and against each."""
    from slugline.factory import load_topic_models

    with context.store() as store:
        article = store.articles.get(article_id)
    reasons = load_topic_models(context.settings).why(
        article.title, article.summary, article.language
    )
    lines = [article.title]
    for reason in reasons[:5]:
        spoke = ", ".join(word for word, _ in reason.words_for) or "nothing"
        against = ", ".join(word for word, _ in reason.words_against) or "nothing"
        lines.append(f"{reason.score:>6.2f}  {reason.slug:<14} for: {spoke}; against: {against}")
    context.report(
        {"id": article_id, "topics": [dataclasses.asdict(reason) for reason in reasons]},
        "\n".join(lines),
    )


def _format_evaluation(evaluation: Evaluation) -> str:
    lines = [
        f"{evaluation.articles:,} articles, {evaluation.articles_per_second:,.0f} a second",
        f"macro-F1 {evaluation.macro_f1:.3f}, NMI {evaluation.nmi:.3f}",
        f"best topic right: {evaluation.accuracy:.3f}",
        f"among the best two: {evaluation.top2_accuracy:.3f}",
        "",
        f"{'topic':<14} {'precision':>9} {'recall':>7} {'F1':>6} {'gold':>6}",
    ]
    for slug, figures in evaluation.topics.items():
        lines.append(
            f"{slug:<14} {figures.precision:>9.3f} {figures.recall:>7.3f}"
            f" {figures.f1:>6.3f} {figures.support:>6,}"
        )
    return "\n".join(lines)
