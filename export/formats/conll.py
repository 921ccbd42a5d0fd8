"""CoNLL: tokens with entities in IOB2, as columns (CoNLL-2003) or as CoNLL-U.

Only what Slugline knows is filled in: parts of speech and syntax are `_`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from export.annotated import annotated
from export.files import OneFile
from export.record import Record, note_lines
from export.tokens import tokenised
from export.write_options import WriteOptions

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ENDS = frozenset(".!?\u3002\uff01\uff1f\u061f\u0964")


class Conll(OneFile):
    """CoNLL-2003: word, part of speech, chunk and entity, a blank line between sentences."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield an article at a time; each begins with -DOCSTART-."""
        for record in records:
            lines = ["-DOCSTART- -X- -X- O", ""]
            for sentence in _sentences_of(record, options):
                lines += [f"{token.text} _ _ {iob(token)}" for token in sentence]
                lines.append("")
            yield "\n".join(lines) + "\n"


class Conllu(OneFile):
    """CoNLL-U: ten columns, entities in MISC, ids of articles and sentences in comments."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield an article at a time."""
        for record in records:
            article = record.tagged.article
            for number, sentence in enumerate(_sentences_of(record, options), 1):
                head = []
                if number == 1:
                    head.append(f"# newdoc id = {article.id}")
                    head += [f"# topic = {topic.slug}" for topic in record.tagged.topics]
                    head += [f"# note = {line}" for line in note_lines(record)]
                head.append(f"# sent_id = {article.id}-{number}")
                head.append(f"# text = {_text(sentence)}")
                rows = [_row(place, token) for place, token in enumerate(sentence, 1)]
                yield "\n".join((*head, *rows)) + "\n\n"


def iob(token: Token) -> str:
    """Return a token's entity as IOB2."""
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"


def sentences(doc: Doc) -> Iterator[list[Token]]:
    """Yield the sentences of a text: they end with a line, or behind a full stop and the like.

    No sentence ends within an entity. Tokens without any letter that is seen are left out.
    """
    sentence: list[Token] = []
    for token in doc:
        if token.is_space or not token.text.strip():
            if "\n" in token.text and sentence and not _goes_on(token):
                yield sentence
                sentence = []
            continue
        sentence.append(token)
        if token.text[-1] in _ENDS and not _goes_on(token):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _sentences_of(record: Record, options: WriteOptions) -> Iterator[list[Token]]:
    text = annotated(record, text=options.text)
    return sentences(tokenised(text, record.tagged.article.language))


def _goes_on(token: Token) -> bool:
    """Say whether the token behind this one belongs to the same entity."""
    return token.i + 1 < len(token.doc) and token.nbor().ent_iob_ == "I"


def _text(sentence: list[Token]) -> str:
    return " ".join("".join(token.text_with_ws for token in sentence).split())


def _row(place: int, token: Token) -> str:
    misc = [] if iob(token) == "O" else [f"NER={iob(token)}"]
    if not token.whitespace_:
        misc.append("SpaceAfter=No")
    # A token never holds a tab or newline: the tokenisers make those tokens of their own.
    form = "".join(token.text.split())
    return "\t".join((str(place), form, *("_",) * 7, "|".join(misc) or "_"))
