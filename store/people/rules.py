"""The repository of rules: their matches, and undoing what they did."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.lists import STARRED, ItemKind, NewItem
from models.rules import Action, Rule, RuleHit
from store.changes import note_changed
from store.corrections import CorrectionRepository
from store.database import Database, by_number, in_chunks
from store.journal import note
from store.people.account_tables import users
from store.people.list_tables import list_items
from store.people.lists import ListRepository
from store.people.owned import PausableRepository, checked_name, owner_with_room
from store.people.rule_tables import muted_articles, rule_hits, rules
from store.work_tables import journal

MOST = 200
"""Rules of one user."""
LONGEST_NAME, LONGEST_QUESTION, LONGEST_TAG = 100, 8_000, 50


class RuleRepository(PausableRepository[Rule]):
    """Rules by number; each is its owner's, but all users see them and what they did."""

    table = rules
    kind = "rule"

    def __init__(
        self, database: Database, corrections: CorrectionRepository, lists: ListRepository
    ) -> None:
        super().__init__(database)
        self._corrections = corrections
        self._lists = lists

    def add(
        self,
        owner: str,
        name: str,
        question: str,
        action: Action,
        value: str = "",
        *,
        who: str,
        now: datetime,
        topics: Collection[str] = (),
    ) -> Rule:
        """Keep a rule; raises UsageError, NotFoundError for the user.

        `topics` are those that a rule can give.
        """
        name = checked_name(name, LONGEST_NAME, "A rule's")
        value = "-".join(value.split())
        if not question or len(question) > LONGEST_QUESTION:
            raise UsageError("A rule needs a search: a query, or a filter.")
        if action is Action.TOPIC and value not in topics:
            raise UsageError(f"There is no topic {value[:60]!r}.")
        if action is Action.TAG and not 1 <= len(value) <= LONGEST_TAG:
            raise UsageError(f"Say with which tag, of 1 to {LONGEST_TAG} characters.")
        if action in (Action.MUTE, Action.STAR):
            value = ""
        with self._database.writing() as connection:
            user = owner_with_room(connection, owner, rules, MOST, "rules")
            fresh = sa.insert(rules).values(
                user=user, name=name, question=question, action=action, value=value, made=now
            )
            number = connection.execute(fresh.returning(rules.c.number)).scalar_one()
            note(connection, who, "rule-added", str(number), f"Made the rule “{name}”.")
        return self.get(number)

    def apply(self, rule: Rule, article_ids: Sequence[str], now: datetime) -> list[str]:
        """Apply a rule to articles, each only once; return those to which it was new."""
        who = f"rule {rule.number} of {rule.owner}"
        done = []
        with self._database.writing() as connection:
            known = self.known(rule.number, article_ids)
            for article_id in dict.fromkeys(article_ids):
                if article_id in known:
                    continue
                try:
                    did = self._do(connection, rule, article_id, who, now)
                except UsageError as error:  # its list is full; nothing was written
                    self.trouble(rule.number, str(error))
                    break
                row = {"rule": rule.number, "article_id": article_id, "made": now, "did": did}
                connection.execute(sa.insert(rule_hits).values(**row))
                done.append(article_id)
        return done

    def known(self, number: int, article_ids: Sequence[str]) -> set[str]:
        """Return which of some articles a rule has caught before, undone ones too."""
        found: set[str] = set()
        with self._database.reading() as connection:
            for chunk in in_chunks(article_ids):
                query = sa.select(rule_hits.c.article_id).where(
                    rule_hits.c.rule == number, rule_hits.c.article_id.in_(chunk)
                )
                found |= set(connection.scalars(query))
        return found

    def hits(
        self, number: int | None = None, limit: int = 50, below: int | None = None
    ) -> tuple[RuleHit, ...]:
        """Return what a rule did, or all of them, newest first; `below` a number."""
        query = sa.select(rule_hits).order_by(rule_hits.c.number.desc()).limit(limit)
        if number is not None:
            query = query.where(rule_hits.c.rule == number)
        if below is not None:
            query = query.where(rule_hits.c.number < below)
        with self._database.reading() as connection:
            return tuple(
                RuleHit(r.number, r.rule, r.article_id, r.made, r.undone_by)
                for r in connection.execute(query)
            )

    def undo(self, number: int, *, who: str) -> RuleHit:
        """Take back what a rule did to one article; the rule does not do it again."""
        with self._database.writing() as connection:
            query = sa.select(rule_hits).where(by_number(rule_hits.c.number, number))
            row = connection.execute(query).one_or_none()
            if row is None:
                raise NotFoundError(f"No rule did anything of the number {number}.")
            if row.undone_by:
                raise UsageError(f"That was taken back before, by {row.undone_by}.")
            self._take_back(connection, self.get(row.rule), row, who)
            here = rule_hits.c.number == number
            connection.execute(sa.update(rule_hits).where(here).values(undone_by=who))
            words = f"Took back what rule {row.rule} did."
            note(connection, who, "rule-undone", row.article_id, words)
            row = connection.execute(query).one()
        return RuleHit(row.number, row.rule, row.article_id, row.made, row.undone_by)

    def undo_all(self, number: int, *, who: str) -> int:
        """Take back all that a rule did; return to how many articles."""
        query = sa.select(rule_hits.c.number).where(
            rule_hits.c.rule == number, rule_hits.c.undone_by == ""
        )
        with self._database.writing() as connection:
            found = connection.scalars(query).all()
            for each in found:
                self.undo(each, who=who)
        return len(found)

    def any_muted(self) -> bool:
        """Say whether any article is muted, so that searches have to leave it out."""
        with self._database.reading() as connection:
            query = sa.select(muted_articles.c.article_id).limit(1)
            return connection.scalar(query) is not None

    def muted(self, article_ids: Sequence[str]) -> set[str]:
        """Return which of some articles are muted."""
        found: set[str] = set()
        with self._database.reading() as connection:
            for chunk in in_chunks(article_ids):
                here = muted_articles.c.article_id.in_(chunk)
                found |= set(connection.scalars(sa.select(muted_articles.c.article_id).where(here)))
        return found

    def _do(
        self, connection: sa.Connection, rule: Rule, article_id: str, who: str, now: datetime
    ) -> int:
        """Do to an article what a rule says; return the number of what that made, 0 for none."""
        match rule.action:
            case Action.MUTE:
                if article_id in self.muted([article_id]):
                    return 0
                row = {"article_id": article_id, "rule": rule.number, "who": who, "made": now}
                connection.execute(sa.insert(muted_articles).values(**row))
                note_changed(connection, [article_id])
                return 1
            case Action.TOPIC:
                return self._corrections.topic(article_id, rule.value, fits=True, who=who).number
            case _:
                return self._keep(connection, rule, article_id, who, now)

    def _keep(
        self, connection: sa.Connection, rule: Rule, article_id: str, who: str, now: datetime
    ) -> int:
        """Put an article on the owner's list of stars, or on the list of the tag; 0: it was."""
        name = STARRED if rule.action is Action.STAR else rule.value
        mine = [one for one in self._lists.seen_by(rule.owner) if one.owner == rule.owner]
        here = next((one for one in mine if one.name.casefold() == name.casefold()), None)
        here = here or self._lists.add(rule.owner, name, shared=False, who=who, now=now)
        there = sa.select(list_items.c.number).where(
            list_items.c.list == here.number,
            list_items.c.kind == ItemKind.ARTICLE,
            list_items.c.subject == article_id,
        )
        if connection.scalar(there) is not None:
            return 0
        tags = (rule.value,) if rule.action is Action.TAG else ()
        new_item = NewItem(ItemKind.ARTICLE, article_id, tags=tags)
        return self._lists.put(here.number, rule.owner, new_item, who=who, now=now).number

    def _take_back(self, connection: sa.Connection, rule: Rule, row: Any, who: str) -> None:
        if not row.did:
            return  # it was so before the rule came
        match rule.action:
            case Action.MUTE:
                here = muted_articles.c.article_id == row.article_id
                connection.execute(sa.delete(muted_articles).where(here))
                note_changed(connection, [row.article_id])
            case Action.TOPIC:
                query = sa.select(journal.c.undone).where(journal.c.number == row.did)
                if connection.scalar(query) is None:
                    self._corrections.undo(row.did, who=who)
            case _:
                there = sa.select(list_items.c.number).where(list_items.c.number == row.did)
                if connection.scalar(there) is not None:
                    self._lists.take(row.did, rule.owner, who=who)

    def _read(self, which: sa.ColumnElement[bool]) -> tuple[Rule, ...]:
        counted = sa.select(sa.func.count()).where(rule_hits.c.rule == rules.c.number)
        query = (
            sa.select(
                rules,
                users.c.name.label("owner"),
                counted.correlate(rules).scalar_subquery().label("hits"),
            )
            .join(users, users.c.number == rules.c.user)
            .where(which)
            .order_by(rules.c.number)
        )
        with self._database.reading() as connection:
            return tuple(
                Rule(
                    number=r.number,
                    owner=r.owner,
                    name=r.name,
                    question=r.question,
                    action=Action(r.action),
                    value=r.value,
                    made=r.made,
                    paused=r.paused,
                    hits=r.hits,
                    trouble=r.trouble,
                )
                for r in connection.execute(query)
            )
