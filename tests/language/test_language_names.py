"""Every name in a duty is declared and fits its place, wherever the grammar has a place for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_world import problems

AFTER = """\
d:
  clause: "1"
  bearer: {unit: office}
  when: {after: {event: case}}
  within: 5 days
  evidence: {event: answer, matching: case_no}
"""
PLAIN = AFTER.replace(", matching: case_no", "")
YEARLY = """\
d:
  clause: "1"
  bearer: {unit: ship}
  when: {per: year}
  evidence: {event: drill}
  requires: {at_least: 2}
"""
HEADS = YEARLY.replace("{unit: ship}", "{post: head}").replace(
    "{event: drill}", "{event: drill, who: by}"
)
STATE = """\
d:
  clause: "1"
  bearer: {unit: ship}
  when: {throughout: year}
  requires: {days_held: {from: {event: case}, until: {event: answer}}}
"""
RAISED = PLAIN.replace("{event: case}", "{escalation: facts}").replace(
    '"1"', '"1"\n  severity: major'
)
SHIFTS = """\
d:
  clause: "1"
  bearer: {unit: ship}
  of_each: {value: [fire, boat]}
  when: {per: year}
  evidence: {event: drill, target: kind}
"""
EACH = """\
d:
  clause: "1"
  bearer: {unit: ship}
  when: {for_each: {event: drill}}
  evidence: {must: {kind: fire}}
"""
CASES = """\
d:
  clause: "1"
  bearer: {unit: office}
  of_each: {value_of: case_no}
  while: {from: {event: case}, until: {event: answer}}
  when: {per: week}
  evidence: {event: answer}
"""
OTHER = """\
e:
  clause: "2"
  bearer: {unit: office}
  when: {after: {duty: d}}
  within: 1 day
  evidence: {event: answer}
