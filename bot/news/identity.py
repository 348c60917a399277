"""When two addresses, or two texts, are the same article."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit, urlunsplit

# Parameters that say how the reader came, never what is shown. Sources: AdGuard's tracking parameter filter
# (https://github.com/AdguardTeam/AdguardFilters/tree/master/TrackParamFilter) and newspapers' own share links.
_TRACKING = re.compile(
    r"""(?:utm|pk|mtm|piwik|matomo|ns|at|hsa|oly|vero|sc|wt)_.*
    |(?:fbc|gc|dc|yc|twc|ttc|msclk|gbra|wbra|igsh|partner_|s_c)(?:l?id)|igsh|li_fat_id|mc_[ce]id|mkt_tok|_g[al]
    |_hs(?:enc|mi)|cmp(?:id|c)?|icid|ito|ocid|smid|smtyp|sr_share|guccounter|guce_referrer(?:_sig)?|ref|ref_(?:src|url)
    |rss|xtor|spm|share_source|ftag|cx_artpos|traffic_source|srnd""",
    re.IGNORECASE | re.VERBOSE,
)
_AMP_PARAMETERS = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("view", "amp")})
_VARIANT_LABELS = frozenset({"m", "mobile", "amp"})
_AMP_CACHE = re.compile(r"^/(?:amp|[cv])/(s/)?(?=[^/]+\.[^/]+/)")
_AMP_PATH = re.compile(r"/amp/?$|\.amp(?=\.html?$)|^/amp(?=/)", re.IGNORECASE)
_LATELY = 2048  # addresses; each is looked at several times while its article is taken in
_DEFAULT_PORT = {"http": 80, "https": 443}


def article_id(origin: str) -> str:
    """12 hexadecimal digits of SHA-256, the same for the same origin.

    ``origin`` is an article's URL, of which all variants give one id (http or https, with or without 'www.', and what
    ``canonical_url`` drops), or, where there is none, its text.
    """
    return hashlib.sha256(_same(origin).encode("utf-8", "surrogatepass")).hexdigest()[:12]


@lru_cache(maxsize=_LATELY)
def canonical_url(url: str) -> str:
    """``url`` as the article's own address: no fragment, credentials, tracking, AMP or mobile variant; sorted query.

    What isn't an http(s) URL is returned as it is.
    """
    parts = _out_of_cache(_split(url))
    if parts is None:
        return url
    host = _host(parts)
    path = _AMP_PATH.sub("", parts.path) or "/"
    return urlunsplit((parts.scheme.lower(), host, path, _query(parts.query), ""))


def shown_url(url: str) -> str:
    """``url`` fit for messages and logs: without credentials, and with an ellipsis for its query."""
    try:
        parts = urlsplit(url)
        host = _netloc(parts)
    except ValueError:
        return "(a malformed URL)"
    return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))


def same_site(url: str, other: str) -> bool:
    """Whether two URLs have one host, variants aside, or one's host lies under the other's."""
    one, two = (_bare_host(parts) if (parts := _split(address)) else "" for address in (url, other))
    return bool(one and two) and (one == two or one.endswith(f".{two}") or two.endswith(f".{one}"))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme.lower() in _DEFAULT_PORT and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if known else None


def _out_of_cache(parts: SplitResult | None) -> SplitResult | None:
    """The address that an AMP cache's URL wraps: google.com/amp/s/HOST/PATH, X.cdn.ampproject.org/c/s/HOST/PATH."""
    host = parts.hostname if parts else None
    if parts is None or host is None or not (host.endswith(".ampproject.org") or re.match(r"(www\.)?google\.", host)):
        return parts
    wrapped = _AMP_CACHE.match(parts.path)
    if wrapped is None:
        return parts
    scheme = "https" if wrapped[1] else "http"
    return _split(f"{scheme}://{parts.path[wrapped.end() :]}?{parts.query}") or parts


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if parts.port is None or parts.port == _DEFAULT_PORT.get(parts.scheme.lower()):
        return host
    return f"{host}:{parts.port}"


def _host(parts: SplitResult) -> str:
    """Host and port, without the label of a mobile or AMP variant ('m.', or 'm' inside as in 'en.m.wikipedia.org')."""
    labels = _netloc(parts).split(".")
    if len(labels) < 3:  # 'm.com' is a host of its own
        return ".".join(labels)
    return ".".join([label for label in labels[:-2] if label not in _VARIANT_LABELS] + labels[-2:])


def _bare_host(parts: SplitResult) -> str:
    return _host(parts).removeprefix("www.")


def _query(query: str) -> str:
    """What of the query says which page is meant, in a fixed order, spelt as it was: '?a' and '?a=' may differ."""
    return "&".join(sorted(field for field in query.split("&") if field and not _is_noise(field)))


def _is_noise(field: str) -> bool:
    name, _, value = field.lower().partition("=")
    return _TRACKING.fullmatch(name) is not None or (name, value) in _AMP_PARAMETERS


@lru_cache(maxsize=_LATELY)
def _same(origin: str) -> str:
    parts = None if any(c.isspace() for c in origin) else _split(canonical_url(origin))
    if parts is None:
        return origin
    return urlunsplit(("", _bare_host(parts), parts.path.rstrip("/"), parts.query, ""))
