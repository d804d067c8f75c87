"""`in_any`: windows that slide over a bearer's time."""

from __future__ import annotations

from datetime import date

from reference.clock import ONE_DAY, end_of_window
from reference.measures import measure_parts
from reference.periods import periods
from reference.sources import World
from reference.targets import standing_bearers
from reference.words import intersection, joined


def in_any(world: World, name: str, spec: dict, in_force: tuple, since: date | None) -> list[dict]:
    """For each bearer and target the windows that fail, or the one that came closest.

    `since`: of those that ended on that day or later.
    """
    found = []
    for bearer, target, spans in standing_bearers(world, spec):
        inside = joined([span for each in spans if (span := intersection(each, in_force))])
        windows = [window for stretch in inside for window in windows_in(world, stretch, spec)]
        ended = [window for window in windows if window[1] <= world.as_of]
        if ended and since is not None:
            ended = [window for window in ended if window[1] >= since]
            windows = []
        if ended:
            looked_at = [obligation(world, name, spec, bearer, target, each) for each in ended]
            found += shown(looked_at)
        elif windows:
            found.append(obligation(world, name, spec, bearer, target, windows[0]))
    return found


def windows_in(world: World, stretch: tuple, spec: dict) -> list[tuple[date, date]]:
    """Every window within a stretch of days that begins by the as-of day.

    If only an upper bound is asked, those that the stretch cuts short, too: of windows that begin
    on any day only where none fits, of others not for averages.
    """
    when, requires = spec["when"]["in_any"], spec.get("requires") or {}
    length, word = (when["of"], when.get("starting")) if isinstance(when, dict) else (when, None)
    only_upper = {"at_most", "less_than"} & set(requires) and "at_least" not in requires
    until = min(stretch[1], world.as_of)
    if stretch[0] > until:
        return []
    begins = [period["first"] for period in periods(world.clock, word or "day", stretch[0], until)]
    whole, cut = [], []
    for day in begins:
        window = day, end_of_window(day, length)
        inside = intersection(window, stretch)
        if inside is not None:
            cut.append(inside)
        if inside == window:
            whole.append(window)
    if word is None:
        return cut[:1] if only_upper and not whole else whole
    return cut if only_upper and "average" not in requires else whole


def obligation(
    world: World, name: str, spec: dict, bearer: dict, target: tuple, window: tuple[date, date]
) -> dict:
    """The obligation of one window, measured."""
    first, last = window
    due = world.clock.end_of(last)
    owed = {
        "duty": name,
        "occasion": "in_any",
        "spec": spec,
        "bearer": bearer,
        "target": target[0],
        "target_kind": target[1],
        "period": {"first": first, "last": last, "label": str(first)},
        "trigger": None,
        "opens": world.clock.start_of(first),
        "due": due,
        "due_day": last,
        "closes": due,
        "evidence_from": None,
        "part_waived": False,
        "share": (1, 1),
        "spans": [window],
        "late_until": None,
        "successors": False,
    }
    measure_parts(world, owed)
    return owed


def shown(windows: list[dict]) -> list[dict]:
    """Of windows that fail, the first of each row of them; else the closest window."""
    failing = [each for each in windows if not each["parts"][0]["enough"]]
    if not failing:
        part = windows[0]["parts"][0]
        best = min if part["low"] is not None else max
        return [best(windows, key=lambda each: each["parts"][0]["value"])]
    found, reached = [], None
    for each in failing:
        period = each["period"]
        if reached is None or period["first"] > reached + ONE_DAY:
            found.append(each)
        reached = max(reached or period["last"], period["last"])
    return found
