"""From rows to events: what can be read, what is set aside, what is corrected."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from reference.clock import Clock
from reference.conditions import UNREADABLE
from reference.exact import LARGEST

BASE = (
    "id",
    "type",
    "at",
    "unit",
    "person",
    "target",
    "replaces",
    "withdraws",
    "recorded_at",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_events(
    policy: dict, organisation: dict, rows: list[dict], clock: Clock, known_by: date | None = None
) -> tuple:
    """Read the rows that were known by a day (left out: all).

    Returns:
        The events that stand, and the rows that were set aside (with what could be read in them).
    """
    kinds = column_kinds(policy)
    units = {unit["id"] for unit in organisation["units"]}
    people = {person["id"] for person in organisation.get("people", [])}

    kept: list[dict] = []
    for number, row in enumerate(rows, start=1):
        trimmed = {key: without_blanks(row.get(key)) for key in kinds}
        values = {key: value for key, value in trimmed.items() if not is_missing(value)}
        if not values and all(is_missing(without_blanks(value)) for value in row.values()):
            continue
        if known_by is not None and not was_known(clock, values, known_by):
            continue
        read, bad = read_row(policy, kinds, units, people, clock, values, "withdraws" in values)
        kept.append({"row": number, "raw": values, "read": read, "bad": bad})
    kept = without_repeats(kept)

    events, rejected = [], []
    ids = [entry["raw"].get("id") for entry in kept]
    for entry in kept:
        raw = entry["raw"]
        bad = entry["bad"]
        event = {"row": entry["row"], "id": as_text(raw.get("id")), "values": entry["read"]}
        event["replaces"] = as_text(raw.get("replaces"))
        event["withdraws"] = as_text(raw.get("withdraws"))
        twice = raw.get("id") is not None and ids.count(raw["id"]) > 1
        if bad or twice:
            rejected.append(event)
        else:
            events.append(event)

    circling = in_circles(events)
    rejected = sorted([*rejected, *circling], key=lambda event: event["row"])
    events = [event for event in events if event not in circling]
    corrected = {of for event in events for of in corrects(event)}
    standing = [e for e in events if e["id"] not in corrected and e["withdraws"] is None]
    for row in rejected:
        row["might_count"] = row["id"] not in corrected and row["withdraws"] is None
    return standing, rejected


def corrects(event: dict) -> set[str]:
    return {event["replaces"], event["withdraws"]} - {None}


def in_circles(events: list[dict]) -> list[dict]:
    """Events that correct themselves, or each other in a circle."""
    left = list(events)
    while True:
        ids = {event["id"] for event in left}
        named = {of for event in left for of in corrects(event)}
        inside = [event for event in left if event["id"] in named and corrects(event) & ids]
        if len(inside) == len(left):
            return left
        left = inside


def column_kinds(policy: dict) -> dict[str, str]:
    """Every column that the policy knows, with its kind."""
    kinds = {
        "id": "text",
        "type": "type",
        "at": "at",
        "unit": "unit",
        "person": "person",
        "target": "unit",
        "replaces": "text",
        "withdraws": "text",
        "recorded_at": "at",
    }
    for event_type in policy["event_types"].values():
        for name, spec in (event_type.get("fields") or {}).items():
            kinds[name] = kind_of(spec)
    return kinds


def was_known(clock: Clock, raw: dict, day: date) -> bool:
    """Whether a row was entered (else: happened) by the end of a day; always, if it says neither.

    A row whose moment can't be read is there, whatever the day, and rejected.
    """
    said = raw.get("recorded_at", raw.get("at"))
    moment = UNREADABLE if said is None else read_moment(clock, said)
    return moment is UNREADABLE or moment["day"] <= day


def kind_of(spec: str | dict) -> str:
    if isinstance(spec, dict):
        return "text" if "one_of" in spec else "list"
    return spec


def is_missing(value: Any) -> bool:
    return value is None or value in ("", [])


def as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def without_repeats(entries: list[dict]) -> list[dict]:
    """Keep one of the rows that have the same id and say the same in everything."""
    kept: list[dict] = []
    for entry in entries:
        same = [other for other in kept if said(other) == said(entry)]
        if "id" in entry["raw"] and same:
            continue
        kept.append(entry)
    return kept


def said(entry: dict) -> dict:
    """What a row says, as it is read; what can't be read, as it is written."""
    raw, read = entry["raw"], entry["read"]
    return {key: raw[key] if read.get(key, UNREADABLE) is UNREADABLE else read[key] for key in raw}


