"""Detects the encoding of a file and decodes it.

Bytes tell more than declarations do: text that is valid UTF-8 with letters beyond ASCII is UTF-8
whatever is declared, as in the byte-order marks and the order of trust of the WHATWG Encoding
Standard (https://encoding.spec.whatwg.org/).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_MUCH_HIRAGANA = 0.15  # of the characters beyond ASCII, as in all Japanese
_HIRAGANA = re.compile("[\u3041-\u3096]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"^[^<]{0,20}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<(?:dc:)?language[^>]{0,80}>\s*([a-z]{2})|xml:lang=[\"']([a-z]{2})", re.I)
_DECLARATION = re.compile(r"^[^<]{0,20}<\?xml[^>]{0,200}\?>")

_BY_LABEL = {
    # As the Encoding Standard reads them: writers that say Latin-1 mean what Windows makes of it.
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "latin1", "latin-1"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk", "gb-2312", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("tis-620", "iso-8859-11"), "cp874"),
    **{f"windows-125{n}": f"cp125{n}" for n in range(9)},
    **{f"cp125{n}": f"cp125{n}" for n in range(9)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16le", "ucs-2", "iso-10646-ucs-2", "unicode"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "windows-874": "cp874",
    "gb18030": "gb18030",
    "macintosh": "mac-roman",
    "hz-gb-2312": "hz",
}
"""Encodings that are read, by their labels; nothing else that a feed names is ever looked up."""

_BY_LANGUAGE = {
    **dict.fromkeys(("cs", "sk", "pl", "hu", "sl", "hr", "bs", "ro", "sq"), ("cp1250",)),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "sr"), ("cp1251", "koi8-r")),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    **dict.fromkeys(("et", "lv", "lt"), ("cp1257",)),
    "vi": ("cp1258",),
    "th": ("cp874",),
    "ko": ("cp949",),
    "ja": ("euc_jp", "cp932"),
    "zh": ("gb18030", "big5hkscs"),
}
"""Encodings that were in use for a language before UTF-8, the one to be tried first in front."""

_KIN = {
    **dict.fromkeys(("euc-jis-2004", "euc-jisx0213", "euc-jp"), "euc_jp"),
    **dict.fromkeys(("shift-jis-2004", "shift-jisx0213", "cp932"), "cp932"),
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), "big5hkscs"),
    **dict.fromkeys(("johab", "euc-kr", "cp949"), "cp949"),
    **dict.fromkeys(("koi8-r", "koi8-t"), "koi8-r"),
    "iso8859-5": "iso8859-5",
    "iso8859-7": "cp1253",
    "iso8859-2": "iso8859-2",
}
"""How the detector's names are read here."""
_CENTRAL_EUROPEAN = re.compile(rb"[A-Za-z][\xb3\xb9\xbf\xbe\x9f\x9d\x9a\x9e]|[\xb3\xbf\x9f][a-z]")
"""Bytes that are letters in Windows-1250 and mostly signs in Windows-1252, beside a letter."""
_STEP = 1_000_000
_GUESSED_FROM = 200_000
"""Bytes that are looked at where the encoding must be guessed."""


