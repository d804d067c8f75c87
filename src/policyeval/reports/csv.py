"""`findings.csv`, `rejected.csv`, `units.csv`, `people.csv`: for spreadsheets.

UTF-8 with a byte order mark, as Excel expects; no value can become a formula.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from policyeval.findings.models import Counts, Finding, Header, PersonSummary, UnitSummary
from policyeval.reports.data import ReportData
from policyeval.reports.words import WORST_FIRST, Words, count_of, exact, total
from policyeval.reports.writing import text_file

_FORMULA = re.compile(
    r"[\s\x00\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫−]|[\t\r\n\x00]"
)
"""What makes a spreadsheet read a text as a formula: its sign, full-width forms included.

Some pass over blanks and characters without a width before it, some over a tab or line break.
"""

Cell = str | int | Decimal | None
Row = Sequence[Cell]

_FINDING_COLUMNS = {
    "id": "编号",
    "verdict": "结论",
    "severity": "程度",
    "duty": "事项编号",
    "title": "事项",
    "clause": "条款",
    "bearer_kind": "主体类型",
    "bearer": "主体编号",
    "bearer_title": "责任主体",
    "unit": "单位编号",
    "post": "职务编号",
    "vacant": "空缺",
    "target_kind": "对象类型",
    "target": "对象编号",
    "target_title": "对象",
    "period": "期间",
    "first_day": "期间首日",
    "last_day": "期间末日",
    "trigger": "触发事件",
    "trigger_at": "触发时间",
    "opens": "起算",
    "due": "期限",
    "closes": "截止（含宽限）",
    "required": "要求",
    "counted": "计入",
    "late": "逾期",
    "defective": "不符合条件",
    "unreadable_rows": "可能计入的未读取记录",
    "missing_parts": "未落实分项",
    "reason": "认定情况",
    "remedy": "后续要求",
    "accountable": "责任人员",
    "evidence": "履行记录",
    "defective_evidence": "不符合条件的记录",
    "assumed": "假定",
    "waiver": "豁免理由",
    "waiver_approved_by": "豁免批准",
    "review": "判定事项",
    "review_state": "判定情况",
    "rule": "判定规则",
    "policy": "方案",
    "version": "版本",
}
_REJECTED_COLUMNS = {"file": "文件", "row": "行", "column": "列", "value": "值", "reason": "原因"}
_UNIT_COLUMNS = {"unit": "单位编号", "title": "单位", "kind": "类别"}
_PERSON_COLUMNS = {"person": "人员编号", "name": "姓名", "posts": "职务"}
_COUNT_COLUMNS = {"total": "合计"}


def write_csv(data: ReportData, out: Path, lang: str) -> list[Path]:
    """Write the four tables into the folder `out`.

    Args:
        data: what to write; findings are streamed in the order of the policy.
        out: the folder.
        lang: `zh` or `en`, the language of headings, titles and sentences. In English the headings
            and verdicts are the names in the JSON report.

    Returns:
        The paths written.

    Raises:
        OutputError: one could not be written.
        ValueError: an unknown language.
    """
    words = Words(lang)
    header = data.header
    counts = _COUNT_COLUMNS | {v.value: words.verdict(v) for v in WORST_FIRST}
    units = (_unit(unit, header, words) for unit in header.units)
    people = (_person(person, header, words) for person in header.people)
    rejected: Iterator[Row] = (
        [r.file, r.row, r.column, r.value, words.text(r.reason)] for r in data.rejected_rows()
    )
    tables: dict[str, tuple[dict[str, str], Iterable[Row]]] = {
        "findings.csv": (_FINDING_COLUMNS, (_finding(f, words) for f in data.findings())),
        "rejected.csv": (_REJECTED_COLUMNS, rejected),
        "units.csv": (_UNIT_COLUMNS | counts, units),
        "people.csv": (_PERSON_COLUMNS | counts, people),
    }
    return [
        _write(out / name, list(columns.values() if lang == "zh" else columns), rows)
        for name, (columns, rows) in tables.items()
    ]


def safe(value: Cell) -> Cell:
    """A value that no spreadsheet reads as a formula: such a text gets a `'` in front."""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def _write(path: Path, columns: Row, rows: Iterable[Row]) -> Path:
    with text_file(path, encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([safe(value) for value in row] for row in rows)
    return path


def _unit(unit: UnitSummary, header: Header, words: Words) -> Row:
    kind = words.text(header.unit_kinds.get(unit.kind)) or unit.kind
    return [unit.unit, words.text(unit.title), kind, *_counts(unit.counts)]


def _person(person: PersonSummary, header: Header, words: Words) -> Row:
    posts = "; ".join(words.text(header.posts.get(post)) or post for post in person.posts)
    return [person.person, person.name, posts, *_counts(person.counts)]


def _counts(counts: Counts) -> Iterator[int]:
    yield total(counts)
    yield from (count_of(counts, verdict) for verdict in WORST_FIRST)


def _finding(f: Finding, words: Words) -> Row:
    """The columns of `findings.csv`; lists are joined by `; `, times are ISO 8601."""
    missing = [
        words.text(part.title) or part.name for part in f.parts if part.name and not part.satisfied
    ]
    return (
        f.id,
        f.verdict.value if words.lang == "en" else words.verdict(f.verdict),
        words(f.severity),
        f.duty,
        words.text(f.title),
        f.clause,
        words(f"kind_{f.bearer.kind}"),
        f.bearer.id,
        words.text(f.bearer.title),
        f.bearer.unit,
        f.bearer.post,
        words("yes") if f.bearer.vacant else words("no"),
        words(f"kind_{f.target.kind}") if f.target else None,
        f.target.id if f.target else None,
        words.text(f.target.title) if f.target else None,
        f.period.label if f.period else None,
        f.period.first.isoformat() if f.period else None,
        f.period.last.isoformat() if f.period else None,
        f.trigger.event if f.trigger else None,
        f.trigger.at.isoformat() if f.trigger else None,
        f.opens.isoformat() if f.opens else None,
        f.due.isoformat() if f.due else None,
        f.closes.isoformat() if f.closes else None,
        exact(f.required),
        exact(f.counted),
        exact(f.late),
        f.defective,
        f.unreadable_rows,
        "; ".join(missing),
        words.text(f.reason),
        words.text(f.remedy.text) if f.remedy else None,
        "; ".join(_answers(f, words)),
        "; ".join(f"{e.event} ({words(f'status_{e.status}')})" for e in f.evidence),
        "; ".join(f"{d.event} ({', '.join(d.failed)})" for d in f.defective_evidence),
        "; ".join(f.assumed),
        f.waiver.reason if f.waiver else None,
        f.waiver.approved_by if f.waiver else None,
        words.text(f.review.asks) if f.review else None,
        words(f"review_{f.review.state}") if f.review else None,
        f.rule,
        f.policy,
        f.version,
    )


def _answers(f: Finding, words: Words) -> Iterator[str]:
    for each in f.accountable:
        who = words("vacant") if each.vacant else each.name or each.person or ""
        yield f"{words.text(each.post_title)}{words('colon')}{who}"
