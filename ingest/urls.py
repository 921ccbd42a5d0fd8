"""Canonical URLs: one for all addresses of the same page.

It is a key, not a link to follow: scheme, `www.` and mobile hosts are levelled. What is dropped is
named in tables; what may tell two articles apart (`?id=`, `?p=`, `#!`) stays. Punycode, default
ports and the spelling of paths are courlan's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit

MAX_URL = 4_096
"""Characters of a link; a longer one is no link but an attack or an accident."""

# Prefixes of query parameters that campaign tools add: the lists of AdGuard (general_url.txt) and
# ClearURLs, as far as they can't name an article.
_TRACKER_PREFIXES = (
    "utm_", "at_", "ns_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "_hs", "mc_", "vero_", "oly_",
    "itm_", "ga_", "fb_", "wt_", "wt.", "stm_", "cx_", "trk_", "__twitter_", "__s", "gtm_",
)  # fmt: skip
_TRACKERS = frozenset(
    {
        # Click numbers
        "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid",
        "ttclid", "igshid", "igsh", "li_fat_id", "gclsrc", "_gl", "_ga", "mkt_tok", "srsltid",
        "epik", "rdt_cid", "irclickid", "s_cid", "s_kwcid", "wickedid", "sfmc_id",
        # Where the reader came from
        "ref_src", "ref_url", "refsrc", "srcref", "cmpid", "cmp_id", "icid", "intcmp", "intcid",
        "campaignid", "campaign_id", "traffic_source", "xtor", "ocid", "ncid", "smid", "smtyp",
        "soc_src", "soc_trk", "sr_share", "ito", "ftag", "spm", "sharetype", "share_type", "emc",
        "edition-redirect", "guccounter", "guce_referrer", "guce_referrer_sig", "wprov", "tpcc",
        "via_source", "triedredirect",
        # How the page is drawn
        "amp", "outputtype", "output_type", "m_view", "isamp", "usqp", "amp_js_v", "amp_gsa",
    }
)  # fmt: skip
_DOUBTFUL = frozenset(
    {
        "ref", "referrer", "referer", "source", "src", "cmp", "campaign", "partner", "partnerid",
        "rss", "rssid", "mod", "scm", "share", "af", "taid", "li", "feature", "si", "gi",
    }
)  # fmt: skip
"""Parameters that track on one site and name the article on another.