def decode_xml(data: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of an XML file without its declaration, and a remark, "" where all is right.

    `content_type` is the header of HTTP. Never raises: where no encoding fits, what can't be read
    becomes U+FFFD, one sign for each fault.
    """
    text, remark = _decode(data, content_type)
    return _DECLARATION.sub("", text, count=1).lstrip("\ufeff \t\r\n"), remark


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """Return the bytes of an archive's file as UTF-8, and a remark, "" where they are that already.

    Goes a step at a time, so that a large file takes no memory besides its own.
    """
    name = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    name = name or json.detect_encoding(data[:4])
    if name.startswith("utf-8"):
        faults, beyond = _faults_of_utf8(data)
        if not faults:
            return data, ""
        name = "utf-8" if _outweighs(beyond, faults) else _guess(data)
    faults = 0
    text = bytearray()
    for piece in _pieces(data, name):
        faults += piece.count("\ufffd")
        text += piece.encode("utf-8", "replace")
    if faults:
        return bytes(text), _faulty(faults, name)
    return bytes(text), f"is not UTF-8; read as {_shown(name)}"


def _faults_of_utf8(data: bytes) -> tuple[int, int]:
    """Return how many places are not UTF-8, and how many characters are not ASCII, with these."""
    if data.isascii():
        return 0, 0
    faults = beyond = 0
    for piece in _pieces(data, "utf-8"):
        faults += piece.count("\ufffd")
        beyond += len(_BEYOND_ASCII.findall(piece))
    if faults and _strictly_in_steps(data):
        return 0, beyond  # the sign itself stands in the file
    return faults, beyond


def _strictly_in_steps(data: bytes) -> bool:
    try:
        for _ in _pieces(data, "utf-8", "strict"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _pieces(data: bytes, name: str, errors: str = "replace") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)(errors)
    for start in range(0, len(data), _STEP):
        yield decoder.decode(data[start : start + _STEP], start + _STEP >= len(data))


def _decode(data: bytes, content_type: str) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark) and not (name == "utf-16-le" and data[2:4] == b"\0\0"):
            return _with_faults(data[len(mark) :], name)
    declared = _label(_DECLARED.match(data))
    sent = _label(_CHARSET.search(content_type))
    name = _told_by_bytes(data, {declared, sent})
    if name:
        return _with_faults(data, name)
    # A server's Latin-1 is what it says of everything; the file's own word is worth more then.
    ordered = (declared, sent) if sent in {"", "cp1252", "utf-8"} else (sent, declared)
    for name in ordered:
        if name and not name.startswith("utf-"):
            return _with_faults(data, name)
    name = _guess(data)
    text, faults = _with_faults(data, name)
    return text, faults or f"is not UTF-8 and names no encoding; read as {_shown(name)}"


def _told_by_bytes(data: bytes, named: set[str]) -> str:
    """Return the encoding that can be told from the bytes, "" where they leave it open."""
    start = data[:64].lstrip(b" \t\r\n")
    for begin, name in _WIDE:
        if start.startswith(begin) and (len(begin) == 4 or start[2:4] != b"\0\0"):
            return name
    if "iso2022_jp" in named and b"\x1b$" in data:
        return "iso2022_jp"
    return "utf-8" if _strictly(data, "utf-8") is not None or _is_mostly_utf8(data) else ""


def _label(found: re.Match[bytes] | re.Match[str] | None) -> str:
    if not found:
        return ""
    label = found[1]
    name = label.decode() if isinstance(label, bytes) else label
    return _BY_LABEL.get(name.lower(), "")


def _shown(name: str) -> str:
    return name.replace("cp125", "windows-125")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _with_faults(data: bytes, name: str) -> tuple[str, str]:
    text = _strictly(data, name)
    if text is not None:
        return text, ""
    text = data.decode(name, "replace")
    faults = text.count("\ufffd")
    return text, _faulty(faults, name)


def _faulty(faults: int, name: str) -> str:
    places = "a place that is" if faults == 1 else f"{faults:,} places that are"
    return f"has {places} not {_shown(name)}; U+FFFD stands in for what can't be read"


def _is_mostly_utf8(data: bytes) -> bool:
    """Say whether more characters beyond ASCII are rightly written in UTF-8 than wrongly."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return _outweighs(len(_BEYOND_ASCII.findall(text)), wrong)


def _outweighs(beyond: int, wrong: int) -> bool:
    return beyond - wrong > wrong


def _guess(data: bytes) -> str:
    """Return the encoding of bytes that are not UTF-8: by the language, else by what fits."""
    found = _LANGUAGE.search(data[:10_000])
    language = (found[1] or found[2]).decode().lower() if found else ""
    for name in _BY_LANGUAGE.get(language, ()):
        if _strictly(data, name) is not None:
            return name
    if language:
        return "cp1252"
    for name in ("cp932", "euc_jp"):
        text = _strictly(data[:_GUESSED_FROM], name) or ""
        if len(_HIRAGANA.findall(text)) > _MUCH_HIRAGANA * len(_BEYOND_ASCII.findall(text)):
            return name
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESSED_FROM]).best()
    name = best.encoding.replace("_", "-") if best else ""
    if name in {"cp1250", "cp1252"}:
        return "cp1250" if _CENTRAL_EUROPEAN.search(data) else "cp1252"
    return _KIN.get(name, _BY_LABEL.get(name, "cp1252"))