def without_blanks(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def read_row(
    policy: dict,
    kinds: dict[str, str],
    units: set[str],
    people: set[str],
    clock: Clock,
    raw: dict,
    withdrawal: bool,
) -> tuple[dict, list[str]]:
    """The values of a row, UNREADABLE where they can't be read, and the columns that are bad."""
    values: dict[str, Any] = {}
    bad: list[str] = []
    if "id" not in raw:
        bad.append("id")
    if withdrawal:
        return values, bad
    declared = None
    if raw.get("type") in policy["event_types"]:
        declared = policy["event_types"][raw["type"]].get("fields") or {}
    for column, kind in kinds.items():
        value = raw.get(column)
        if value is None:
            if column in ("type", "at"):
                values[column] = UNREADABLE
                bad.append(column)
            continue
        base = column in BASE
        if not base and declared is not None and column not in declared:
            continue  # a field of another type
        read = read_value(policy, units, people, clock, kind, value)
        if not base and declared is not None and read is not UNREADABLE:
            read = in_words(declared[column], read)
        values[column] = read
        if read is UNREADABLE:
            bad.append(column)
    if "at" in values:
        values = {**facts_of_time(clock, values["at"]), **values}
    return values, bad


def facts_of_time(clock: Clock, at: Any) -> dict:
    """What follows from `at`: weekday, whether it is a working day, and the hour."""
    if at is UNREADABLE:
        return dict.fromkeys(("weekday", "working_day", "hour"), UNREADABLE)
    facts: dict[str, Any] = {
        "weekday": WEEKDAYS[at["day"].weekday()],
        "working_day": clock.is_working_day(at["day"]),
    }
    if at["first"] == at["last"]:
        local = clock.local(at["first"])
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        facts["hour"] = Fraction(seconds * 1_000_000 + local.microsecond, 3_600_000_000)
    return facts


def in_words(spec: str | dict, value: Any) -> Any:
    """The value, or UNREADABLE if the field has words and this is none of them."""
    if isinstance(spec, dict) and "one_of" in spec and value not in spec["one_of"]:
        return UNREADABLE
    if isinstance(spec, dict) and "list_of" in spec and not set(value) <= set(spec["list_of"]):
        return UNREADABLE
    return value


def read_value(
    policy: dict, units: set[str], people: set[str], clock: Clock, kind: str, value: Any
) -> Any:
    if kind == "type":
        return value if value in policy["event_types"] else UNREADABLE
    if kind == "unit":
        return str(value) if str(value) in units else UNREADABLE
    if kind == "person":
        return str(value) if str(value) in people else UNREADABLE
    if kind == "at":
        return read_moment(clock, value)
    if kind == "date":
        moment = read_moment(clock, value)
        return moment if moment is UNREADABLE else moment["day"]
    if kind == "number":
        return read_number(value)
    if kind == "boolean":
        return read_boolean(value)
    if kind == "list":
        words = value if isinstance(value, list) else re.split("[、；;,]", str(value))
        words = [str(word).strip() for word in words if str(word).strip()]
        return words or None
    return str(value)


def read_number(value: Any) -> Any:
    if isinstance(value, bool):
        return UNREADABLE
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return UNREADABLE
    return Fraction(number) if number.is_finite() and abs(number) <= LARGEST else UNREADABLE


def read_boolean(value: Any) -> Any:
    word = str(value).lower()
    if word in ("true", "yes", "是", "1"):
        return True
    return False if word in ("false", "no", "否", "0") else UNREADABLE


def read_moment(clock: Clock, value: Any) -> Any:
    """`{day, first, last}`: one instant, or the first and the last of a whole day."""
    if isinstance(value, str):
        value = parsed(value.strip())
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=clock.zone)
        instant = value.astimezone(UTC)
        return {"day": clock.day_of(instant), "first": instant, "last": instant}
    if isinstance(value, date):
        return {"day": value, "first": clock.start_of(value), "last": clock.end_of(value)}
    return UNREADABLE


def parsed(text: str) -> date | datetime | None:
    for pattern in (r"(\d{4})年(\d{1,2})月(\d{1,2})日", r"(\d{4})/(\d{1,2})/(\d{1,2})"):
        match = re.fullmatch(pattern, text)
        if match:
            text = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        offset = re.search(r"[+-](\d\d):?(\d\d)?$", text[10:])
        if offset and (int(offset[1] + (offset[2] or "00")) > 1400 or int(offset[2] or 0) > 59):
            return None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return None
