"""Calendar periods and windows, with their labels."""

from __future__ import annotations

from datetime import date

from reference.clock import ONE_DAY, Clock, clamped, shift_months


def year_label(clock: Clock, year: int) -> str:
    return str(year) if clock.year_starts == "01-01" else f"{year}/{(year + 1) % 100:02d}"


def first_of_year(clock: Clock, year: int) -> date:
    month, day = clock.year_starts.split("-")
    return clamped(year, int(month), int(day))


def plan_year(clock: Clock, day: date) -> str:
    year = day.year if day >= first_of_year(clock, day.year) else day.year - 1
    return year_label(clock, year)


def span_label(first: date, last: date) -> str:
    return f"{first}/{last}"


def period_of(clock: Clock, word: str | dict, day: date) -> dict:
    """The period in which a day lies."""
    return periods(clock, word, day, day)[0]


def periods(clock: Clock, word: str | dict, first: date, last: date) -> list[dict]:
    """Every calendar period that has a day in `first`-`last`, in order."""
    found = []
    if word == "day":
        day = first
        while day <= last:
            found.append({"first": day, "last": day, "label": str(day)})
            day += ONE_DAY
    elif word == "week":
        day = first - first.weekday() * ONE_DAY
        while day <= last:
            year, week, _ = day.isocalendar()
            label = f"{year}-W{week:02d}"
            found.append({"first": day, "last": day + 6 * ONE_DAY, "label": label})
            day += 7 * ONE_DAY
    elif word == "month":
        day = first.replace(day=1)
        while day <= last:
            end = shift_months(day, 1) - ONE_DAY
            found.append({"first": day, "last": end, "label": f"{day.year}-{day.month:02d}"})
            day = end + ONE_DAY
    else:
        named = {"year": 12, "half_year": 6, "quarter": 3}
        length = word["months"] if isinstance(word, dict) else named[word]
        for year in range(first.year - 1, last.year + 2):
            start = first_of_year(clock, year)
            for n in range(12 // length):
                begins = shift_months(start, n * length)
                ends = shift_months(start, (n + 1) * length) - ONE_DAY
                label = {
                    "year": year_label(clock, year),
                    "half_year": f"{year_label(clock, year)}-H{n + 1}",
                    "quarter": f"{year_label(clock, year)}-Q{n + 1}",
                }.get(word if isinstance(word, str) else "", span_label(begins, ends))
                found.append({"first": begins, "last": ends, "label": label})
    return [p for p in found if p["first"] <= last and p["last"] >= first]


def windows(specs: list[dict], first: date, last: date) -> list[dict]:
    """Every window of `in_each` that has a day in `first`-`last`, in order."""
    found = []
    for year in range(first.year - 1, last.year + 2):
        for spec in specs:
            if "month" in spec:
                begins = date(year, spec["month"], 1)
                ends = shift_months(begins, 1) - ONE_DAY
                label = f"{year}-{begins.month:02d}"
            else:
                begins = clamped(year, *[int(n) for n in spec["from"].split("-")])
                ends = clamped(year, *[int(n) for n in spec["to"].split("-")])
                if spec["to"] < spec["from"]:
                    ends = clamped(year + 1, *[int(n) for n in spec["to"].split("-")])
                label = span_label(begins, ends)
            found.append({"first": begins, "last": ends, "label": label})
    found.sort(key=lambda window: window["first"])
    return [w for w in found if w["first"] <= last and w["last"] >= first]
