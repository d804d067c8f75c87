"""The tables that `parquet`, `evidence-parquet` and `duckdb` hold; they never pass through Python.

Instants are zone-aware (UTC) and dates are local days of the policy. Titles, reasons and remedies
are not in them: they are worked out per finding for the formats that people read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from policyeval.engine import microseconds, with_zone
from policyeval.errors import OutputError
from policyeval.evaluation.times import NO_MOMENT
from policyeval.inputs.problems import REASONS
from policyeval.language.policy import Policy
from policyeval.reports.data import ReportData
from policyeval.reports.writing import fresh
from policyeval.tables import by_label, null

_INSTANTS = ("trigger_at", "opens", "due", "closes")
_PART = ("name", "measure", "at_least", "at_most", "counted", "late", "defective", "satisfied")
_AMOUNTS = ("at_least", "at_most", "counted", "late")
_ANSWERS = ("post", "person", "vacant", "instead_of")


def findings_table(data: ReportData) -> ir.Table:
    """One row per finding, in the order of the policy's duties.

    Returns:
        `id`, `verdict`, `rule` string; `duty`, `clause`, `severity` string, `assumed`
        array<string>; `bearer`, `unit`, `post` string, `vacant` boolean, `target` string; `period`
        string, `first_day`, `last_day` date (of the period); `trigger` string, `trigger_at`
        timestamp (of the trigger); `opens`, `due`, `closes` timestamp, `year` string (the plan
        year of the due day); `required`, `counted`, `late` float64, `defective`, `unreadable_rows`
        int64; `waiver` int64 (its number in the waivers file, from 0); `review` string (awaiting,
        accepted, refused); `parts` array<struct<name, measure, at_least, at_most, counted, late,
        defective, satisfied>>, whose numbers but `defective` are float64; `accountable`
        array<struct<post, person, vacant, instead_of>>; `policy`, `version` string. What a finding
        does not have, and what is not known yet, is null.
    """
    rows = data.findings_table()
    known = ibis.memtable(_duties(data.policy))
    rows = rows.left_join(known, rows.variant == known.of_variant)
    parts = rows.parts.map(lambda each: ibis.struct({name: _of_part(each, name) for name in _PART}))
    answers = rows.accountable.map(
        lambda each: ibis.struct({name: each[name] for name in _ANSWERS})
    )
    return rows.select(
        "verdict",
        "rule",
        *("duty", "clause", "severity", "assumed"),
        *("bearer", "unit", "post", "vacant", "target"),
        *("period", "first_day", "last_day", "trigger"),
        *("defective", "waiver"),
        id="finding",
        year=ibis.ifelse(_is_known(rows.due), rows.year, null("string")),
        review=rows.review.nullif("none"),
        parts=parts,
        **{name: _amount(rows[name], rows.scale) for name in ("required", "counted", "late")},
        unreadable_rows="unreadable",
        accountable=answers,
        policy=ibis.literal(data.policy.policy),
        version=ibis.literal(data.policy.version),
        **{name: _zoned(rows[name]) for name in _INSTANTS},
    ).select(list(FINDING_COLUMNS))


FINDING_COLUMNS = (
    *("id", "verdict", "rule", "duty", "clause", "severity", "assumed"),
    *("bearer", "unit", "post", "vacant", "target", "period", "first_day", "last_day"),
    *("trigger", "trigger_at", "opens", "due", "closes", "year"),
    *("required", "counted", "late", "defective", "unreadable_rows", "waiver", "review"),
    *("parts", "accountable", "policy", "version"),
)
"""The columns of `findings_table`, in order."""


def evidence_table(data: ReportData) -> ir.Table:
    """One row per event that was meant for a finding, in the order of the findings' ids.

    Returns:
        `finding` string (the `id` of a finding), `part`, `event` string (the event's id), `at`
        timestamp, `status` string (counted, late, defective, replaced, withdrawn, released,
        accepted, refused), `failed` array<string> (the conditions that a defective event failed),
        `by` string (the event that replaced or withdrew it). What does not apply is null.
    """
    rows = data.evidence_table()
    return rows.select(
        "finding", "part", "event", "status", "failed", "by", at=_zoned(rows["at"])
    ).select("finding", "part", "event", "at", "status", "failed", "by")


def rejected_table(data: ReportData) -> ir.Table:
    """One row per problem of a row that was set aside, in the order of files and rows.

    Returns:
        `file` string, `row` int64, `column`, `value` string; `reason` string (a word of
        `inputs.problems.REASONS`), and that reason in words: `reason_zh`, `reason_en` string.
    """
    rejected = data.inputs.rejected
    rows = rejected.select("file", "row", problem=rejected.problems.unnest())
    reason = rows.problem.reason
    return rows.select(
        "file",
        "row",
        column=rows.problem.column,
        value=rows.problem.value,
        reason=reason,
        **{f"reason_{lang}": _in_words(reason, lang) for lang in ("zh", "en")},
    ).order_by("file", "row", "column", "reason")


@contextmanager
def engine_file(path: Path) -> Iterator[Path]:
    """As `writing.fresh`, for a file that the data engine writes.

    Raises:
        OutputError: the file could not be written.
    """
    try:
        with fresh(path) as draft:
            yield draft
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        what = next(iter(str(error).splitlines()), "").replace(str(draft), str(path))
        raise OutputError(
            f"{path}: could not be written ({what}); choose a folder that can be written to, "
            "with enough room"
        ) from error


def _in_words(reason: ir.StringValue, lang: str) -> ir.StringValue:
    said = {name: ibis.literal(texts[lang]) for name, texts in REASONS.items()}
    return by_label(reason, said, null("string"))


def _duties(policy: Policy) -> pa.Table:
    """What the policy says of each version of each duty."""
    duties = [variant.duty for variant in policy.variants.values()]
    return pa.table(
        {
            "of_variant": pa.array(policy.variants, pa.string()),
            "clause": pa.array([duty.clause for duty in duties], pa.string()),
            "severity": pa.array([duty.severity for duty in duties], pa.string()),
            "assumed": pa.array([list(duty.assumed) for duty in duties], pa.list_(pa.string())),
        }
    )


def _of_part(part: ir.StructValue, name: str) -> ir.Value:
    return _amount(part[name], part["scale"]) if name in _AMOUNTS else part[name]


def _amount(number: ir.Value, scale: ir.Value) -> ir.Value:
    """A whole number of 1/scale as what it stands for."""
    return number.cast("float64") / scale


def _zoned(instant: ir.TimestampValue) -> ir.TimestampValue:
    """A naive UTC instant as one that says so; null if it is not known yet."""
    known = ibis.ifelse(_is_known(instant), instant, null("timestamp"))
    return with_zone(microseconds(known))


def _is_known(instant: ir.TimestampValue) -> ir.BooleanValue:
    return instant < ibis.literal(NO_MOMENT)
