"""A name that is no time zone -> the zones that it probably means, by the IANA database's own tables. Pure.

The database names zones after few cities, so most cities are not in it; where its tables say nothing of a name, nor
do we. Its files, as the package tzdata has them: `zone.tab` lists each territory's zones with a comment on those of
several, `iso3166.tab` the territories' names, `tzdata.zi` the links from older names (https://www.iana.org/time-zones).
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

_OFFSET = re.compile(r"(?:Etc/)?(?:UTC|GMT)? ?([+-]) ?0?(\d{1,2})(?::?00)?", re.IGNORECASE)
# So many zones may be named; more would be no hint.
_MOST = 3


def meant(text: str) -> list[str]:
    """The zones, three at most; none where it would be a guess."""
    name = re.sub(r"\s+", "_", text.strip().lower())
    if found := _OFFSET.fullmatch(text.strip()):
        return _fixed(found[1], int(found[2]))
    if zones := _by_name().get(name):
        return zones
    area, _, city = name.rpartition("/")
    for known in (_by_city, _by_territory, _by_comment):
        zones = known().get(city, [])
        if len(zones) > 1 and area:
            # America/Eastern is one of two; Australia/Eastern is neither.
            zones = [zone for zone in zones if zone.lower().startswith(f"{area}/")]
        if 0 < len(zones) <= _MOST:
            return zones
    return _misspelt(area, city)


def _fixed(sign: str, hours: int) -> list[str]:
    """`UTC+8` is Etc/GMT-8: the database counts as POSIX does, hours behind Greenwich."""
    zone = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "UTC"
    return [zone] if zone in available_timezones() else []


def _misspelt(area: str, city: str) -> list[str]:
    """A city that differs by a letter or two from one in the same area."""
    cities = {name.rpartition("/")[2] for name in _by_name() if name.startswith(area)}
    near = get_close_matches(city, cities, n=1, cutoff=0.8)
    # An abbreviation, as CST, is no misspelt name.
    return _by_city()[near[0]][:_MOST] if near and len(city) > 4 else []


@cache
def _by_name() -> dict[str, list[str]]:
    return {zone.lower(): [zone] for zone in available_timezones()}


@cache
def _by_city() -> dict[str, list[str]]:
    """The last part of each name, older names and areas of a country (`US/Eastern`) included."""
    links = dict(line.split()[2:0:-1] for line in _lines("tzdata.zi") if line.startswith("L "))
    cities: dict[str, set[str]] = {}
    for zone in available_timezones():
        cities.setdefault(zone.lower().rpartition("/")[2], set()).add(links.get(zone, zone))
    return {city: sorted(zones) for city, zones in cities.items()}


@cache
def _by_territory() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for code, _, zone, *_ in _rows("zone.tab"):
        zones.setdefault(code, []).append(zone)
    named = {name.lower().replace(" ", "_"): zones.get(code, []) for code, name in _rows("iso3166.tab")}
    return named | {code.lower(): found for code, found in zones.items()}


@cache
def _by_comment() -> dict[str, list[str]]:
    """The words of the comments: `Beijing Time` stands at Asia/Shanghai."""
    words: dict[str, list[str]] = {}
    for _, _, zone, *comment in _rows("zone.tab"):
        for word in set(re.findall(r"[a-z]{4,}", " ".join(comment).lower())):
            words.setdefault(word, []).append(zone)
    return {word: zones for word, zones in words.items() if len(zones) == 1}


def _rows(table: str) -> list[list[str]]:
    return [line.split("\t") for line in _lines(table) if line and not line.startswith("#")]


def _lines(name: str) -> list[str]:
    return (files("tzdata.zoneinfo") / name).read_text("utf-8").splitlines()
