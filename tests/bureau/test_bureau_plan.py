"""The bureau's plan says what the plan says: every clause, every duty, and nothing beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from policyeval.language.loading import load_policy
from reference.cases import ROOT, cases_of, load, policy_of

FOLDER = ROOT / "policy" / "bureau-responsibility-plan"
POLICY = policy_of(FOLDER)

CLAUSES = (
    *("一(一)", "一(二)", "一(三)", "一(四)"),
    *("二(一)", "二(二)", "二(三)", "二(四)", "二(五)"),
    *("三(一)", "三(二)", "三(三)", "三(四)", "三(五)", "三(六)", "三(七)"),
    *("四(一)", "四(二)", "四(三)"),
)
WHO_ANSWERS = {
    "一(一)": "principal",
    "一(二)": "first",
    "一(三)": "direct",
    "一(四)": "leadership",
}
"""Clauses that say who answers -> the responsibility that carries them."""

NOT_EVALUATED = {
    ("二(一)", "qualitative"),
    ("二(三)", "qualitative"),
    ("三(一)", "qualitative"),
    ("三(三)", "qualitative"),
    ("三(五)", "out_of_scope"),
    ("三(六)", "out_of_scope"),
    ("四(一)", "qualitative"),
    ("四(二)", "qualitative"),
}

YEAR, GROUP = {"per": "year"}, {"unit": "party_group"}
SECRETARY, EACH_MEMBER = {"post": "secretary"}, {"post": ["secretary", "deputy", "member"]}
UNIT_CONCERNED = {"unit": ["party_group", "office", "section", "subordinate"]}
# Duty: clause, bearer, occasion (of a trigger: its type and the deadline), the least number (of
# parts: how many), what is assumed.
DUTIES: dict[str, tuple] = {
    "secretary-deploys": ("一(二)", SECRETARY, YEAR, 1, "requires"),
    "secretary-follows-up": (
        *("一(二)", SECRETARY, ("important-matter", "10 working days"), 1, "within"),
    ),
    "secretary-handles-major": ("一(二)", SECRETARY, ("major-event", "24 hours"), 1, "within"),
    "member-guides-units": ("一(四)", EACH_MEMBER, YEAR, 1, "requires"),
    "in-annual-work-points": ("二(一)", GROUP, YEAR, 1, None),
    "on-the-agenda": ("二(一)", GROUP, YEAR, 1, "requires"),
    "in-responsibility-systems": ("二(一)", GROUP, YEAR, "2 parts", None),
    "deployed-with-other-work": ("二(一)", GROUP, YEAR, "4 parts", "requires"),
    "topical-study": ("二(二)", GROUP, YEAR, 2, None),
    "topical-learning": ("二(二)", GROUP, YEAR, 1, None),
    "comprehensive-analysis": ("二(二)", GROUP, YEAR, 1, None),
    "internal-notification": ("二(二)", GROUP, YEAR, 1, None),
    "subordinate-supervision": ("二(三)", GROUP, YEAR, 1, "requires"),
    "half-year-report": ("二(四)", GROUP, {"in_each": [{"month": 6}, {"month": 12}]}, 1, None),
    "in-democratic-life-meeting": ("二(五)", GROUP, YEAR, 1, "requires"),
    "in-duty-report": ("二(五)", EACH_MEMBER, YEAR, 1, "requires"),
    "assessment-system-in-force": ("二(五)", GROUP, {"throughout": "year"}, "gaps 0 days", None),
    "in-performance-assessment": ("二(五)", GROUP, YEAR, 1, "requires"),
    "party-lecture": ("三(二)", GROUP, YEAR, 1, "requires"),
    "public-concern-answered": (
        *("三(三)", UNIT_CONCERNED, ("public-concern", "5 working days"), 1, "within"),
    ),
    "account-staffed": (
        *("三(四)", {"unit": "office"}, {"throughout": "year"}, "gaps 30 days", "requires"),
    ),
    "transport-issue-answered": (
        *("三(七)", UNIT_CONCERNED, ("transport-issue", "24 hours"), 1, "within"),
    ),
    "comprehensive-inspection": ("四(三)", GROUP, YEAR, 1, "requires"),
    "special-inspection": ("四(三)", GROUP, YEAR, 1, "requires"),
    "in-annual-assessment": ("四(三)", GROUP, YEAR, "3 parts", "requires"),
}

EVENT_TYPES = {
    "deployment",
    "important-matter",
    "follow-up",
    "major-event",
    "handling",
    "guidance",
    "duty-report",
    "document",
    "meeting",
    "joint-work",
    "study-session",
    "analysis",
    "internal-notification",
    "supervision",
    "report",
    "democratic-life-meeting",
    "system-adopted",
    "system-repealed",
    "assessment",
    "party-lecture",
    "inspection",
    "public-concern",
    "transport-issue",
    "answer",
    "account-staff-assigned",
    "account-staff-released",
}


def test_it_is_valid() -> None:
    assert set(load_policy(FOLDER).duties) == set(DUTIES)


def test_every_clause_is_evaluated_or_declared_not_evaluated() -> None:
    evaluated = {duty["clause"] for duty in POLICY["duties"].values()}
    declared = {entry["clause"] for entry in POLICY["not_evaluated"]}
    assert evaluated | declared | set(WHO_ANSWERS) == set(CLAUSES)
    assert {
        (entry["clause"], entry["reason"]) for entry in POLICY["not_evaluated"]
    } == NOT_EVALUATED
    assert set(POLICY["responsibilities"]) == set(WHO_ANSWERS.values())


@pytest.mark.parametrize("name", DUTIES)
def test_each_duty_is_the_plans(name: str) -> None:
    duty = POLICY["duties"][name]
    when = duty["when"]
    if "after" in when:
        when = (when["after"]["event"], duty["within"])
    found = (duty["clause"], duty["bearer"], when, how_much(duty), *duty.get("assumed", [None]))
    assert found == DUTIES[name]


def how_much(duty: dict) -> Any:
    if "all_of" in duty:
        parts = duty["all_of"].values()
        assert all(part.get("requires", {"at_least": 1}) == {"at_least": 1} for part in parts)
        return f"{len(parts)} parts"
    requires = duty.get("requires", {"at_least": 1})
    return f"gaps {requires['gaps']['at_most']}" if "gaps" in requires else requires["at_least"]


def test_targets() -> None:
    targets = {name: d["of_each"] for name, d in POLICY["duties"].items() if "of_each" in d}
    assert targets == {
        "member-guides-units": {"unit": "overseen"},
        "subordinate-supervision": {"unit": "subordinate"},
    }


def test_who_answers() -> None:
    kinds = {name: post.get("responsibility") for name, post in POLICY["posts"].items()}
    assert kinds.pop("secretary") == "first"
    assert kinds.pop("deputy") == "direct"
    assert kinds.pop("member") == "leadership"
    assert set(kinds.values()) == {None}
    for name, duty in POLICY["duties"].items():
        answers = duty.get("accountable")
        if duty["bearer"] == GROUP:
            assert answers == ["secretary", "deputy"], name
        elif "post" in duty["bearer"]:
            assert answers is None, name
        else:
            assert answers[0] == "head", name


def test_the_escalation() -> None:
    assert POLICY["escalations"] == {
        "accountability-review": {
            "title": {"zh": "责任追究审议", "en": "Accountability review"},
            "clause": "四(三)",
            "of": ["unit", "person"],
            "when": {"unmet": {"at_least": 2}, "severity": "major", "per": "year"},
            "addressed_to": {"post": "secretary", "own_case": "superior-committee"},
        }
    }


def test_nothing_in_it_can_hold_what_anybody_thinks_or_says() -> None:
    assert set(POLICY["event_types"]) == EVENT_TYPES
    fields = {name: spec.get("fields") or {} for name, spec in POLICY["event_types"].items()}
    # Free text is a reference and nothing else: to another event, or the name of a system.
    free = {
        (event, field)
        for event, declared in fields.items()
        for field, kind in declared.items()
        if kind in ("text", "list")
    }
    assert free == {
        ("follow-up", "about"),
        ("handling", "about"),
        ("answer", "about"),
        ("system-adopted", "system"),
        ("system-repealed", "system"),
    }
    # A concern is its id, its day, the unit and a category.
    assert set(fields["public-concern"]) == set(fields["transport-issue"]) == {"category"}
    assert not {"三(五)", "三(六)"} & {duty["clause"] for duty in POLICY["duties"].values()}


def test_everything_has_a_title_in_both_languages() -> None:
    named = {
        f"{key} {name}": spec
        for key in ("unit_kinds", "posts", "bodies", "responsibilities", "event_types", "duties")
        for name, spec in POLICY[key].items()
    }
    assert not [name for name, spec in named.items() if set(spec["title"]) != {"zh", "en"}]
    assert not [each for each in POLICY["not_evaluated"] if set(each["note"]) != {"zh", "en"}]
    assert set(POLICY["title"]) == {"zh", "en"}


def test_every_duty_has_a_case_in_which_it_is_met_and_one_in_which_it_is_not() -> None:
    cases = [case for file in sorted((FOLDER / "tests").glob("*.yaml")) for case in cases_of(file)]
    found = {(f["duty"], f["verdict"]) for c in cases for f in c.expected.get("findings", [])}
    for name in DUTIES:
        assert {verdict for duty, verdict in found if duty == name} >= {"met"}, name
        assert {verdict for duty, verdict in found if duty == name} & {"unmet", "late"}, name


def test_the_organisation_of_the_year_holds_only_people_with_a_post() -> None:
    organisation = load(ROOT / "fixtures" / "bureau-2025" / "organisation.yaml")
    assert {person["id"] for person in organisation["people"]} == {
        appointment["person"] for appointment in organisation["appointments"]
    }
