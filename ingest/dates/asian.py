"""Dates of Asia as others write them: digits of other scripts, marks of day and time, eras."""

from __future__ import annotations

import re
import unicodedata

_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])\s*(\d{1,2}|元)(?=\s*[年./])")
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
"""The year before the first of a Japanese era."""
_CJK = str.maketrans(
    {
        "年": "/",
        "月": "/",
        "日": " ",
        "년": "/",
        "월": "/",
        "일": " ",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": " ",
    }
)
_HALVES = {"오전": "am", "오후": "pm", "上午": "am", "下午": "pm", "午前": "am", "午後": "pm"}
_CJK_TIME = re.compile(
    r"(\d{1,2})\s*[時时点시]\s*(?:(\d{1,2})\s*[分분]?)?\s*(?:(\d{1,2})\s*[秒초])?"
)


def with_latin_digits(text: str) -> str:
    """Return the text with the digits of Arabic, Persian and other scripts as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def with_latin_marks(text: str) -> str:
    """Return the text with the marks of Chinese, Japanese and Korean dates as others write them."""
    if text.isascii():
        return text
    half = next((value for mark, value in _HALVES.items() if mark in text), "")
    for mark in _HALVES:
        text = text.replace(mark, " ")

    def time(found: re.Match[str]) -> str:
        return f" {found[1]}:{int(found[2] or 0):02}:{int(found[3] or 0):02}{half} "

    text, changed = _CJK_TIME.subn(time, text)
    if half and not changed:
        text = re.sub(r"(\d{1,2}:\d\d(?::\d\d)?)", rf"\1{half}", text, count=1)
    return text.translate(_CJK)


def with_western_years(text: str) -> str:
    """Return the text with the years of Japanese eras as those of the western calendar."""
    return _ERA.sub(_western_year, text)


def _western_year(found: re.Match[str]) -> str:
    year = 1 if found[2] == "元" else int(found[2])
    return str(_ERAS[found[1]] + year)
