"""Times as int64 nanoseconds since 1970-01-01 UTC: the one place where epochs, dates and what pandas
holds become such, for tapes and for recordings of trades; their direction; and back to text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tapes.bars import CellFault, TapeError

SECOND = 10**9
DAY = 86400 * SECOND
LAST_SECOND = 7258118400  # 2200-01-01
LAST_NS = f"{LAST_SECOND}{'0' * 9}"
LONGEST = 1000  # digits that are compared
EPOCHS = ((10**11, SECOND), (10**14, 10**6), (10**17, 10**3))  # below the first: in units of [ns]
UNITS = {"s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": DAY, "w": 7 * DAY}
NEEDED = ("must be seconds, ms, us or ns since 1970, or a date such as 2024-01-31 or "
          "2024-01-31 23:59:00")

_DATE = r"\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d{4}\.\d\d\.\d\d|\d{8}"
_CLOCK = r"[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?"
_OFFSET = r" ?(?:Z|UTC|[+-]\d\d:?\d\d)"
_EACH_ALONE = {} if pd.__version__.startswith("1.") else {"format": "ISO8601"}  # not as the first
_ISO = re.compile(rf"(?:{_DATE})(?:{_CLOCK}(?:{_OFFSET})?)?")


@dataclass
class Zone:
    """The time zone of dates with a time of day but without an offset.

    name: as asked for, None where nobody did, which is UTC
    met: whether there was such a time, so that the zone matters
    """

    name: str | None = None
    met: bool = False

    @property
    def utc(self) -> bool:
        return self.name in (None, "UTC")


def nanoseconds(moments: pd.Series) -> np.ndarray:
    """Dates of pandas as int64 [ns since 1970-01-01 UTC], whatever unit pandas keeps them in (s, ms or
    us in Parquet, us by default since pandas 3). Those without a zone are in UTC."""
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    return moments.to_numpy().astype("datetime64[ns]").astype(np.int64)


def parse_times(texts: pd.Series, zone: Zone) -> np.ndarray:
    """Texts, numbers or dates of pandas as nanoseconds since 1970-01-01 UTC.

    Whole numbers are epochs, their unit told by their size; other text must be an ISO date. A date
    alone is midnight UTC. Raises CellFault at the first that is none of these.
    """
    texts = texts.reset_index(drop=True)
    if pd.api.types.is_datetime64_any_dtype(texts):
        return _stored_dates(texts, zone)
    numbers = _whole_numbers(texts)
    if numbers is None:
        return _parse_dates(_of_one_kind(texts), zone)
    if ((numbers >= 19000101) & (numbers <= 22001231)).all():
        return _parse_dates(pd.Series(numbers).astype(str), zone)
    return parse_epochs(numbers)


def newest_first(times: np.ndarray) -> bool:
    """Whether more steps go back than forward: a direction, not a disorder."""
    steps = np.diff(times)
    return bool((steps < 0).sum() > (steps > 0).sum())


def _stored_dates(moments: pd.Series, zone: Zone) -> np.ndarray:
    """Dates that a file holds as such; without a zone of their own they are like texts without one."""
    missing = moments.isna()
    if missing.any():
        raise CellFault(int(missing.idxmax()), "nothing", "must be a time")
    years = moments.dt.year
    bad = (years < 1970) | (years >= 2200)
    if bad.any():
        raise CellFault(int(bad.idxmax()), str(moments[bad.idxmax()]), NEEDED)
    if moments.dt.tz is None:
        zone.met = True
        if not zone.utc:
            moments = _localised(moments.astype(str), moments, zone)
    return nanoseconds(moments)


def _whole_numbers(texts: pd.Series) -> np.ndarray | None:
    """As int64 where every text is a whole number, also when written 1502942400.0."""
    values = texts.to_numpy(dtype=object)
    if any(isinstance(value, str) and "_" in value for value in values):
        return None  # Python alone reads 1_000
    try:
        if not any(isinstance(value, float) for value in values):
            return values.astype(np.int64)
    except (ValueError, OverflowError, TypeError):
        pass
    try:
        numbers = values.astype(float)
    except (ValueError, OverflowError, TypeError):
        return None
    with np.errstate(invalid="ignore"):
        whole = (np.abs(numbers) < 2.0**53) & (numbers == np.floor(numbers))
    return numbers.astype(np.int64) if whole.all() else None


def parse_epochs(numbers: np.ndarray) -> np.ndarray:
    """Numbers since 1970 as nanoseconds: below 1e11 seconds, 1e14 ms, 1e17 us, else ns.

    numbers: int64. Raises CellFault at the first that is not from 1970 to 2200.
    """
    ticks = np.select([numbers < largest for largest, _ in EPOCHS], [tick for _, tick in EPOCHS], 1)
    bad = (numbers < 0) | (numbers > LAST_SECOND * (SECOND // ticks))
    if bad.any():
        row = int(np.argmax(bad))
        raise CellFault(row, numbers[row], NEEDED)
    return numbers * ticks


def parse_epoch(number: int) -> int:
    """One of them; raises ValueError."""
    tick = next((tick for largest, tick in EPOCHS if number < largest), 1)
    if not 0 <= number <= LAST_SECOND * (SECOND // tick):
        raise ValueError(f"time {number} ({NEEDED})")
    return number * tick


def _of_one_kind(texts: pd.Series) -> pd.Series:
    """Stripped texts; among epochs the first that is none is refused, not the others."""
    texts = texts.astype(str).str.strip().reset_index(drop=True)
    epochs = texts.str.fullmatch(r"\d{9,}(?:\.0*)?")
    if epochs.mean() >= 0.5:
        large = texts.str.fullmatch(r"\d{19,}") & (texts.str.zfill(LONGEST) > LAST_NS.zfill(LONGEST))
        _refuse(texts, ~epochs | large, NEEDED)
    return texts


def _parse_dates(texts: pd.Series, zone: Zone) -> np.ndarray:
    """ISO dates as nanoseconds; what could be day first or month first is refused, not guessed."""
    _refuse(texts, ~texts.str.fullmatch(_ISO), NEEDED)
    plain = (texts.str.replace(r" ?UTC$", "Z", regex=True)
             .str.replace(r"^(\d{4})[/.]?(\d\d)[/.]?(\d\d)", r"\1-\2-\3", regex=True))
    moments = pd.to_datetime(plain, utc=True, errors="coerce", **_EACH_ALONE)
    _refuse(texts, moments.isna() | (moments.dt.year < 1970) | (moments.dt.year >= 2200), NEEDED)
    local = plain.str.contains(":") & ~plain.str.contains(r":.*(?:Z|[+-]\d\d:?\d\d)$")
    times = nanoseconds(moments)
    zone.met = zone.met or bool(local.any())
    if not zone.utc and local.any():
        times[local] = nanoseconds(_localised(texts[local], moments[local].dt.tz_localize(None), zone))
    return times


def _localised(texts: pd.Series, moments: pd.Series, zone: Zone) -> pd.Series:
    """Local times as UTC; those that a change of the clock skips or repeats are refused."""
    local = moments.dt.tz_localize(zone.name, ambiguous="NaT", nonexistent="NaT")
    _refuse(texts, local.isna(), f"must be a time that exists once in {zone.name}; give an offset")
    return local.dt.tz_convert("UTC")


def _refuse(texts: pd.Series, bad: pd.Series, needed: str) -> None:
    if bad.any():
        row = bad.idxmax()
        raise CellFault(int(row), texts[row], needed)


def parse_moment(text: str, zone: Zone, option: str) -> tuple[int, bool]:
    """The time that an option gives [ns since 1970-01-01 UTC], and whether it is a date alone."""
    try:
        return int(parse_times(pd.Series([text]), zone)[0]), bool(re.fullmatch(_DATE, text))
    except CellFault as fault:
        raise TapeError(f"{option} {text}: {fault.needed}") from None


def check_zone(zone: Zone) -> None:
    """Raises TapeError where there is no time zone of that name."""
    try:
        ZoneInfo(zone.name or "UTC")
    except (KeyError, ValueError, OSError):
        raise TapeError(f"--timezone {zone.name}: must be a name such as UTC or "
                        "America/New_York.") from None


def parse_length(text: str) -> int:
    """"1m", "5m", "1h", "1d" as nanoseconds."""
    found = re.fullmatch(r"([1-9]\d{0,8})([smhdw])", text)
    if not found:
        raise TapeError(f"--interval {text}: must be a whole number and s, m, h, d or w, such as "
                        "1m.")
    return int(found[1]) * UNITS[found[2]]


def length_text(length: int) -> str:
    """Nanoseconds in the largest unit that divides them: 60 * SECOND is "1m"."""
    for name in "dhms":
        if length % UNITS[name] == 0:
            return f"{length // UNITS[name]}{name}"
    return f"{length / SECOND:g}s"


def time_text(moment: int) -> str:
    """As 2024-01-31 23:59, with seconds and their parts only where there are any."""
    stamp = pd.Timestamp(int(moment))
    return str(stamp.strftime("%Y-%m-%d %H:%M") if int(moment) % UNITS["m"] == 0 else stamp)


def count_text(number: int, noun: str) -> str:
    """1 as "1 bar", 2 as "2 bars"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
