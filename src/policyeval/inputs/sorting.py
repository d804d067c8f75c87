"""Sorts rows out: events that count, rows that are set aside, duplicates and corrections.

Almost every row of an export is as it should be. So those that may not be are found in one scan
and kept in a small table; an event is a row that is not among them, and no large table is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.util import gen_name

from policyeval.inputs import noticing
from policyeval.inputs.circles import going_round, in_circles, set_aside
from policyeval.inputs.knowledge import was_known
from policyeval.inputs.noticing import Noticed
from policyeval.inputs.organisation import Organisation
from policyeval.inputs.problems import UNREADABLE_ROW
from policyeval.inputs.reading import FLAWS, flaw
from policyeval.inputs.row_problems import Known, with_problems
from policyeval.inputs.suspects import Fetch, suspects
from policyeval.tables import null, small


@dataclass(frozen=True)
class Sorted:
    """Rows, sorted out; see `events.EventTables`."""

    events: ir.Table
    rejected: ir.Table
    notices: tuple[Noticed, ...]


def known_names(organisation: Organisation) -> tuple[ir.Table, ir.Table]:
    """The units and the people of an organisation: `name` string."""
    units, people = (
        small(((word,) for word in sorted(words)), {"name": "string"})
        for words in (organisation.unit_ids, organisation.person_ids)
    )
    return units, people


def sorted_out(
    engine: BaseBackend, rows: ir.Table, known: Known, *, ignore: bool, known_by: date | None
) -> Sorted:
    """Sort rows out.

    Args:
        engine: the data engine.
        rows: what `reading.Reader.typed` gives, of all files.
        known: what they may name.
        ignore: whether rows of types that the policy does not have are left.
        known_by: rows that were recorded after this day are left out, before anything else; None
            keeps all.
    """

    def keep(table: ir.Table) -> ir.Table:
        return engine.create_table(gen_name("kept"), table, temp=True)

    def fetch(table: ir.Table) -> list[dict[str, str]]:
        found: list[dict[str, str]] = engine.to_pyarrow(table).to_pylist()
        return found

    def count(table: ir.Table) -> int:
        return int(engine.to_pyarrow(table.count()).as_py())

    notices = []
    if known_by is not None:
        recorded = was_known(rows, known_by)
        notices.append(noticing.recorded_later(known_by, count(rows.filter(~recorded))))
        rows = rows.filter(recorded)
    if ignore:
        listed = rows.type.isin(known.types) | rows.type.isnull() | rows.withdraws.notnull()
        notices += _if(count(rows.filter(~listed)), noticing.unlisted_types)
        rows = rows.filter(listed)
    unusual = keep(with_problems(suspects(rows, known, keep, fetch), known))
    columns = [*(name for name in rows.columns if name not in _NOT_OF_EVENTS), *_SUPERSEDED]
    if count(unusual) == 0:
        return Sorted(_as_they_stand(rows).select(columns), _nothing(unusual), tuple(notices))
    single = keep(_each_once(unusual))
    notices += _if(count(unusual) - count(single), noticing.duplicates)
    named = fetch(going_round(_named(single.filter(single.problems.isnull()))))
    if circling := in_circles([(each["of"], each["superseded_by"]) for each in named]):
        single = keep(set_aside(single, circling))
    fine, bad = single.problems.isnull(), single.problems.notnull()
    corrections = keep(_corrections(_named(single.filter(fine))))
    notices += _dangling(fetch, corrections, unusual)
    excluded = unusual.filter(unusual.id.notnull()).select("id").distinct()
    usual = rows.filter(rows.id.notnull()).anti_join(keep(excluded), "id")
    usual = _as_they_stand(usual)
    special = single.filter(fine, single.withdraws.isnull())
    special = keep(_superseded(special, corrections).select(columns))
    events = ibis.union(usual.select(columns), special)
    rejected = keep(_set_aside(single.filter(bad), corrections, known))
    return Sorted(events, rejected, tuple(notices))


_NOT_OF_EVENTS = ("file", "row", "flaws", "flawed", "replaces", "withdraws")
_SUPERSEDED = ("superseded", "superseded_by")


def _if(number: int, noticed: Callable[[int], Noticed]) -> list[Noticed]:
    return [noticed(number)] if number else []


def _as_they_stand(rows: ir.Table) -> ir.Table:
    """Rows that nothing corrects."""
    return rows.mutate(superseded=null("string"), superseded_by=null("string"))


def _nothing(unusual: ir.Table) -> ir.Table:
    """Rejected rows where no row is unusual: none."""
    rows = _as_they_stand(unusual).mutate(unreadable=ibis.literal([], type="array<string>"))
    return rows.drop("flaws", "flawed", "replaces", "withdraws")


def _each_once(unusual: ir.Table) -> ir.Table:
    """Of rows with one id that say the same, the first; to differ is a problem."""
    values = [name for name in unusual.columns if name not in {"file", "row"}]
    same = ibis.window(group_by=values, order_by=["file", "row"])
    first = unusual.mutate(place=ibis.row_number().over(same))
    first = first.filter(first.id.isnull() | (first.place == 0)).drop("place")
    several = first.id.count().over(ibis.window(group_by="id"))
    twice = first.id.notnull() & (several > 1)
    problem = ibis.array([flaw("id", first.id, "id_twice")])
    problems = ibis.coalesce(first.problems, ibis.literal([], type=FLAWS))
    return first.mutate(problems=ibis.ifelse(twice, problem.concat(problems), first.problems))


def _named(accepted: ir.Table) -> ir.Table:
    """What accepted rows say they put right: `of`, `superseded`, `superseded_by` string."""
    sides = [
        accepted.filter(accepted[column].notnull()).select(
            of=accepted[column], superseded=ibis.literal(word), superseded_by="id"
        )
        for column, word in (("replaces", "replaced"), ("withdraws", "withdrawn"))
    ]
    return ibis.union(*sides)


def _corrections(named: ir.Table) -> ir.Table:
    """What is put right, each once: where several rows correct one event, by the first by id."""
    key = named.superseded_by + named.superseded
    return named.group_by("of").agg(
        superseded=named.superseded.argmin(key), superseded_by=named.superseded_by.min()
    )


def _superseded(rows: ir.Table, corrections: ir.Table) -> ir.Table:
    return rows.left_join(corrections, rows.id == corrections.of).drop("of")


def _dangling(fetch: Fetch, corrections: ir.Table, unusual: ir.Table) -> list[Noticed]:
    """Corrections of what is not in the export; what is corrected is among the unusual rows."""
    lost = corrections.anti_join(unusual, corrections.of == unusual.id).order_by("of")
    ids = [row["of"] for row in fetch(lost.select("of"))]
    return [noticing.dangling(ids, len(ids))] if ids else []


def _set_aside(rows: ir.Table, corrections: ir.Table, known: Known) -> ir.Table:
    """Rejected rows, with the columns in which anything might have stood."""
    every = [name for name in known.columns if name != "id"]
    broken = rows.problems.filter(lambda each: each.reason.isin(UNREADABLE_ROW)).length() > 0
    named = rows.problems.map(lambda each: each.column).filter(lambda name: name != "id")
    rows = _superseded(rows, corrections)
    superseded = ibis.ifelse(rows.withdraws.notnull(), "withdrawn", rows.superseded)
    rows = rows.mutate(
        unreadable=ibis.ifelse(broken, ibis.array(every), named), superseded=superseded
    )
    return rows.drop("flaws", "flawed", "replaces", "withdraws")
