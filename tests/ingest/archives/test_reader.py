"""The archive's two formats: they tell the same, and nothing in them is lost without a word."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import astuple, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archives import json_days as archive_json
from ingest.archives import markdown_days as archive_markdown
from ingest.archives import reader as archive
from ingest.archives.reader import pair
from ingest.files import Zip
from ingest.intake import RawEntry
from ingest.parsed_source import ParsedSource, UnreadableError, joined
from models.article import Entry, Rejection

FEED = "https://harbour.example/rss"


class FileSource(dict[str, bytes]):
    """Files in memory."""

    def read(self, name: str) -> bytes:
        return self[name]


def read_pair(
    files: archive.FileSource, json_name: str | None, md_name: str | None
) -> ParsedSource:
    return joined(archive.read_pair(files, json_name, md_name))


def as_json(entries: list[dict[str, str]]) -> bytes:
    rows = [{"source": FEED, "artist": "Harbour Times", "language": "en", **e} for e in entries]
    return json.dumps(rows).encode()


def as_markdown(entries: list[dict[str, str]]) -> bytes:
    """Write entries as the archive's own writer does."""
    text = f"# Source:Harbour Times, URL:{FEED}, language:en\n\n"
    for e in entries:
        text += f"## {e['title']}\n - [{e['link']}]({e['link']})\n - RSS feed: {FEED}\n"
        text += f" - date published: {e['date_published']}\n\n{e['description']}\n\n"
    return text.encode()


def read_both(entries: list[dict[str, str]]) -> tuple[ParsedSource, ParsedSource]:
    files = FileSource({"a.json": as_json(entries), "b.md": as_markdown(entries)})
    return read_pair(files, "a.json", None), read_pair(files, None, "b.md")


@pytest.mark.parametrize("name", ["a.json", "a.md"])
@pytest.mark.parametrize("count", [1, 4_000])  # read as a whole, and as a stream
def test_a_bad_byte_in_an_archive_costs_one_character(name: str, count: int) -> None:
    entry = {
        "title": "Die Fähre fährt, \x00 Tag für Tag",
        "link": "https://harbour.example/{}",
        "date_published": "2023-11-12T22:00:18+00:00",
        "description": "Sie fährt wieder. " * 40,
    }
    entries = [entry | {"link": f"https://harbour.example/{n}"} for n in range(count)]
    if name == "a.json":
        row = {"source": FEED, "artist": "Harbour Times", "language": "de"}
        data = json.dumps([row | e for e in entries], ensure_ascii=False).encode()
        data = data.replace(b"\\u0000", b"\xff", 1).replace(b"\\u0000", b"")
        part = read_pair(FileSource({name: data}), name, None)
    else:
        data = as_markdown(entries).replace(b"\0", b"\xff", 1).replace(b"\0", b"")
        part = read_pair(FileSource({name: data}), None, name)
    assert len(part.entries) == count
    assert not part.rejections
    assert part.entries[0].title == "Die Fähre fährt, \ufffd Tag für Tag"
    [note] = part.notes
    assert (note.where, note.reason) == (
        *(name,),
        "has a place that is not utf-8; U+FFFD stands in for what can't be read",
    )


def test_an_archive_in_another_encoding_is_read_and_said() -> None:
    text = "Le café de la plage a été fermé à la fin de l'été, dit le maire à côté de l'hôtel. " * 5
    entry = {"title": "Café de l'été", "link": "https://a.example/1", "description": text}
    rows = [entry | {"date_published": "2023-11-12T22:00:18+00:00"}]
    for encoding, shown in [("cp1252", "windows-1252"), ("utf-16", "utf-16-le")]:
        data = json.dumps(rows, ensure_ascii=False).encode(encoding)
        part = read_pair(FileSource({"a.json": data}), "a.json", None)
        assert [one.title for one in part.entries] == ["Café de l'été"]
        assert [one.reason for one in part.notes] == [f"is not UTF-8; read as {shown}"]


LINES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=40
)
TRICKY = st.sampled_from(
    [
        "## A heading",
        " - a list",
        "# Source:X, URL:y, language:z",
        "",
        " - RSS feed: x",
        "None so",
        "---",
    ]
)
ENTRIES = st.fixed_dictionaries(
    {
        "title": LINES.map(lambda t: f"T{t}"),
        "link": st.from_regex(r"\Ahttps://[a-z]{1,9}\.example/[a-z0-9()\[\]&=?%-]{0,20}\Z"),
        "date_published": st.datetimes(
            min_value=datetime(1990, 1, 1),
            max_value=datetime(2023, 12, 1),
            timezones=st.just(UTC),
        ).flatmap(lambda d: st.sampled_from([d.isoformat(), d.isoformat(" ")])),
        "description": st.lists(LINES | TRICKY, max_size=6).map("\n".join),
    }
)