"""


@pytest.mark.parametrize(
    "good", [AFTER, PLAIN, RAISED, YEARLY, HEADS, STATE, SHIFTS, EACH, AFTER + OTHER]
)
def test_the_duties_that_are_spoilt_below_are_good(tmp_path: Path, good: str) -> None:
    assert problems(tmp_path, good) == []


@pytest.mark.parametrize(
    ("duty", "old", "new"),
    [
        (AFTER, "matching: case_no", "matching: {at: since}"),
        (AFTER, "matching: case_no", "matching: [case_no, weekday, working_day, hour]"),
        (AFTER, "5 days", "{of: {by: weekday, table: {monday: 1 day}, otherwise: 2 days}}"),
        (AFTER, "5 days", "{of: {by: working_day, table: {true: 1 day}, otherwise: 2 days}}"),
        (AFTER, "5 days", "{of: {by: hour, bands: [{up_to: 18, is: 1 day}, {is: 2 days}]}}"),
        (AFTER, "5 days", "{by: {attribute: open}, table: {false: 1 day}, otherwise: 2 days}"),
        (AFTER, "5 days", "{of: {field: n, in: working days, otherwise: 2 days}}"),
        (
            AFTER,
            "5 days",
            "{of: {by: n, bands: [{up_to: 1, is: 1 day}, {is: {field: n, in: weeks}}]}}",
        ),
        (
            AFTER,
            "5 days",
            "{of: 5 days, extended: [{on: {event: [answer, case]}, by: {field: n, in: days}}]}",
        ),
        (
            AFTER,
            "5 days",
            "{of: 5 days, pauses: [{from: {event: answer}, at_most: {field: n, in: hours}}]}",
        ),
        (YEARLY, "2", "{by: {attribute: open}, table: {true: 1}, otherwise: 2}"),
        (YEARLY, "2", "{sum_of: [1, {attribute: crew}, {by: {event: drill}, bands: [{is: 1}]}]}"),
        (YEARLY, "2", "{by: {post: head}, bands: [{up_to: 1, is: 1}, {is: 2}]}"),
        (
            AFTER,
            "5 days",
            "{by: {attribute: open, of: target}, table: {false: 1 day}, otherwise: 2 days}",
        ),
        (
            EACH,
            "evidence: {must: {kind: fire}}",
            "requires: {sum: seats, at_least: {attribute: crew, of: target}}",
        ),
        (
            PLAIN,
            "when: {after: {event: case}}",
            "of_each: {unit: ship}\n  when: {since_last: {starting: {date_of: issued_on, of: target}}}",
        ),
    ],
)
def test_days_booleans_and_counts_may_be_asked(
    tmp_path: Path, duty: str, old: str, new: str
) -> None:
    assert problems(tmp_path, duty.replace(old, new, 1)) == []


@pytest.mark.parametrize(
    ("duty", "old", "new", "expected"),
    [
        # Sources.
        (AFTER, "{event: case}", "{event: [case, cas]}", "4:25: unknown event type `cas`; did you mean `case`?"),
        (AFTER, "{event: case}", "{duty: dd}", "4:24: unknown duty `dd`; did you mean `d`?"),
        (AFTER, "{event: case}", "{evnt: case}", "`evnt` names no source; did you mean `event`?"),
        (AFTER, "{event: case}", "{event: case, where: {numbr: 1}}", "4:46: the event type `case` has no field `numbr`"),
        (AFTER, "{event: case}", "{event: case, where: {weekday: munday}}", "4:48: `munday` is not one of the field's words; did you mean `sunday`?"),
        (AFTER, "{event: case}", "{event: case, where: {hour: late}}", "expected a number, found late"),
        (AFTER, "{event: case}", "{event: case, where: {kind: boat}}", "`boat` is not one of the field's words"),
        (PLAIN, "{event: case}", "{date_of: issued}", "unknown unit attribute `issued`; did you mean `issued_on`?"),
        (PLAIN, "{event: case}", "{date_of: crew}", "`crew` is a number; here it must be a date; fitting: issued_on"),
        (PLAIN, "{event: case}", "{escalation: fact}", "unknown escalation `fact`; did you mean `facts`?"),
        (PLAIN, "{event: case}", "{escalation: personal}", "raised for people only; add `unit` to its `of`"),
        (PLAIN, "{event: case}", "{event: case, reached: 0}", "`reached` needs a number above 0, found `0`"),
        (PLAIN, "{event: case}", "{event: case, reached: many}", "expected a number such as `reached: 3`"),
        (PLAIN, "{event: case}", "{event: case, reached: true}", "expected a number such as `reached: 3`"),
        (PLAIN, "{event: case}", "{event: case, reached: 1.5}", "counted in whole numbers, found `1.5`; name a `sum`"),
        (PLAIN, "{event: case}", "{event: case, reached: {by: unit}}", "`at` is missing"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 0.0000001, sum: hours}}", "up to six decimal places"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, sum: kind}}", "`kind` is text; here it must be a number"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, sum: hour}}", "unknown field `hour`; did you mean `hours`?"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, by: hours}}", "`hours` is a number; here it must be text"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, by: [unit, weekday]}}", "unknown column `weekday`"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, in: 3 working days}}", "`in` lasts days, weeks, months or years"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, per: decade}}", "`decade` is no period"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, reset: {event: cse}}}", "unknown event type `cse`"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, by: shift, reset: {event: case}}}", "what resets has no `shift`"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, reset: {event: case, reached: 2}}}", "a plain source, without `reached`"),
        (YEARLY, "{event: drill}", "{event: drill, reached: {at: 2, reset: {duty: d}}}", "wait for each other in a circle: d → d"),
        (YEARLY, "{at_least: 2}", "{at_least: 1/2, share_of: {unit: ship, reached: 2}}", "`reached` go with `event` or `duty`, not `unit`"),
        (EACH, "{must:", "{reached: 2, must:", "`reached` counts events; name them with `event`"),
        (PLAIN, "{event: case}", "{silence: 3 hours, of: {event: case}}", "silence lasts days, working days, weeks, months or years"),
        (PLAIN, "{event: case}", "{silence: 3 days, of: {event: cse}}", "unknown event type `cse`"),
        (PLAIN, "{event: case}", "{start_of: yeer}", "4:28: `yeer` is no period; did you mean `year`?"),
        (YEARLY, "{event: drill}", "{start_of: year}", "unknown key `start_of`"),
        (YEARLY, "{event: drill}", "{event: drill, stands_in: {event: drll}}", "5:47: unknown event type `drll`"),
        (YEARLY, "{event: drill}", "{event: drill, is: met}", "`is` goes with `duty`"),
        # Conditions.
        (YEARLY, "{event: drill}", "{event: drill, must: {seats: {at_least: {field: shift}}}}", "`shift` is text; to compare it must be a number; fitting: hour, hours, seats"),
        (YEARLY, "{event: drill}", "{event: drill, must: {seats: {at_least: {field: seat, share: 1/2}}}}", "unknown field `seat`; did you mean `seats`?"),
        (YEARLY, "{event: drill}", "{event: drill, must: {day: {before: {field: at, share: 1/2}}}}", "`share` is for numbers; `day` is a date"),
        (YEARLY, "{event: drill}", "{event: drill, must: {shift: {not: {same_as: seats}}}}", "`seats` is a number; to compare it must be text"),
        (YEARLY, "{event: drill}", "{event: drill, must: {shift: {same_as: kinds}}}", "unknown field `kinds`; did you mean `kind`?"),
        # Columns and keys.
        (YEARLY, "{event: drill}", "{event: drill, who: seats}", "5:33: unknown column `seats`"),
        (YEARLY, "{event: drill}", "{event: drill, target: shift}", "`target` goes with `of_each`"),
        (YEARLY, "{event: drill}", "{event: drill, matching: shift}", "this duty has none"),
        (AFTER, "matching: case_no", "matching: {case_no: handler}, who: handlr", "6:64: unknown column `handlr`"),
        (AFTER, "matching: case_no", "matching: {case_nr: case_no}", "6:49: unknown field `case_nr`; did you mean `case_no`?"),
        (AFTER, "matching: case_no", "matching: {case_no: case_nr}", "6:49: unknown field of the trigger `case_nr`"),
        (AFTER, "matching: case_no", "matching: {case_no: n}", "`case_no` is text, the trigger's `n` a number; they never match"),
        (AFTER, "within: 5 days", "within: 5 days\n  unless: {event: answer, matching: case_nr}", "unknown field `case_nr`"),
        (AFTER, "within: 5 days", "within: 5 days\n  review: {asks: Good?, decision: {event: answer, must: {m: 1}}}", "the event type `answer` has no field `m`"),
        (AFTER, "within: 5 days", "within: 5 days\n  late: {within: 3 days, must: {m: 1}}", "6:36: the event type `answer` has no field `m`"),
        (AFTER, "within: 5 days", "within: 5 days\n  accountable: [{post: head, named_in: handlr}]", "unknown field `handlr`; did you mean `handler`?"),
        (AFTER, "within: 5 days", "within: 5 days\n  accountable: [{post: head, named_in: n}]", "`n` is a number; here it must be text"),
        # Bearers and targets.
        (YEARLY, "{unit: ship}", "{unit: ship}\n  applies_when: {crw: 1}", "4:23: unknown unit attribute `crw`; did you mean `crew`?"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  applies_when: {issued_on: {at_least: 1}}", "`at_least` does not fit `issued_on`, which is a date"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  of_each: {post: membr}", "unknown post `membr`; did you mean `member`?"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  of_each: {unit: offce}", "unknown unit kind `offce`; did you mean `office`?"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  of_each: {unit: office, where: {flg: NL}}", "unknown unit attribute `flg`"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  of_each: {unit: overseen}", "`overseen` needs a bearer that is a post"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  of_each: {value: [day, night]}", "`target` is missing"),
        (SHIFTS, "[fire, boat]", "[fire, boot]", "unknown word of `kind` `boot`; did you mean `boat`?"),
        (SHIFTS, ", target: kind", ", target: seats", "unknown column `seats`"),
        (SHIFTS, ", target: kind", "", "6:13: `target` is missing: which field says for which of `of_each` it is?"),
        (EACH, "must: {kind: fire}", "must: {kind: flood}", "5:27: `flood` is not one of the field's words"),
        (EACH, "{unit: ship}", "{unit: ship}\n  of_each: {value: [x]}", "with `for_each` no column can name a word of `value`"),
        # States in which a duty is owed.
        (CASES, "  while: {from: {event: case}, until: {event: answer}}\n", "", "2:3: `value_of` needs `while`: from when and until when"),
        (CASES, "{value_of: case_no}", "{value_of: case_no, unit: ship}", "`of_each` is one of"),
        (CASES, "{value_of: case_no}", "{value_of: case_nr}", "4:23: unknown field `case_nr`; did you mean `case_no`?"),
        (CASES, "{value_of: case_no}", "{value_of: n}", "4:23: `n` is a number; here it must be text or a list"),
        (CASES, "{event: answer}\n", "{event: drill}\n", "7:13: no field `case_no` here: add `target`"),
        (CASES, "{event: answer}\n", "{event: drill, target: shft}\n", "unknown column `shft`; did you mean `shift`?"),
        (CASES, "from: {event: case}", "from: {event: cas}", "5:25: unknown event type `cas`; did you mean `case`?"),
        (CASES, "{value_of: case_no}\n  while: {from: {event: case}", "{value_of: unit}\n  while: {from: {duty: d, is: unmet}", "duties wait for each other in a circle: d → d"),
        (CASES, "until: {event: answer}}", "until: {event: answer}, matching: case_nr}", "unknown field `case_nr`; did you mean `case_no`?"),
        (CASES, "until: {event: answer}}", "until: {event: answer}, for: 1 year}", "a state ends with `until` or holds `for` so long"),
        (CASES, "{from: {event: case}, until: {event: answer}}", "{until: {event: answer}}", "5:10: `from` is missing; add it"),
        (YEARLY, "{unit: ship}", "{unit: ship}\n  while: {from: {event: drill}, target: shift}", "`target` goes with `of_each`"),
        # Clocks and tables.
        (AFTER, "within: 5 days", "within: {of: 5 working days, calendar: bank-day}", "5:42: unknown calendar `bank-day`; did you mean `bank-days`?"),
        (AFTER, "within: 5 days", "within: {of: 5 days, from: {event: answr}}", "unknown event type `answr`"),
        (AFTER, "within: 5 days", "within: {of: 5 days, pauses: [{from: {event: answer, matching: {m: case_no}}, until: {event: answer}}]}", "unknown field `m`"),
        (AFTER, "within: 5 days", "within: {earlier_of: [5 days, {until: {event: answr}}]}", "5:49: unknown event type `answr`"),
        (AFTER, "within: 5 days", "within: {of: {by: knd, table: {fire: 1 day}, otherwise: 2 days}}", "5:21: unknown field of the trigger `knd`; did you mean `kind`?"),
        (AFTER, "within: 5 days", "within: {of: {by: kind, table: {boat: 1 day}, otherwise: 2 days}}", "5:41: unknown word of `kind` `boat`"),
        (AFTER, "within: 5 days", "within: {of: {by: kind, bands: [{is: 1 day}]}}", "`kind` is text; for `bands` it must be a number; fitting: hour, n"),
        (AFTER, "within: 5 days", "within: {of: {by: {attribute: open}, bands: [{is: 1 day}]}}", "`open` is a boolean; for `bands` it must be a number; fitting: crew"),
        (AFTER, "within: 5 days", "within: {of: {by: kind, table: {fire: 1 day}}}", "`otherwise` is missing"),
        (AFTER, "within: 5 days", "within: {of: {by: kind, table: {fire: 1 day, flood: 2 days}}}", "what if it is not in the table, or is not said at all?"),
        (AFTER, "within: 5 days", "within: {of: {by: n, table: {1: 1 day}, otherwise: 2 days}}", "5:21: `n` is a number; look it up with `bands` instead of `table`"),
        (AFTER, "within: 5 days", "within: {of: {by: since, table: {x: 1 day}, otherwise: 2 days}}", "`since` is a date; for `table` it must be text or a boolean"),
        (AFTER, "within: 5 days", "within: {of: {by: {attribute: open}, table: {yes: 1 day}, otherwise: 2 days}}", "5:53: unknown word of `open` `yes`; known: false, true"),
        (AFTER, "within: 5 days", "within: {of: {by: working_day, table: {no: 1 day}, otherwise: 2 days}}", "unknown word of `working_day` `no`"),
        (AFTER, "within: 5 days", "within: {of: {by: weekday, table: {satday: 1 day}, otherwise: 2 days}}", "unknown word of `weekday` `satday`; did you mean `saturday`?"),
        (AFTER, "within: 5 days", "within: {of: {by: {event: answer}, bands: [{is: 1 day}]}}", "5:21: times are looked up by a field of the trigger or by `{attribute: name}`; by what is counted, only numbers"),
        (AFTER, "within: 5 days", "within: {by: {event: answer}, bands: [{is: 1 day}]}", "5:16: times are looked up by a field of the trigger"),
        (PLAIN, "{event: case}}\n  within: 5 days", "{event: case, on: since}}\n  within: {of: {by: hour, bands: [{is: 1 day}]}}", "unknown field of the trigger `hour`"),
        (PLAIN, "{event: case}}\n  within: 5 days", "{end_of: year}}\n  within: {of: {by: hour, bands: [{is: 1 day}]}}", "unknown field of the trigger `hour`"),
        (AFTER, "within: 5 days", "within: 5 days\n  accountable: [{post: head, named_in: weekday}]", "unknown field `weekday`"),
        (AFTER, "within: 5 days", "within: {of: {field: nn, in: days}}", "5:24: unknown field of the trigger `nn`; did you mean `n`?"),
        (AFTER, "within: 5 days", "within: {of: {field: kind, in: days}}", "5:24: `kind` is text; to be a duration it must be a number; fitting: n"),
        (AFTER, "within: 5 days", "within: {of: {field: hour, in: days}}", "unknown field of the trigger `hour`"),
        (AFTER, "within: 5 days", "within: {of: {field: n, in: fortnights}}", "5:31: `fortnights` is not a word that fits here; known: days, hours"),
        (AFTER, "within: 5 days", "within: {of: {field: n}}", "5:16: `in` is missing; add it"),
        (AFTER, "within: 5 days", "within: {of: {field: n, in: days, else: 2 days}}", "5:37: unknown key `else`; known: field, in, otherwise"),
        (AFTER, "within: 5 days", "within: {of: {field: n, in: days, otherwise: soon}}", "5:48: expected a duration such as `5 working days`"),
        (AFTER, "within: 5 days", "within: {of: {by: kind, table: {fire: {field: since, in: days}}, otherwise: 2 days}}", "5:49: `since` is a date; to be a duration it must be a number"),
        (AFTER, "within: 5 days", "within: {of: {by: n, bands: [{is: {field: number, in: days}}]}}", "5:45: unknown field of the trigger `number`"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: case}, until: {field: until}}]}", "5:70: unknown field `until`"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: case}, until: {field: n}}]}", "`n` is a number; here it must be a date; fitting: since"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: case}}]}", "an extension is `by` a duration or `until` a day: `{field: new_day}`"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: case}, by: 1 day, until: {field: since}}]}", "an extension is `by` a duration or `until` a day"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: answer}, by: {field: granted, in: days}}]}", "5:69: unknown field `granted`"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: [answer, drill]}, by: {field: n, in: days}}]}", "unknown field `n`"),
        (AFTER, "within: 5 days", "within: {of: 5 days, extended: [{on: {event: answer}, by: {field: writer, in: days}}]}", "`writer` is text; to be a duration it must be a number; fitting: n"),
        (AFTER, "within: 5 days", "within: {of: 5 days, pauses: [{from: {event: case}, at_most: {field: since, in: days}}]}", "`since` is a date; to be a duration it must be a number; fitting: n"),
        (AFTER, "within: 5 days", "within: {earlier_of: [5 days, {of: 1 day, from: {of: {field: m, in: hours}}}]}", "unknown field of the trigger `m`"),
        (AFTER, "within: 5 days", "within: 5 days\n  grace: {field: n, in: days}", "6:10: expected a duration such as `5 working days`"),
        (PLAIN, "{event: case}}\n  within: 5 days", "{end_of: year}}\n  within: {of: {field: n, in: days}}", "unknown field of the trigger `n`; none is declared"),
        (AFTER, "within: 5 days", "within: {of: 5 days, to: next workday}", "`next workday` is no move"),
        # Measures and thresholds.
        (YEARLY, "{at_least: 2}", "{at_least: 2, sum: hour}", "6:32: unknown field `hour`; did you mean `hours`?"),
        (YEARLY, "{at_least: 2}", "{at_least: 2, average: kind}", "`kind` is text; here it must be a number; fitting: hours, seats"),
        (YEARLY, "{at_least: 2}", "{at_least: 2, distinct: seats}", "`seats` is a number; here it must be text or a date or a list"),
        (YEARLY, "{at_least: 2}", "{at_least: 2, buckets: {by: dy, sum: hours, at_least: 6}}", "6:41: unknown period or text field `dy`"),
        (YEARLY, "{at_least: 2}", "{at_least: 2, buckets: {by: day, sum: hrs, at_least: 6}}", "unknown field `hrs`"),
        (YEARLY, "{at_least: 2}", "{at_least: 2, sum: hours, capped: {by: dai, at: 8}}", "unknown period or text field `dai`"),
        (YEARLY, "{at_least: 2}", "{at_least: {attribute: crw}}", "unknown unit attribute `crw`; did you mean `crew`?"),
        (YEARLY, "{at_least: 2}", "{at_least: {attribute: crew, of: target}}", "6:46: `of: target` needs a target that is a unit: `of_each: {unit: …}`, or"),
        (SHIFTS, "target: kind}", "target: kind}\n  requires: {at_least: {share: 1/2, of: {attribute: crew, of: target}}}", "`of: target` needs a target that is a unit"),
        (YEARLY, "{at_least: 2}", "{at_least: {share: 1/2, of: {event: drill, of: target}}}", "`of` (whose attribute) goes with `attribute`, not `event`"),
        (YEARLY, "{at_least: 2}", "{at_least: {attribute: crew, of: ship}}", "6:46: `ship` is not a word that fits here; known: bearer, target"),
        (PLAIN, "{event: case}}\n  within: 5 days", "{end_of: year}}\n  within: {of: {by: {attribute: crew, of: target}, bands: [{is: 1 day}]}}", "`of: target` needs a target that is a unit"),
        (PLAIN, "{event: case}", "{date_of: issued_on, of: target}", "`of: target` goes with the start of `since_last` only"),
        (PLAIN, "when: {after: {event: case}}", "when: {since_last: {starting: {date_of: issued_on, of: target}}}", "`of: target` needs targets that are units: `of_each: {unit: …}`"),
        (YEARLY, "{at_least: 2}", "{at_least: {attribute: flag}}", "`flag` is text; here it must be a number; fitting: crew"),
        (YEARLY, "{at_least: 2}", "{at_least: {by: {attribute: flag}, bands: [{is: 1}]}}", "`flag` is text; for `bands` it must be a number"),
        (YEARLY, "{at_least: 2}", "{at_least: {sum_of: [2, {share: 1/2, of: {event: drll}}]}}", "unknown event type `drll`"),
        (YEARLY, "{at_least: 2}", "{at_least: {sum_of: [2]}}", "expected at least 2, found 1"),
        (YEARLY, "{at_least: 2}", "{at_least: 1000000000000001}", "1000000000000001 is too large; numbers go up to 1,000,000,000,000,000"),
        (YEARLY, "{at_least: 2}", "{at_least: 1.0e400}", "1.0e400 is too large"),
        (YEARLY, "{at_least: 2}", "{at_least: {sum_of: [{share: 1/999999, of: {attribute: crew}}, {share: 1/999998, of: {attribute: crew}}]}}", "too many digits in the shares and numbers"),
        (YEARLY, "{at_least: 2}", "{at_least: -1}", "a count can't be less than 0, found `-1`"),
        (YEARLY, "{at_least: 2}", "{at_most: {sum_of: [{attribute: crew}, -1]}}", "a count can't be less than 0, found `-1`"),
        (YEARLY, "{at_least: 2}", "{at_least: -0.5, share_of: {event: drill}}", "a share can't be less than 0, found `-0.5`"),
        (YEARLY, "{at_least: 2}", "{distinct: shift, less_than: 0}", "`less_than: 0` can't be met"),
        (YEARLY, "{at_least: 2}", "{buckets: {by: day, at_least: -1}}", "a bound below 0 goes with `sum`"),
        (YEARLY, "{at_least: 2}", "{at_least: {by: crew, bands: [{is: 1}]}}", "6:29: numbers are looked up by `{attribute: name}` or by what is counted, such as `{event: type}`; not by a field, `crew`"),
        (YEARLY, "{at_least: 2}", "{at_least: {by: {event: drll}, bands: [{is: 1}]}}", "unknown event type `drll`"),
        (YEARLY, "{at_least: 2}", "{at_least: {by: {event: drill, where: {seat: 1}}, bands: [{is: 1}]}}", "the event type `drill` has no field `seat`"),
        (YEARLY, "{at_least: 2}", "{at_least: {by: {event: drill}, table: {x: 1}, otherwise: 2}}", "what is counted is a number; look it up with `bands`"),
        (YEARLY, "{at_least: 2}", "{at_least: {by: {attribute: crew}, table: {1: 1}, otherwise: 2}}", "`crew` is a number; look it up with `bands` instead of `table`"),
        (YEARLY, "{at_least: 2}", "{at_least: {greater_of: [2, {share: 1/2, of: {unit: shp}}]}}", "6:65: unknown unit kind `shp`; did you mean `ship`?"),
        (YEARLY, "{at_least: 2}", "{at_least: 1/2, share_of: {event: drill, who: seats}}", "6:59: unknown column `seats`"),
        (YEARLY, "{at_least: 2}", "{at_least: 1/2, share_of: {post: hed}}", "unknown post `hed`; did you mean `head`?"),
        (YEARLY, "{at_least: 2}", "{at_least: 1/2, share_of: {attribute: open}}", "`open` is a boolean; here it must be a number"),
        (STATE, "{event: case}", "{event: case}, matching: writer", "unknown field `writer`"),
        (STATE, "{from: {event: case}, until: {event: answer}", "{from: {event: drill}, until: {event: drill}, matching: by", "`by` is a list, whose entries have no states; take a text field"),
        (STATE, ", until: {event: answer}", ", for: n", "`n` is a number; here it must be a date; fitting: since"),
        (STATE, "{event: case}", "{event: case}, who: n", "unknown column `n`"),
        # Only for units.
        (HEADS, "{per: year}", "{after: {anniversary_of: issued_on}}\n  within: 1 day", "`anniversary_of` is for duties that units bear"),
        (HEADS, "{per: year}", "{after: {silence: 3 days, of: {event: case}}}\n  within: 1 day", "`silence` is for duties that units bear"),
        # Other duties.
        (AFTER + OTHER, "{duty: d}", "{duty: d, is: don}", "`don` is not a word that fits here"),
        (AFTER + OTHER, "{duty: d}", "{duty: d, where: {m: 1}}", "10:38: `answer`, evidence of the duty `d`, has no field `m`"),
        (AFTER + OTHER, "{duty: d}", "{duty: d, is: unmet, where: {writer: x}}", "what comes of the duty `d` has no field `writer`"),
        (AFTER + OTHER, "{duty: d}", "{duty: e}", "10:24: duties wait for each other in a circle: e → e"),
        (AFTER + OTHER, "{event: case}", "{duty: e, is: late}", "4:24: duties wait for each other in a circle: d → e → d"),
        (STATE + OTHER, "{duty: d}", "{duty: d, is: done}", "`d` is never done: only a number or a sum that must be reached is"),
    ],
)  # fmt: skip
def test_each_problem_says_where_and_what_to_do(
    tmp_path: Path, duty: str, old: str, new: str, expected: str
) -> None:
    assert old in duty
    found = problems(tmp_path, duty.replace(old, new, 1))
    assert len(found) == 1, found
    assert expected in found[0]
