"""Recognises messages written by other packages, so that pages can translate them.

Search, ingest and store speak English, and the journal keeps it. A page puts a sentence that has
one of these forms into its own language, with the values as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

QUERIES = (
    "{name} needs something after it; to search for the word, write it small",
    "{name} needs something on both sides; to search for the word, write it small",
    "A boost is at most {most}",
    "A bracket is closed that was never opened",
    "A bracket is never closed",
    "A quotation mark is never closed",
    "A range is never closed",
    "A word can be at most ~{most} edits away",
    "After {name}: a value is missing",
    "Brackets stand more than {most} deep in each other",
    "No article has a {kind}",
    "No article has the word {word}",
    "No article has the words {words}",
    "No article here has this address",
    "No article is dated {day}; the newest is of {newest}",
    "No article is dated before {day}; the newest is of {newest}",
    "No article is dated since {day}; the newest is of {newest}",
    "No article is dated from {since} to {until}; the newest is of {newest}",
    "Patterns can't stand inside quotation marks, where words are meant as written",
    "The query has {number} characters; at most {most} can be read",
    "The query has {number} characters; at most {most} are read",
    "The query has more than {most} words and patterns",
    "The query is nested more than {most} deep",
    "Read as either of two: {words}",
    "There are more than {most} NOT in a row",
    "There is no field {name}; the fields are {fields}",
    "There is no time in the range of dates",
    "There is no word between the quotation marks",
    "There is no word to search for in {text}",
    "There is nothing between the brackets",
    "{name} is not a date; write it like 2023-11-12, 2023-11 or yesterday",
    "{name} is not a date; try 20231112, 2023-11, 'last week', or [20231101 TO 20231112]",
    "“{query}” can\u2019t be read. {reason}",
    "{name} is not a number of articles",
    "{text} is searched for as words",
    "{words} was passed over; in quotes, words are searched as they are",
    "{words} were passed over; in quotes, words are searched as they are",
    "“not” was passed over; to leave articles out, write NOT in capitals",
    "The number of articles is another one now. Download once more to have them",
)
"""What a query, or the form of an export, can lack."""

ADDRESSES = (
    "{value} is not a sort order. Use newest, oldest or relevance",
    "A filter by {filter} was too long and was ignored",
    "Only the first {most} filters by {filter} were used",
    "{value} is not a date and was ignored. Write dates like 2023-11-12",
    "The two dates were swapped, because the first was later than the second",
)
"""What of the address of a search could not be used."""

MISSING = (
    "There is no topic {name}",
    "There is no topic {name}; the nearest is {nearest}",
    "There is no topic {name}; the nearest are {nearest}",
    "There is no topic {name}; the topics are {topics}",
    "There is no entity {name}",
    "There is no entity {name}; the nearest is {nearest}",
    "There is no entity {name}; the nearest are {nearest}",
    "There is no source {name}",
    "There is no source {name}; the nearest is {nearest}",
    "There is no source {name}; the nearest are {nearest}",
    "There is no person {name}",
    "There is no person {name}; the nearest is {nearest}",
    "There is no person {name}; the nearest are {nearest}",
    "There is no organisation {name}",
    "There is no organisation {name}; the nearest is {nearest}",
    "There is no organisation {name}; the nearest are {nearest}",
    "There is no place {name}",
    "There is no place {name}; the nearest is {nearest}",
    "There is no place {name}; the nearest are {nearest}",
    "There is no language {name}",
    "There is no language {name}; the nearest is {nearest}",
    "There is no language {name}; the nearest are {nearest}",
    "There is no cluster {name}",
    "There is no story {name}",
    "There is no article {name}",
    "There is no article with the id {id}",
    "There is no feed at this address; its owner may have renewed it",
    "There is no list {name}",
    "There is no list {name} that everybody sees; sign in",
    "There is no user {name}",
    "There is no job {number}",
    "There is no page at this address",
    "You have no list {number}",
    "You have no saved search {number}",
    "Job {number} has no file",
    "The file of job {number} has gone; ask for it again",
    "This server does not keep what is read (web.reading)",
    "The query is too long",
    "{value} is not a day. Write days like 2023-11-12",
    "A rule needs a search: a query, or a filter",
    "This list has no page {page}",
    "The cluster {name} was hidden",
    "Names that begin with “{name}”",
    "Articles with the words “{name}”",
    "Articles that fit none of the topics.",
    "all articles",
    "All topics",
    "All clusters",
    "All entities",
    "All sources",
    "Its last page",
    "Search for it",
    "Search all articles",
    "The stories of the newest day",
)
"""What pages say of what is not there, and where they lead instead."""

FEEDS = (
    "{feed}: answered {status}",
    "answered {status}",
    "{name} is not a feed, and its page names none. Give the feed's own URL",
    "{name} offers no feed",
    "{name} redirects more than {most} times",
    "{name} is not a web address. It must begin with https:// {more}",
    "{name} is not subscribed to; add it first",
    "The server of {name} asks to be left alone for a while",
    "A feed has at most {most} labels of {length} characters each",
    "Choose an OPML file first",
    "silent for {days} days; it gave {pace} before",
    "gave {articles} articles on {day}; it gave {pace} before",
    "{number} articles a day",
)
"""What feeds, and those who add them, are told."""

JOURNAL = (
    "{topic} fits “{title}”",
    "{topic} does not fit “{title}”",
    "“{text}” names nothing in “{title}”",
    "{entity} is called {name}",
    "{entity} is of the type {type}, not {other}",
    "{entity} is hidden",
    "{entity} is shown again",
    "{one} and {other} are not one",
    "“{title}” repeats no other article",
    "1 article belongs to the story “{story}”",
    "{number} articles belong to the story “{story}”",
    "“{story}” is the story “{other}”",
    "The story “{story}” is called “{name}”",
    "The story “{story}” is pinned",
    "The story “{story}” is pinned no more",
    "A change that named a removed article",
    "Added the alert “{name}”",
    "Added the user {name} as {role}",
    "Asked for the job {job}",
    "Cancelled the job {job}",
    "Changed labels of {feed}",
    "Changed on the list “{name}”: {kind} “{thing}”",
    "Changed the password of {name}",
    "Let an article of {source} come back",
    "Made a token of {name} to {scope}: {token}",
    "Made the list “{name}”",
    "Made the rule “{name}”",
    "Paused the alert “{name}”",
    "Paused the rule “{name}”",
    "Put on the list “{name}”: {kind} “{thing}”",
    "Removed an article of {source}: {why}",
    "Removed the alert “{name}”",
    "Removed the list “{name}” with 1 thing on it",
    "Removed the list “{name}” with {number} things on it",
    "Removed 1 article: retention keeps {rule}",
    "Removed {number} articles: retention keeps {rule}",
    "Removed the rule “{name}”",
    "Removed the search “{name}”",
    "Removed token {number}",
    "Renewed the feed's address of the search “{name}”",
    "Resumed the alert “{name}”",
    "Resumed the rule “{name}”",
    "Saved the search “{name}”",
    "Subscribed to {feed}",
    "Subscribed to {feed} and {number} more",
    "Took a thing off the list “{name}”",
    "Took back what rule {number} did",
    "Unsubscribed from {feed}",
)
"""What the journal says of a change."""

DOUBTS = (
    "a part of that name",
    "spelled nearly alike",
    "the same name as {kind} in {number} articles",
    "the words of its letters",
)
"""Why two names are perhaps one."""

ALL = (*DOUBTS, *QUERIES, *ADDRESSES, *MISSING, *FEEDS, *JOURNAL)
"""All of them; a full stop at the end may be there or not."""

_VALUE = re.compile(r"\\{(\w+)\\}")


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what finds each sentence, those first that leave least to values."""
    order = sorted(ALL, key=lambda each: -len(_VALUE.sub("", re.escape(each))))
    return tuple(
        (re.compile(_VALUE.sub(r"(?P<\1>.+?)", re.escape(each)) + r"\.?", re.DOTALL), each)
        for each in order
    )


@lru_cache(maxsize=2_000)
def recognise(text: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return the form of a sentence, and its values by their names; None where it has none."""
    for form, each in _forms():
        found = form.fullmatch(text)
        if found:
            return each, tuple(found.groupdict().items())
    return None