@given(st.lists(ENTRIES, min_size=1, max_size=6))
def test_both_formats_give_the_same_articles(entries: list[dict[str, str]]) -> None:
    one, other = read_both(entries)
    assert one.entries == other.entries
    assert len(one.entries) == len(entries)
    assert not one.rejections
    assert not other.rejections


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_entries_or_rejections_and_never_a_crash(data: bytes) -> None:
    files = FileSource({"a.json": data, "b.md": data})
    for names in (("a.json", None), (None, "b.md"), ("a.json", "b.md")):
        part = read_pair(files, *names)
        assert isinstance(part, ParsedSource)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "link", "date_published", "tags", "x"]), inner)
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=8))
def test_each_element_of_a_json_list_is_an_entry_or_a_rejection(elements: list[object]) -> None:
    part = read_pair(FileSource({"a.json": json.dumps(elements).encode()}), "a.json", None)
    assert len(part.entries) + len(part.rejections) == len(elements)


@given(st.lists(ENTRIES, min_size=1, max_size=4), st.data())
def test_a_cut_file_loses_no_entry_but_the_one_it_was_cut_in(
    entries: list[dict[str, str]], data: st.DataObject
) -> None:
    whole = as_markdown(entries).decode()
    cut = data.draw(st.integers(min_value=0, max_value=len(whole)))
    part = read_pair(FileSource({"b.md": whole[:cut].encode()}), None, "b.md")
    full = read_both(entries)[1].entries
    assert part.entries[:-1] == full[: max(0, len(part.entries) - 1)]
    untouched = sum(end <= cut for end in _ends(entries))
    assert len(part.entries) >= untouched


def _ends(entries: list[dict[str, str]]) -> list[int]:
    return [len(as_markdown(entries[:n]).decode()) for n in range(1, len(entries) + 1)]


def test_an_entry_cut_before_its_date_is_named() -> None:
    text = as_markdown([_entry("One"), _entry("Two")]).decode()
    cut = text[: text.rindex(" - date published")]
    part = read_pair(FileSource({"b.md": cut.encode()}), None, "b.md")
    assert [e.title for e in part.entries] == ["One"]
    assert [r.reason for r in part.rejections] == ["is cut off: it has no line with its date"]
    assert "entry 2" in part.rejections[0].where


def test_a_markdown_file_of_another_kind_is_a_rejection() -> None:
    part = read_pair(
        FileSource({"README.md": b"# Notes\n\n## Plan\n - buy rope\n"}), None, "README.md"
    )
    assert not part.entries
    assert [r.where for r in part.rejections] == ["README.md"]


def test_text_before_the_first_entry_is_not_lost_silently() -> None:
    data = b"# Some title\nA preface.\n\n" + as_markdown([_entry("One")]).partition(b"\n\n")[2]
    part = read_pair(FileSource({"b.md": data}), None, "b.md")
    assert [e.title for e in part.entries] == ["One"]
    assert [r.reason for r in part.rejections] == ["is text before the first entry"]


def test_a_title_over_two_lines_is_one_title() -> None:
    one, other = read_both([_entry("Ferry line\nreopens")])
    assert one.entries[0].title == other.entries[0].title == "Ferry line reopens"


def test_windows_line_ends_change_nothing() -> None:
    data = as_markdown([_entry("One"), _entry("Two")])
    part = read_pair(FileSource({"b.md": data.replace(b"\n", b"\r\n")}), None, "b.md")
    assert [e.title for e in part.entries] == ["One", "Two"]


def test_a_very_long_text_is_cut_and_the_cut_is_said() -> None:
    (entry,), notes = _read_one({**_entry("One"), "description": "word " * 50_000})
    assert len(entry.summary) <= 100_000
    assert entry.summary.endswith("…")
    assert any("250,000 characters" in n.reason or "249,999 characters" in n.reason for n in notes)


def test_a_date_in_the_future_is_noted_and_not_believed() -> None:
    (entry,), notes = _read_one({**_entry("One"), "date_published": "2999-01-01T00:00:00+00:00"})
    assert entry.published is None
    assert ["in the future" in n.reason for n in notes] == [True]


@settings(max_examples=30)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_a_damaged_zip_is_an_error_or_rejections(
    tmp_path_factory: pytest.TempPathFactory, a: bytes, b: bytes
) -> None:
    from ingest.source import read
    from models.errors import SourceError

    path = tmp_path_factory.mktemp("zip") / "month.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr("a_entries.json", as_json([_entry("One")]))
    whole = path.read_bytes()
    at = len(a) % len(whole)
    path.write_bytes(whole[:at] + b + whole[at + len(b) :])
    try:
        parts = list(read(str(path)))
    except SourceError:
        return
    assert all(part.entries or part.rejections for part in parts)


def test_a_member_with_a_damaged_name_is_a_rejection(tmp_path: Path) -> None:
    path = tmp_path / "month.zip"
    with zipfile.ZipFile(path, "w") as archived:
        archived.writestr("\u00e9_entries.json", as_json([_entry("One")]))
    path.write_bytes(path.read_bytes().replace(b"\xc3\xa9", b"\xff\xfe", 1))
    files = Zip(path)
    part = read_pair(files, files.names()[0], None)
    files.close()
    assert ["is damaged in the ZIP" in r.reason for r in part.rejections] == [True]


