"""Hypothesis strategies: small policies, organisations, waivers and logs, valid as written.

They are drawn from few ids and few days, so that things collide: events at the very moment at
which something is due, handovers on due days, corrections of each other, rows that can't be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York"]
TYPES = ["report", "issue", "answer", "start", "stop"]
KINDS = ["board", "station"]
POSTS = ["head", "chief", "member"]
UNITS = ["b1", "s1", "s2", "s3"]
PEOPLE = ["p1", "p2", "p3"]
HOT_DAYS = [
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2025, 3, 30),  # clocks go forward in Berlin
    date(2025, 3, 31),
    date(2025, 6, 15),
    date(2025, 6, 30),
    date(2025, 7, 1),
    date(2025, 10, 26),  # and back
    date(2025, 12, 31),
    date(2026, 1, 1),
]
FIELDS: dict[str, Any] = {
    "ref": "text",
    "form": {"one_of": ["written", "oral"]},
    "n": "number",
    "ok": "boolean",
    "held": "date",
    "tags": {"list_of": ["a", "b", "c"]},
    "copies": "list",
    "by": "text",
    "about": "text",
}
WORDS = ["x", "y"]


@dataclass(frozen=True)
class World:
    """Everything that an evaluation takes."""

    policy: dict
    organisation: dict
    waivers: list
    events: list
    as_of: date
    since: date | None

    @property
    def arguments(self) -> tuple:
        return (
            self.policy,
            self.organisation,
            self.waivers,
            self.events,
            self.as_of,
            self.since,
        )


def rarely(strategy: st.SearchStrategy, times: int = 4) -> st.SearchStrategy:
    """None, and once in a while something."""
    return st.integers(0, times - 1).flatmap(lambda n: strategy if n == 0 else st.none())


def without_nones(mapping: dict) -> dict:
    return {key: value for key, value in mapping.items() if value is not None}


days = st.builds(
    lambda hot, delta: hot + timedelta(days=delta),
    st.sampled_from(HOT_DAYS),
    st.sampled_from([0, 0, 0, 1, -1, 2, 3, 7, 14, -15]),
)
hot_days = st.sampled_from(HOT_DAYS)


@st.composite
def spans(draw: st.DrawFn, chance: int = 3) -> dict:
    """`{from, until}`, often without one of them."""
    first = draw(rarely(days, chance))
    last = draw(rarely(days, chance))
    if first and last and last < first:
        first, last = last, first
    return without_nones({"from": first, "until": last})


# Conditions


def text_condition(values: list[str], literal_lists: bool = True) -> st.SearchStrategy:
    value = st.sampled_from(values)
    simple = st.one_of(
        value,
        st.lists(value, min_size=1, max_size=2, unique=True) if literal_lists else value,
        st.booleans().map(lambda present: {"present": present}),
    )
    return st.one_of(simple, value.map(lambda v: {"not": v}))


CONDITIONS: dict[str, st.SearchStrategy] = {
    "ref": st.one_of(
        text_condition(WORDS),
        st.sampled_from([{"matches": "x|yy"}, {"matches": ".*"}, {"not": {"matches": "x"}}]),
    ),
    "form": text_condition(["written", "oral"]),
    "n": st.one_of(
        st.integers(0, 3),
        st.integers(0, 3).map(lambda n: {"at_least": n}),
        st.integers(0, 3).map(lambda n: {"at_most": n}),
        st.just({"at_least": 1, "at_most": 2}),
        st.just({"not": {"at_least": 1, "at_most": 2}}),
        st.just([0, 1.5]),
    ),
    "ok": st.sampled_from([True, False, {"present": True}, {"not": True}]),
    "held": st.one_of(
        hot_days,
        hot_days.map(lambda day: {"before": day}),
        hot_days.map(lambda day: {"after": day}),
        st.just({"present": False}),
    ),
    "tags": st.sampled_from(
        [
            "a",
            {"has": "a"},
            {"has_all": ["a", "b"]},
            {"has_any": ["a", "c"]},
            {"not": {"has": "a"}},
            {"present": False},
        ]
    ),
    "copies": st.sampled_from(["a", {"has": "a"}, {"not": {"has_any": ["a", "b"]}}]),
    "unit": text_condition(UNITS),
    "person": st.sampled_from([{"present": True}, {"present": False}, "p1"]),
    "at": hot_days.map(lambda day: {"after": day}),
}

leaf_conditions = st.sampled_from(sorted(CONDITIONS)).flatmap(
    lambda field: CONDITIONS[field].map(lambda condition: {field: condition})
)
groups = st.tuples(
    st.sampled_from(["all", "any", "none"]), st.lists(leaf_conditions, min_size=1, max_size=2)
).map(lambda pair: {pair[0]: pair[1]})


def merged(parts: list[dict]) -> dict:
    return {key: value for part in parts for key, value in part.items()}


conditions = st.lists(st.one_of(leaf_conditions, leaf_conditions, groups), min_size=1, max_size=2)
conditions = conditions.map(merged)

# Duties

durations = st.sampled_from(
    [
        "0 hours",
        "2 hours",
        "24 hours",
        "72 hours",
        "0 days",
        "1 day",
        "15 days",
        "2 weeks",
        "1 month",
        "3 months",
        "1 year",
        "0 working days",
        "1 working day",
        "5 working days",
        {"of": "2 working days"},
    ]
)
words = st.sampled_from(["year", "half_year", "quarter", "month", {"months": 4}, {"months": 6}])
windows = st.lists(
    st.sampled_from(
        [
            {"month": 6},
            {"month": 12},
            {"from": "06-15", "to": "06-30"},
            {"from": "12-15", "to": "01-15"},
            {"from": "03-01", "to": "03-31"},
        ]
    ),
    min_size=1,
    max_size=3,
    unique_by=str,
)
some_types = st.one_of(
    st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True)
)
thresholds = st.one_of(
    st.integers(0, 3).map(lambda n: {"at_least": n}),
    st.integers(1, 2).map(lambda n: {"at_least": n}),
    st.integers(0, 2).map(lambda n: {"at_most": n}),
    st.integers(0, 2).map(lambda n: {"exactly": n}),
    st.integers(0, 2).map(lambda n: {"more_than": n}),
    st.integers(1, 2).map(lambda n: {"less_than": n}),
    st.just({"at_least": 1, "at_most": 2}),
)


@st.composite
def evidences(draw: st.DrawFn, bearer: str, triggered: bool, targeted: bool) -> dict:
    return without_nones(
        {
            "event": draw(some_types),
            "where": draw(rarely(conditions, 3)),
            "must": draw(rarely(conditions, 3)),
            "matching": draw(
                rarely(
                    st.sampled_from(
                        ["ref", ["ref", "form"], {"about": "id"}, {"about": "ref"}, "id", "unit"]
                    ),
                    2,
                )
            )
            if triggered
            else None,
            "who": draw(rarely(st.sampled_from(["by", "anyone", own_column(bearer)]), 3)),
            "target": draw(rarely(st.sampled_from(["about", "target"]), 3)) if targeted else None,
        }
    )


def own_column(bearer: str) -> str:
    return "unit" if bearer == "unit" else "person"


@st.composite
def held_requirements(draw: st.DrawFn, targeted: bool) -> dict:
    held = without_nones(
        {
            "from": without_nones({"event": "start", "where": draw(rarely(conditions, 5))}),
            "until": draw(
                st.one_of(
                    st.just({"event": "stop"}),
                    st.just({"event": "stop"}),
                    rarely(st.just({"event": ["stop", "report"], "where": {"form": "oral"}}), 2),
                )
            ),
            "matching": draw(rarely(st.just("ref"), 2)),
            "who": draw(rarely(st.sampled_from(["by", "anyone"]), 4)),
            "target": draw(rarely(st.just("about"), 3)) if targeted else None,
        }
    )
    threshold = draw(
        st.sampled_from(
            [
                {},
                {"gaps": {"at_most": "30 days"}},
                {"gaps": {"at_most": 1}},
                {"at_least": 10},
                {"at_least": "15 days"},
                {"at_most": 5},
                {"exactly": 16},
            ]
        )
    )
    return {"days_held": held, **threshold}


@st.composite
def duties(draw: st.DrawFn) -> dict:
    bearer = draw(st.sampled_from(["unit", "unit", "post"]))
    occasion = draw(st.sampled_from(["per", "in_each", "after", "after", "before", "throughout"]))
    triggered = occasion in ("after", "before")
    duty: dict[str, Any] = {"clause": "1"}
    pool = KINDS if bearer == "unit" else POSTS
    duty["bearer"] = {
        bearer: draw(
            st.one_of(
                st.sampled_from(pool),
                st.lists(st.sampled_from(pool), min_size=1, max_size=2, unique=True),
            )
        )
    }
    targeted = draw(st.integers(0, 3)) == 0
    if targeted:
        kinds = [*KINDS, "overseen", "overseen"] if bearer == "post" else KINDS
        duty["of_each"] = {"unit": draw(st.sampled_from(kinds))}
    narrow = False
    if occasion in ("per", "throughout"):
        narrow = draw(st.integers(0, 4)) == 0
        duty["when"] = {occasion: draw(st.sampled_from(["week", "day"]) if narrow else words)}
    elif occasion == "in_each":
        duty["when"] = {"in_each": draw(windows)}
    else:
        trigger = {"event": draw(some_types), "where": draw(rarely(conditions, 4))}
        duty["when"] = {occasion: without_nones(trigger)}
        if occasion == "after" or draw(st.booleans()):
            duty["within"] = draw(durations)
    if occasion == "throughout":
        measure = held_requirements(targeted).map(lambda r: {"requires": r})
    else:
        measure = st.fixed_dictionaries(
            {"evidence": evidences(bearer, triggered, targeted)},
            optional={"requires": thresholds},
        )
    if draw(st.integers(0, 3)) == 0:
        group = draw(st.sampled_from(["all_of", "any_of"]))
        names = draw(st.sampled_from([["one"], ["one", "two"], ["one", "two", "three"]]))
        duty[group] = {name: draw(measure) for name in names}
    else:
        duty.update(draw(measure))
    if narrow:
        first = draw(days)
        length = draw(st.integers(0, 9))
        duty["in_force"] = {"from": first, "until": first + timedelta(days=length)}
    else:
        duty["in_force"] = draw(spans(5)) or None
    duty["applies_when"] = draw(
        rarely(
            st.sampled_from(
                [
                    {"size": {"at_least": 2}},
                    {"big": True},
                    {"region": {"not": "north"}},
                    {"region": {"present": False}},
                ]
            ),
            6,
        )
    )
    duty["grace"] = draw(rarely(durations, 4))
    if not triggered:
        duty["part_period"] = draw(rarely(st.sampled_from(["full", "scaled", "waived"]), 2))
    if occasion != "throughout":
        duty["late"] = draw(rarely(st.sampled_from(["counts", "does_not_count"]), 2))
    duty["severity"] = draw(st.sampled_from(["minor", "major", None]))
    answers = st.sampled_from(POSTS)
    if triggered:
        named = st.fixed_dictionaries(
            {"post": st.sampled_from(POSTS), "named_in": st.sampled_from(["by", "person"])}
        )
        answers = st.one_of(answers, named)
    duty["accountable"] = draw(st.one_of(st.none(), st.lists(answers, max_size=2, unique_by=str)))
    return without_nones(duty)


@st.composite
def policies(draw: st.DrawFn, duty: st.SearchStrategy[dict], most: int = 4) -> dict:
    drawn = draw(st.lists(duty, min_size=1, max_size=most))
    return without_nones(
        {
            "policy": "world",
            "version": "1",
            "timezone": draw(st.sampled_from(ZONES)),
            "in_force": {
                "from": draw(st.sampled_from([date(2025, 1, 1), date(2025, 3, 1)])),
                **without_nones({"until": draw(rarely(st.just(date(2025, 12, 31)), 4))}),
            },
            "year_starts": draw(rarely(st.sampled_from(["07-01", "03-15"]), 4)),
            "working_days": draw(
                st.sampled_from(
                    [
                        None,
                        {"country": "CN"},
                        {"country": "DE", "subdivision": "BY"},
                        {"country": "EG", "extra_working_days": [date(2025, 7, 4)]},
                        {"country": "CN", "extra_holidays": [date(2025, 7, 1)]},
                    ]
                )
            ),
            "unit_kinds": {kind: {"title": kind} for kind in KINDS},
            "unit_attributes": {"size": "number", "big": "boolean", "region": "text"},
            "posts": {
                "head": {"title": "head"},
                "chief": {"title": "chief", "above": "head"},
                "member": {"title": "member", "above": "chief"},
            },
            "bodies": {"committee": {"title": "committee"}},
            "event_types": {name: {"fields": dict(FIELDS)} for name in TYPES},
            "duties": {f"duty-{n}": spec for n, spec in enumerate(drawn)},
            "escalations": {
                "review": {
                    "title": "review",
                    "clause": "2",
                    "of": ["unit", "person"],
                    "when": {
                        "unmet": {"at_least": draw(st.integers(1, 2))},
                        "severity": draw(st.sampled_from(["major", "minor"])),
                        "per": "year",
                    },
                    "addressed_to": {"post": "head", "own_case": "committee"},
                }
            },
        }
    )


# Organisations, waivers


@st.composite
def organisations(draw: st.DrawFn) -> dict:
    units = []
    for name in UNITS:
        unit: dict[str, Any] = {"id": name, "kind": "board" if name == "b1" else "station"}
        if name != "b1":
            parent = draw(st.sampled_from(["b1", "b1", None] if name != "s3" else ["s1", "b1"]))
            if parent:
                unit["parent"] = parent
        unit.update(draw(spans(5)))
        attributes = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "size": st.integers(1, 3),
                    "big": st.booleans(),
                    "region": st.sampled_from(["north", "south"]),
                },
            )
        )
        if attributes:
            unit["attributes"] = attributes
        units.append(unit)
    appointments = []
    for _ in range(draw(st.integers(0, 6))):
        appointment = {
            "person": draw(st.sampled_from(PEOPLE)),
            "post": draw(st.sampled_from(POSTS)),
            "unit": draw(st.sampled_from(UNITS)),
            **draw(spans(2)),
        }
        oversees = draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))
        if oversees:
            appointment["oversees"] = oversees
        appointments.append(appointment)
    return {
        "organisation": "world",
        "units": units,
        "people": [{"id": person, "name": person} for person in PEOPLE],
        "appointments": appointments,
    }


@st.composite
def waiver_lists(draw: st.DrawFn, policy: dict) -> list[dict]:
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        first = draw(days)
        waiver = {
            "duty": draw(st.sampled_from(sorted(policy["duties"]))),
            "bearer": draw(st.sampled_from([*UNITS, *PEOPLE])),
            "target": draw(rarely(st.sampled_from(UNITS), 4)),
            "from": first,
            "until": first + timedelta(days=draw(st.sampled_from([0, 1, 30, 200]))),
            "reason": "reason",
            "approved_by": "committee",
        }
        found.append(without_nones(waiver))
    return found


# Logs


@st.composite
def moments(draw: st.DrawFn) -> str:
    """A day, or a moment at one of few hours."""
    day = draw(days)
    form = draw(st.sampled_from(["{}", "{}", "{}", "{}T{}", "{} {}", "{}T{}Z", "{}T{}+08:00"]))
    hour = draw(
        st.sampled_from(["00:00:00", "09:00:00", "09:00:01", "11:00:00", "16:00:00", "23:59:59"])
    )
    return form.format(day, hour)


@st.composite
def rows(draw: st.DrawFn) -> dict:
    fields = {
        "ref": st.sampled_from(["x", "x", "y", "", "yy"]),
        "form": st.sampled_from(["written", "oral"]),
        "n": st.sampled_from([0, 1, 1.5, 2, 3]),
        "ok": st.booleans(),
        "held": st.one_of(hot_days.map(str), moments()),
        "tags": st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True),
        "copies": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        "by": st.sampled_from([*UNITS[:2], *PEOPLE[:2], "nobody"]),
        "about": st.sampled_from(["e1", "e2", "e3", "x", "s1", "b1"]),
    }
    row = draw(st.fixed_dictionaries({}, optional=fields))
    row["type"] = draw(st.sampled_from(TYPES))
    row["at"] = draw(moments())
    row["unit"] = draw(st.sampled_from([*UNITS, "s1", "b1", None]))
    row["person"] = draw(st.sampled_from([*PEOPLE, "p1", None]))
    row["target"] = draw(st.sampled_from([*UNITS, "s1", None]))
    return without_nones(row)


BAD = {
    "at": ["2025-02-30", "soon", ""],
    "unit": ["nowhere"],
    "person": ["somebody"],
    "target": ["nowhere"],
    "type": ["mystery", None],
    "form": ["sung"],
    "n": ["many"],
    "held": ["never"],
    "tags": [["a", "z"]],
    "id": [None],
}


@st.composite
def logs(draw: st.DrawFn, most: int = 30, spoil: bool = True) -> list[dict]:
    """Rows of an export, some of them bad, doubled, corrected or withdrawn."""
    log = []
    for number, drawn in enumerate(draw(st.lists(rows(), max_size=most)), start=1):
        row = {"id": f"e{number}", **drawn}
        log.append(row)
        fate = draw(st.integers(0, 19)) if spoil else 19
        if fate == 0:
            column = draw(st.sampled_from(sorted(BAD)))
            row[column] = draw(st.sampled_from(BAD[column]))
        elif fate == 1:
            log.append(dict(row))
        elif fate == 2:
            log.append({**row, "ref": "z"})
        elif fate == 3:
            row["replaces"] = f"e{draw(st.integers(1, 8))}"
            if row["replaces"] == row["id"]:
                del row["replaces"]
        elif fate == 4:
            log.append({"id": f"w{number}", "withdraws": f"e{draw(st.integers(1, 8))}"})
    return [without_nones(row) for row in log]


@st.composite
def worlds(
    draw: st.DrawFn,
    duty: st.SearchStrategy[dict] | None = None,
    most_duties: int = 4,
    most_rows: int = 30,
    spoil: bool = True,
) -> World:
    """Everything at once."""
    policy = draw(policies(duty if duty is not None else duties(), most_duties))
    return World(
        policy=policy,
        organisation=draw(organisations()),
        waivers=draw(waiver_lists(policy)),
        events=draw(logs(most_rows, spoil)),
        as_of=draw(st.one_of(days, st.just(date(2025, 12, 31)), st.just(date(2026, 3, 31)))),
        since=draw(rarely(days, 5)),
    )
