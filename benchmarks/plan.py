"""What is benchmarked: a plan of twenty duties, and an organisation of twenty thousand units."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

AS_OF = date(2025, 12, 15)
UNITS = 20_000
OFFICES = 200

FIELDS = """\
form: {one_of: [written, mail, oral]}
      topic: {one_of: [safety, budget, staff, law, other]}
      to: {one_of: [board, council, public]}
      score: number
      cc: {list_of: [archive, legal, finance]}
      case_no: text
      urgent: boolean
"""

# Event types by family: (per mille of the events, type, its counterpart or itself).
FAMILIES = [
    (9, "review", "review"),
    (25, "plan", "plan"),
    (50, "report", "report"),
    (34, "filing", "filing"),
    (25, "survey", "survey"),
    (50, "lecture", "lecture"),
    (68, "visit", "visit"),
    (20, "training", "training"),
    (34, "incident", "incident"),
    (14, "audit", "audit"),
    (34, "talk", "talk"),
    (17, "expense", "expense"),
    (8, "briefing", "briefing"),
    (34, "self-check", "self-check"),
    (20, "interview", "interview"),
    (38, "tour", "tour"),
    (56, "request", "reply"),
    (20, "complaint", "answer"),
    (20, "meeting", "notice"),
    (106, "login", "login"),
    (106, "note", "note"),
    (106, "call", "call"),
    (106, "delivery", "delivery"),
]
TYPES = sorted({name for _, *pair in FAMILIES for name in pair})

DUTIES = """\
duties:
  yearly-review:
    clause: "1"
    bearer: {unit: [section, office]}
    when: {per: year}
    evidence: {event: review}
    accountable: [head]
  planned-work:
    clause: "2"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: plan, where: {topic: [safety, budget]}}
    requires: {at_least: 4}
  half-year-report:
    clause: "3"
    bearer: {unit: section}
    when: {per: half_year}
    evidence: {event: report, where: {to: board}, must: {form: written}}
    requires: {at_least: 2}
    accountable: [head, deputy]
    severity: major
  quarterly-filing:
    clause: "4"
    bearer: {unit: section}
    when: {per: quarter}
    evidence: {event: filing, must: {form: written, cc: {has: archive}}}
    accountable: [head]
    severity: major
  good-surveys:
    clause: "5"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: survey, where: {score: {at_least: 50}}}
    requires: {at_least: 3}
  monthly-lecture:
    clause: "6"
    bearer: {unit: section}
    when: {per: month}
    evidence: {event: lecture}
    accountable: [deputy]
  visits:
    clause: "7"
    bearer: {unit: section}
    when: {per: quarter}
    evidence: {event: visit, where: {topic: [safety, law, staff]}}
    requires: {at_least: 2}
  training:
    clause: "8"
    bearer: {unit: section}
    when: {per: half_year}
    evidence: {event: training, must: {form: [written, mail]}}
    requires: {at_least: 2}
  few-incidents:
    clause: "9"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: incident, where: {score: {at_most: 20}}}
    requires: {at_most: 2}
    accountable: [head]
    severity: major
  copied-audits:
    clause: "10"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: audit, must: {cc: {has_any: [archive, legal]}}}
    requires: {at_least: 2}
  talks:
    clause: "11"
    bearer: {unit: section}
    when: {per: half_year}
    evidence:
      event: talk
      where: {any: [{form: {not: oral}}, {urgent: true}]}
    requires: {at_least: 4}
  expenses:
    clause: "12"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: expense}
    requires: {at_most: 5}
  audits-or-briefings:
    clause: "13"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: [audit, briefing]}
    requires: {at_least: 4}
  june-and-december-check:
    clause: "14"
    bearer: {unit: section}
    when: {in_each: [{month: 6}, {month: 12}]}
    evidence: {event: self-check}
    accountable: [head]
  urgent-request-answered:
    clause: "15"
    bearer: {unit: section}
    when: {after: {event: request, where: {urgent: true}}}
    within: 72 hours
    evidence: {event: reply, matching: case_no}
    accountable: [head]
    severity: major
  request-answered:
    clause: "16"
    bearer: {unit: section}
    when: {after: {event: request, where: {urgent: false}}}
    within: 5 working days
    evidence: {event: reply, matching: case_no, must: {form: written}}
  complaint-answered:
    clause: "17"
    bearer: {unit: section}
    when: {after: {event: complaint}}
    within: 10 working days
    evidence: {event: answer, matching: case_no}
    accountable: [head]
  meeting-announced:
    clause: "18"
    bearer: {unit: section}
    when: {before: {event: meeting}}
    within: 3 working days
    evidence: {event: notice, matching: case_no}
  head-interviews:
    clause: "19"
    bearer: {post: head}
    when: {per: year}
    evidence: {event: interview}
    requires: {at_least: 3}
  head-tours:
    clause: "20"
    bearer: {post: head}
    when: {per: quarter}
    evidence: {event: tour}
    requires: {at_least: 2}
    severity: major