They are dropped where their site is known to track with them (`_HABITS`), and where their value is
a word for a channel. All but a few of those in the archive of November 2023 are.
"""
_HABITS = {
    # ClearURLs, Rules (data.min.json), as far as these parameters are named for a site
    "9gag.com": {"ref"},
    "aliexpress.com": {"af", "scm"},
    "facebook.com": {"ref", "referrer"},
    "giphy.com": {"ref"},
    "google.com": {"source", "referrer"},
    "medium.com": {"source"},
    "mozilla.org": {"src"},
    "norml.org": {"source"},
    "ozon.ru": {"partner"},
    "readdc.com": {"ref"},
    "shutterstock.com": {"src"},
    "spotify.com": {"si"},
    "swp.de": {"source"},
    "twitter.com": {"src"},
    "woot.com": {"ref"},
    # Seen in the links of their own feeds and share buttons, whatever the article
    "msn.com": {"li"},
    "science.org": {"af"},
    "wsj.com": {"mod"},
    "x.com": {"src"},
    "youtu.be": {"feature", "si"},
    "youtube.com": {"feature", "si"},
}
_CHANNELS = frozenset(
    {
        "", "0", "1", "true", "yes", "rss", "rss1", "rss2", "rss2.0", "feed", "feeds", "atom",
        "feedburner", "feedly", "twitter", "tw", "x", "facebook", "fb", "linkedin", "li", "reddit",
        "instagram", "ig", "pinterest", "whatsapp", "telegram", "tg", "youtube", "yt", "tiktok",
        "email", "e-mail", "mail", "newsletter", "nl", "push", "social", "share", "sharing", "copy",
        "google", "googlenews", "google_news", "gnews", "bing", "yahoo", "msn", "flipboard",
        "smartnews", "applenews", "apple_news", "news", "home", "homepage", "front", "frontpage",
        "top", "web", "site", "app", "mobile", "desktop", "ios", "android", "widget", "search",
        "direct", "external", "internal", "related", "recommended", "emb", "emb_title", "hn",
        "hackernews", "producthunt", "substack", "medium", "nav", "menu", "footer", "header",
        "sidebar", "article", "link", "partner", "campaign", "ad", "ads", "cpc", "organic",
    }
)  # fmt: skip
"""Values that tell where a reader comes from, on any site."""
_CHANNEL = re.compile(
    r"(?:rss|feed|twitter|facebook|newsletter|share|social|email|push)[-_.]+[\w.-]*"
    r"|[\w.-]*[-_.]+(?:rss|feed|twitter|facebook|newsletter|share|social|email|push)"
    r"|(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|app|news|dev|me)|https?(?::|%3a).*"
)

_MEDIUM_SESSION = re.compile(r"[0-9a-f]{12}")  # on all hosts of Medium, of which there are many
_TELLING_NOTHING = _TRACKERS | _DOUBTFUL | _CHANNELS
_MOBILE_HOST = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_AMP_PATH = re.compile(r"/amp(?:/|\.html)?$|(?<=\w)\.amp(?=\.html$|$)")
MAX_LEVELS = 50
"""Addresses within each other; what has more is none that anybody gave."""
_AMP_CACHE = re.compile(r"^/(?:[a-z]/){0,2}(?=[^/]+\.[^/]+/)")
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\^`{|}\ud800-\udfff]")
_BROKEN = re.compile(r"[\r\n\t\x00\ud800-\udfff]+")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;|#0{0,3}38;|#[xX]26;)+")
_SAFE_IN_FRAGMENT = "!$&'()*+,;=:@/?-._~%"
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_PLAIN = re.compile(
    r"https://(?:www\.)?([a-z][a-z0-9.-]*\.[a-z]{2,}/(?:[A-Za-z0-9._~/,-]*[A-Za-z0-9_~-])?)/?"
    r"(?:\?([A-Za-z0-9._~=&+-]*))?(?:#[A-Za-z0-9._~=&-]*)?"
)
_ODD = re.compile(
    r"//|/\.|(?:^|\.)xn--|ampproject\.org/|(?:^|\.)amp(?:[./]|$)|/amp(?:/|$)|^(?:m|mobile)\.|^youtu\.be/"
)


def is_web_address(url: str) -> bool:
    """Say whether `url` is an absolute http(s) address with a host, fit to be shown as a link."""
    if len(url) > MAX_URL:
        return False
    if _PLAIN.fullmatch(url):
        return True
    if not url[:8].lower().startswith(("http://", "https://")) or _UNFIT.search(url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname)


def tidy(url: str) -> str:
    """Return the link as it can stand in a page: trimmed, line breaks gone, blanks encoded.

    `&amp;` is what writers leave of an `&` that they escaped once too often.
    """
    if "&" in url:
        url = _ESCAPED_AMPERSAND.sub("&", url)
    if not _UNFIT.search(url):
        return url
    url = _BROKEN.sub("", url.strip())
    return _UNFIT.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), url)


def canonical_url(url: str) -> str:
    """Return the one URL that stands for the article at `url`; "" for what is not a web address.

    Escapes are in capitals, as RFC 3986 (6.2.2.1) says.
    """
    url = _with_capital_escapes(url)
    match = _PLAIN.fullmatch(url)
    if match and len(url) <= MAX_URL and not _ODD.search(match[1]):
        query = _query(match[2], match[1].partition("/")[0]) if match[2] else ""
        return f"https://{match[1]}?{query}" if query else f"https://{match[1]}"
    return _canonical(url)


@lru_cache(maxsize=1_024)
def _canonical(url: str) -> str:
    """Return what is canonical of a URL that is not plain, levelled until nothing changes: an AMP
    page may stand in the cache of another, and what is unescaped may be odd in its turn.
    """
    found = _once(url)
    for _ in range(MAX_LEVELS):
        again = _once(found)
        if again == found:
            return found
        found = again
    return ""


def _once(url: str) -> str:
    """Return a URL levelled once; escapes may come of what stood apart, as in `%<line break>2f`."""
    url = tidy(url)
    if not is_web_address(url):
        return ""
    try:
        return _with_capital_escapes(_levelled(_out_of_amp_cache(urlsplit(url))))
    except ValueError:  # a host that is no name, such as a Punycode label that decodes to nothing
        return ""


def _with_capital_escapes(url: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].upper(), url) if "%" in url else url


def _levelled(parts: SplitResult) -> str:
    host = _host(parts)
    if not host.strip("."):
        raise ValueError(parts.netloc)
    path = _path(parts.path)
    query = _query(parts.query, host)
    if host == "youtu.be" and len(path) > 1:
        host, path, query = "youtube.com", "/watch", f"v={path[1:]}"
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return (
        f"https://{host}{path}"
        + (f"?{query}" if query else "")
        + (f"#{fragment}" if fragment else "")
    )


def _out_of_amp_cache(parts: SplitResult) -> SplitResult:
    """Return the publisher's own address for a page in Google's AMP viewer or cache."""
    host = (parts.hostname or "").lower()
    if host.endswith(".cdn.ampproject.org") or (
        host in {"www.google.com", "google.com"} and parts.path.startswith("/amp/s/")
    ):
        path = parts.path.removeprefix("/amp")
        inner = _AMP_CACHE.sub("", path)
        if inner != path:
            own = f"https://{inner}" + (f"?{parts.query}" if parts.query else "")
            return urlsplit(own) if is_web_address(own) else parts
    return parts


def _host(parts: SplitResult) -> str:
    from courlan.clean import decode_punycode

    host = decode_punycode((parts.hostname or "").lower()).rstrip(".")
    host = _MOBILE_HOST.sub("", host)
    port = parts.port
    if ":" in host:
        host = f"[{host}]"
    return host if port in {None, 80, 443} else f"{host}:{port}"


def _path(path: str) -> str:
    from courlan.clean import PATH1, PATH2, normalize_part

    path = _without_dots(PATH2.sub("", PATH1.sub("/", path)))
    path = normalize_part(_unescape_plain(path))
    path = _AMP_PATH.sub("", path)
    return path.rstrip("/") or "/"


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` folders as a browser does."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for folder in path.split("/"):
        if folder == ".." and len(kept) > 1:
            kept.pop()
        elif folder not in {".", ".."}:
            kept.append(folder)
    return "/".join(kept)


def _unescape_plain(path: str) -> str:
    """Undo percent signs before what needs none: %7E is ~, %2D is a hyphen."""
    if "%" not in path:
        return path
    return re.sub(
        r"%(?:2[dDeE]|5[fF]|7[eE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])",
        lambda m: unquote(m[0]),
        path,
    )


def _query(query: str, host: str) -> str:
    kept = []
    for field in query.split("&"):
        name, _, value = field.partition("=")
        name = name.lower()
        if "%" in name or ";" in name:
            name = unquote(name).removeprefix("amp;")
        if not field or name in _TRACKERS or name.startswith(_TRACKER_PREFIXES):
            continue
        if name in _DOUBTFUL and _tracks(name, value.lower(), host):
            continue
        kept.append(field.removeprefix("amp;"))
    return "&".join(sorted(set(kept)))


def _tracks(name: str, value: str, host: str) -> bool:
    """Say whether a doubtful parameter tracks: by its value, or by the habit of its site."""
    if value in _CHANNELS or _CHANNEL.fullmatch(value):
        return True
    if name == "gi" and _MEDIUM_SESSION.fullmatch(value):
        return True
    while "." in host:
        if name in _HABITS.get(host, ()):
            return True
        host = host.partition(".")[2]
    return False


def fragment_of(url: str) -> str:
    """Return the fragment of a link where it may name a part of a page, "" where it tracks."""
    fragment = url.partition("#")[2]
    if not fragment:
        return ""
    name, equals, _ = fragment.lower().partition("=")
    tracks = name in _TELLING_NOTHING or name.startswith(_TRACKER_PREFIXES)
    return "" if tracks and (equals or name in _CHANNELS) else fragment


def part_of(canonical: str, part: str) -> str:
    """Return the canonical URL of one part of a page that holds several articles."""
    page = canonical.partition("#")[0]
    return f"{page}#{quote(part, safe=_SAFE_IN_FRAGMENT)}" if canonical else ""


def outlet_of(url: str, source: str) -> str:
    """Return what tells one outlet from another: its host, as an outlet may have many feeds."""
    return host_of(url) or source


def host_of(url: str) -> str:
    """Return the host of an address without `www.`, or ""."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
