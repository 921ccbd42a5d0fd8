"""Organisations in Polish: institutions by their head word, acronyms, companies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from models.tags import EntityName
from nlp.entities.gazetteer import names as known_names
from nlp.entities.gazetteer import organisations, places
from nlp.entities.polish.endings import stems
from nlp.entities.polish.lexicon import words
from nlp.entities.polish.morphology import COMPANY, ORGANISATION, REMEMBERED, Morphology
from nlp.entities.polish.name import NOTHING, Found, Name
from nlp.entities.polish.people import People
from nlp.entities.polish.tokens import Token, TokenPosition
from nlp.entities.word_lists import currencies, products

LONGEST_ACRONYM = 6
MOST_WORDS = 3
JOINING = frozenset({"i", "oraz", "do", "ds", "nad", "spraw"})
"""Words in small letters inside a name: Ministerstwo Rodziny i Polityki Społecznej."""


class Institutions:
    """Finds organisations by what they are called."""

    def __init__(self, morphology: Morphology, people: People) -> None:
        self._morphology = morphology
        self._people = people
        self._heads: dict[str, bool] = {}

    def institution(self, here: TokenPosition) -> Found:
        """Read a head word and what belongs to it: Ministerstwo Zdrowia, Sąd Okręgowy."""
        ahead = here.ahead
        head = next((at for at, token in enumerate(ahead[:3]) if self._is_head(token)), None)
        if head is None or not all(self._morphology.is_adjective(t.text) for t in ahead[:head]):
            return NOTHING
        taken = head + 1
        while taken < len(ahead):
            word = ahead[taken].text
            if self._people.match(ahead[taken:])[0]:
                break  # szef Funduszu Rozwoju Jan Nowak
            if ahead[taken].is_capital and not (word.isupper() and len(word) > 1):
                taken += 1
            elif word in JOINING and taken + 1 < len(ahead) and ahead[taken + 1].is_capital:
                taken += 2
            else:
                break
        if taken < 2:
            return NOTHING
        said = ahead[:taken]
        return Name(said[0].start, said[-1].end, "org", self._nominative(said, head)), taken

    def _is_head(self, token: Token) -> bool:
        if not token.is_capital:
            return False
        known = self._heads.get(token.text)
        if known is None:
            if len(self._heads) > REMEMBERED:
                self._heads.clear()
            lemmas = self._morphology.lemmas(token.text)
            known = self._heads[token.text] = not words("heads").isdisjoint(lemmas)
        return known

    def _nominative(self, said: Sequence[Token], head: int) -> str:
        """Put the head and the adjectives that agree with it into the nominative."""
        forms = [
            form
            for form in self._morphology.forms(said[head].text)
            if form.part == "subst" and form.lemma in words("heads")
        ]
        if not forms or any("nom" in form.cases and "sg" in form.numbers for form in forms):
            return " ".join(token.text for token in said)
        noun = forms[0]
        gender = min(noun.genders)
        written, agreeing = [], True
        for at, token in enumerate(said):
            adjective = next(
                (
                    form.lemma
                    for form in self._morphology.forms(token.text)
                    if form.part == "adj"
                    and form.cases & noun.cases
                    and form.genders & noun.genders
                ),
                "",
            )
            if at == head:
                written.append(noun.lemma.capitalize())
            elif adjective and agreeing:
                basic = self._morphology.nominative(adjective, gender, "sg")
                written.append(basic.capitalize() if token.is_capital else basic)
            else:
                agreeing = agreeing and at < head
                written.append(token.text)
        return " ".join(written)

    def acronym(self, here: TokenPosition) -> Found:
        """Read a word in capitals: MSZ, PKO, TVN-u."""
        token = here.token
        head, _, tail = token.text.partition("-")
        head = head.partition("'")[0] if tail.islower() or not tail else token.text
        if not (2 <= len(head) <= LONGEST_ACRONYM and head.isupper() and head.isalpha()):
            return NOTHING
        if head in words("nobody") or head.lower() in currencies() or here.before.isdigit():
            return NOTHING
        place = places().find(head)
        kind, entity = ("place", place) if place else ("org", organisations().find(head))
        return Name(token.start, token.end, kind, head, entity), 1

    def company(self, here: TokenPosition) -> Found:
        """Read what the dictionary or a gazetteer knows, or what is said to be a company."""
        token = here.token
        if token.text.endswith(("'s", "\u2019s")):
            return NOTHING
        every = self._morphology.forms(token.text)
        forms = [form for form in every if form.kinds & {COMPANY, ORGANISATION}]
        if forms and not (token.opens and any(form.is_common for form in every)):
            lemma = forms[0].lemma
            return Name(token.start, token.end, "org", lemma, organisations().find(lemma)), 1
        return self._known(here) or self._so_called(here)

    def _known(self, here: TokenPosition) -> Found | None:
        token = here.token
        is_word = bool(self._morphology.forms(token.text))
        for count in range(min(MOST_WORDS, len(here.ahead)), 0, -1):
            end = here.ahead[count - 1].end
            said = " ".join(each.text for each in here.ahead[:count])
            if count == 1 and is_word and token.opens:
                break
            guessed = stems(said.lower()) if count == 1 else ()
            for name in (said, *(said[0] + option[1:] for option in guessed)):
                kind, entity = _kind(name)
                if kind == "org" or (kind == "place" and not is_word):
                    return Name(token.start, end, kind, name, entity), count
        return None

    def _so_called(self, here: TokenPosition) -> Found:
        called = words("companies").intersection(self._morphology.lemmas(here.before))
        if not called or here.token.opens:
            return NOTHING
        count = 1
        while count < min(MOST_WORDS, len(here.ahead)) and here.ahead[count].is_capital:
            count += 1
        said = " ".join(each.text for each in here.ahead[:count])
        return Name(here.token.start, here.ahead[count - 1].end, "org", said), count


@lru_cache(maxsize=50_000)
def _kind(name: str) -> tuple[str, EntityName | None]:
    """Return what gazetteers of all languages take a name for: org, place or ""."""
    if name.lower() in products():
        return "", None
    entity = organisations().find(name)
    if entity or known_names().get(name) == "org":
        return "org", entity
    place = places().find(name)
    return ("place", place) if place else ("", None)