def test_a_member_packed_by_lzma_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "month.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archived:
        archived.writestr("a_entries.json", as_json([_entry("One")]))
    files = Zip(path)
    files.close()
    assert not files.names()
    assert ["packed in a way" in r.reason for r in files.refused()] == [True]


def test_a_member_that_appears_twice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "month.zip"
    with zipfile.ZipFile(path, "w") as archived:
        archived.writestr("a_entries.json", as_json([_entry("One")]))
        with pytest.warns(UserWarning, match="Duplicate"):
            archived.writestr("a_entries.json", as_json([_entry("Two")]))
    files = Zip(path)
    assert [r.reason for r in files.refused()] == ["stands 2 times in the ZIP; the last is read"]
    files.close()


def _entry(title: str) -> dict[str, str]:
    return {
        "title": title,
        "link": f"https://harbour.example/{title.rsplit(maxsplit=1)[-1].lower()}",
        "date_published": "2023-11-12T22:00:18+00:00",
        "description": "It runs again.",
    }


def _read_one(entry: dict[str, str]) -> tuple[tuple[Entry, ...], tuple[Rejection, ...]]:
    part = read_pair(FileSource({"a.json": as_json([entry])}), "a.json", None)
    return part.entries, part.notes


@pytest.mark.archive
@pytest.mark.slow
@pytest.mark.parametrize(("month", "day"), [("2023-11", "2023-11-12"), ("2023-03", "2023-03-01")])
def test_each_markdown_of_a_real_day_tells_what_its_json_tells(
    archive: Path, month: str, day: str
) -> None:
    """Title, link, date and description: all that the Markdown can carry."""
    files = Zip(archive / f"{month}.zip")
    counted: Counter[str] = Counter()
    for json_name, md_name in pair(n for n in files.names() if f"/{day}/" in n):
        assert json_name
        assert md_name
        one = list(archive_json.read_rows(archive_json.load_json(files.read(json_name)), json_name))
        lines = archive_markdown.lines_of(files.read(md_name))
        other = list(archive_markdown.read_rows(lines, md_name))
        assert len(one) == len(other)
        for told, again in zip(one, other, strict=True):
            assert isinstance(told, RawEntry)
            assert isinstance(again, RawEntry)
            assert carried(told) == carried(again)
            counted["raw"] += 1
        left, right = (
            read_pair(files, json_name, None),
            read_pair(files, None, md_name),
        )
        assert [seen(e) for e in left.entries] == [seen(e) for e in right.entries]
        counted["entries"] += len(left.entries)
    files.close()
    assert counted["raw"] >= counted["entries"] > 1_500


def carried(raw: RawEntry) -> RawEntry:
    """Leave out what only one of the formats carries."""
    return replace(raw, where="", source="", language="", categories=())


def seen(entry: Entry) -> Entry:
    return replace(entry, source="", language="", categories=())


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"[", b'"', b"{", b"\xff\xfe[]", b"[" * 100_000, b"9" * 9_999]
)
def test_bytes_that_are_not_json_are_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(archive_json.read_rows(archive_json.load_json(data), "a.json"))


WILD = st.text(alphabet="a\ud800\udfff\x00\x1b\u202e<>&\n\u00e9", max_size=12)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                key: WILD.map(lambda text: f"https://a.example/{text}") if key == "link" else WILD
                for key in ("title", "link", "description", "source", "artist", "language")
            }
        ),
        max_size=3,
    )
)
def test_whatever_an_entry_holds_every_text_can_be_stored(entries: list[dict[str, str]]) -> None:
    part = read_pair(FileSource({"a.json": json.dumps(entries).encode()}), "a.json", None)
    texts = [part.feed.url, part.feed.title, part.feed.language]
    for entry in part.entries:
        texts += [value for value in astuple(entry) if isinstance(value, str)]
    for text in texts:
        assert "\0" not in text
        text.encode()


@pytest.mark.parametrize(
    ("line", "name", "url", "language"),
    [
        (
            "# Source:Harbour, URL:https://a.example, language:en",
            "Harbour",
            "https://a.example",
            "en",
        ),
        (
            "# Source:A, URL:b, URL:https://a.example, language:en",
            "A, URL:b",
            "https://a.example",
            "en",
        ),
        ("# Source:None, URL:https://a.example, language:None", "", "https://a.example", ""),
        ("# Source:A, URL:b, language:x, language:y", "A", "b", "x, language:y"),
        ("# Source:A, language:en", "", "", ""),
    ],
)
def test_the_header_names_publisher_feed_and_language(
    line: str, name: str, url: str, language: str
) -> None:
    assert archive_markdown.read_header(line) == archive_markdown.Header(name, url, language)


def test_a_text_without_end_costs_its_own_entry_only() -> None:
    entries = [{**_entry("One"), "description": "\n".join(["word"] * 500_000)}, _entry("Two")]
    part = read_pair(FileSource({"b.md": as_markdown(entries)}), None, "b.md")
    assert [entry.title for entry in part.entries] == ["One", "Two"]
    assert "has a summary of" in part.notes[0].reason