"""

POLICY = """\
policy: benchmark
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
working_days: {country: CN}
unit_kinds: {office: {title: Office}, section: {title: Section}}
posts:
  chief: {title: Chief}
  head: {title: Head, above: chief}
  deputy: {title: Deputy, above: head}
"""


def write(folder: Path, *, units: int = UNITS) -> None:
    """Write the policy folder, the organisation file and, for the SQL, the same as tables."""
    policy = folder / "policy"
    policy.mkdir(parents=True, exist_ok=True)
    types = "".join(
        f"  {name}: {{fields: *all}}\n" if n else f"  {name}:\n    fields: &all\n      {FIELDS}"
        for n, name in enumerate(TYPES)
    )
    (policy / "policy.yaml").write_text(f"{POLICY}event_types:\n{types}{DUTIES}")
    rows = [(unit_id(n), "office" if n < OFFICES else "section", n) for n in range(units)]
    appointments = [each for n in range(units) for each in _appointments(n)]
    people = sorted({person for person, *_ in appointments})
    with (folder / "organisation.yaml").open("w") as out:
        out.write("organisation: benchmark\nunits:\n")
        for unit, kind, n in rows:
            parent = "" if n < OFFICES else f", parent: {unit_id(n % OFFICES)}"
            out.write(f"  - {{id: {unit}, kind: {kind}{parent}}}\n")
        out.write("people:\n")
        out.writelines(f"  - {{id: {person}, name: {person}}}\n" for person in people)
        out.write("appointments:\n")
        for person, post, unit, first, last in appointments:
            span = (f", from: {first}" if first else "") + (f", until: {last}" if last else "")
            out.write(f"  - {{person: {person}, post: {post}, unit: {unit}{span}}}\n")
    with (folder / "units.csv").open("w", newline="") as out:
        csv.writer(out).writerows([("unit", "kind"), *(row[:2] for row in rows)])
    with (folder / "appointments.csv").open("w", newline="") as out:
        csv.writer(out).writerows([("person", "post", "unit", "first", "last"), *appointments])


def unit_id(n: int) -> str:
    return f"u{n:05}"


def _appointments(n: int) -> list[tuple[str, str, str, str, str]]:
    """Chiefs in the offices; a head in most sections, in some a new one from July; deputies."""
    unit = unit_id(n)
    if n < OFFICES:
        return [(f"p{n:05}", "chief", unit, "", "")]
    found = []
    if n % 50 != 0:
        changes = n % 20 == 1
        found.append((f"p{n:05}", "head", unit, "", "2025-06-30" if changes else ""))
        if changes:
            found.append((f"q{n:05}", "head", unit, "2025-07-01", ""))
    if n % 2:
        found.append((f"d{n:05}", "deputy", unit, "", ""))
    return found
