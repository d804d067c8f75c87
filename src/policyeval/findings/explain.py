"""Puts a finding into words: why it was judged so, and what would still make it met.

Everything is said from the finding's own fields, in Chinese and English. Facts only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from policyeval.findings.models import Evidence, Finding, Part, Remedy, Verdict

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

MOST_CONDITIONS = 3
"""How many failed conditions a reason names; the finding lists all."""


@dataclass(frozen=True)
class Said:
    """The same words in both languages."""

    zh: str
    en: str

    def text(self) -> dict[str, str]:
        """By language code, as the models hold it."""
        return {"zh": self.zh, "en": self.en}


def explained(finding: Finding) -> Finding:
    """The finding with `reason` and `remedy` filled from its other fields.

    Args:
        finding: a finding; what stands in `reason` and `remedy` is replaced.

    Returns:
        A copy. `remedy` is None for an obligation that is decided (met, waived, unmet, late).
    """
    update = {"reason": _reason(finding).text(), "remedy": _remedy(finding)}
    return finding.model_copy(update=update)


def day_said(day: date) -> Said:
    """A day: `2025年6月30日`, `30 June 2025`."""
    return Said(
        f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def moment_said(at: datetime) -> Said:
    """An instant: its local day, and the time unless that is the day's first or last."""
    day = day_said(at.date())
    if (at.hour, at.minute, at.second) in {(0, 0, 0), (23, 59, 59)}:
        return day
    return Said(f"{day.zh}{at:%H:%M}", f"{day.en}, {at:%H:%M}")


def deadline_said(at: datetime) -> Said:
    """A deadline: its local day, and the time unless that is the day's end."""
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        day = day_said(at.date())
        return Said(f"{day.zh}00:00", f"{day.en}, 00:00")
    return moment_said(at)


def _joined(said: Iterable[Said | None]) -> Said:
    every = [each for each in said if each is not None]
    return Said("".join(each.zh for each in every), " ".join(each.en for each in every))


def _several(finding: Finding) -> bool:
    """Whether the duty has named parts; its counts are then counts of parts."""
    return any(part.name for part in finding.parts)


def _needs_all(finding: Finding) -> bool:
    return finding.required == len(finding.parts)


def _reason(f: Finding) -> Said:
    if f.verdict is Verdict.waived:
        return _joined([_trigger(f), _required(f), _waived(f)])
    return _joined(
        [
            _trigger(f),
            _vacant(f),
            _required(f),
            _missing_parts(f) if _several(f) else _counted(f),
            _completed(f),
            _defects(f),
            _superseded(f.evidence),
            _unreadable(f),
        ]
    )


def _trigger(f: Finding) -> Said | None:
    if f.trigger is None:
        return None
    at = moment_said(f.trigger.at)
    return Said(
        f"由事件{f.trigger.event}（{at.zh}）引起。",
        f"Opened by event {f.trigger.event} on {at.en}.",
    )


def _vacant(f: Finding) -> Said | None:
    if not f.bearer.vacant:
        return None
    return Said("承担该项义务的职务空缺。", "The post that owes this is vacant.")


def _required(f: Finding) -> Said:
    due = deadline_said(f.due)
    closes = deadline_said(f.closes)
    grace = (
        Said("", "")
        if f.closes <= f.due
        else Said(f"（宽限至{closes.zh}）", f" (grace until {closes.en})")
    )
    if not _several(f):
        bound = (
            _bound(f.parts[0]) if f.parts else Said(f"至少{f.required}次", f"at least {f.required}")
        )
        return Said(
            f"截至{due.zh}{grace.zh}，要求{bound.zh}。",
            f"Required by {due.en}{grace.en}: {bound.en}.",
        )
    number = len(f.parts)
    if _needs_all(f):
        return Said(
            f"截至{due.zh}{grace.zh}，{number}项内容须全部落实。",
            f"Required by {due.en}{grace.en}: all {number} parts.",
        )
    return Said(
        f"截至{due.zh}{grace.zh}，{number}项内容须至少落实一项。",
        f"Required by {due.en}{grace.en}: one of {number} parts.",
    )


def _bound(part: Part) -> Said:
    """What a part requires, as a phrase."""
    low, high = part.at_least, part.at_most
    if part.measure == "longest_gap":
        if not high:
            return Said("该状态不得中断", "no gap in the state")
        return Said(
            f"该状态连续中断不超过{high}天", f"no gap in the state longer than {_n(high, 'day')}"
        )
    if part.measure == "days_held":
        unit, about = Said("天", ""), Said("该状态累计保持", " held")
        word = "day"
    else:
        unit, about, word = Said("次", ""), Said("", ""), ""
    if low is not None and high is not None:
        amount = Said(f"{low}", f"exactly {_n(low, word)}")
        if low != high:
            amount = Said(f"{low}至{high}", f"{low} to {_n(high, word)}")
        return Said(f"{about.zh}{amount.zh}{unit.zh}", f"{amount.en}{about.en}")
    if high is not None:
        return Said(f"{about.zh}不超过{high}{unit.zh}", f"no more than {_n(high, word)}{about.en}")
    return Said(f"{about.zh}至少{low or 0}{unit.zh}", f"at least {_n(low or 0, word)}{about.en}")


def _n(number: int, word: str) -> str:
    """`1 day`, `2 days`; just the number without a word."""
    return f"{number} {word}{'' if number == 1 else 's'}" if word else str(number)


def _amount(part: Part) -> Said:
    """What was counted for a part, as a phrase."""
    if part.measure == "longest_gap":
        if not part.counted:
            return Said("未发生中断", "no gap")
        return Said(
            f"最长连续中断{part.counted}天", f"the longest gap was {_n(part.counted, 'day')}"
        )
    if part.measure == "days_held":
        return Said(f"累计保持{part.counted}天", f"held on {_n(part.counted, 'day')}")
    zh = [f"期限内有效{part.counted}次"]
    en = [f"{part.counted} counted in time"]
    if part.late:
        zh.append(f"逾期{part.late}次")
        en.append(f"{part.late} late")
    if part.defective:
        zh.append(f"不符合条件{part.defective}次")
        en.append(f"{part.defective} did not meet the conditions")
    return Said("，".join(zh), ", ".join(en))


def _counted(f: Finding) -> Said | None:
    if not f.parts:
        return None
    part = f.parts[0]
    amount, open_ = _amount(part), f.verdict is Verdict.pending
    zh = f"{'目前' if open_ else ''}{amount.zh}"
    en = f"So far: {amount.en}" if open_ else amount.en[:1].upper() + amount.en[1:]
    over = part.counted - part.at_most if part.at_most is not None else 0
    short = f.required - f.counted
    if over > 0:
        unit = Said("次", "") if part.measure == "count" else Said("天", "day")
        zh, en = f"{zh}，超出{over}{unit.zh}", f"{en}; {_n(over, unit.en)} over"
    elif short > 0 and f.verdict is Verdict.unmet:
        unit = Said("次", "") if part.measure == "count" else Said("天", "day")
        zh, en = f"{zh}，缺{short}{unit.zh}", f"{en}; {_n(short, unit.en)} short"
    return Said(f"{zh}。", f"{en}.")


def _name(part: Part) -> Said:
    """A part's title, or its id where a language has none."""
    either = next(iter(part.title.values()), part.name)
    return Said(part.title.get("zh", either), part.title.get("en", either))


def _missing_parts(f: Finding) -> Said:
    done = sum(part.satisfied for part in f.parts)
    if f.verdict is Verdict.met and not _needs_all(f):
        names = [_name(part) for part in f.parts if part.satisfied]
        return Said(
            f"已落实：{'、'.join(name.zh for name in names)}。",
            f"Complete: {', '.join(name.en for name in names)}.",
        )
    missing = [part for part in f.parts if not part.satisfied]
    if not missing:
        return Said(f"期限内已落实{done}项。", f"{done} complete in time.")
    zh, en = [], []
    for part in missing:
        bound, amount = _bound(part), _amount(part)
        name = _name(part)
        zh.append(f"{name.zh}（要求{bound.zh}，{amount.zh}）")
        en.append(f"{name.en} ({bound.en} required; {amount.en})")
    lead = Said("目前", "So far ") if f.verdict is Verdict.pending else Said("期限内", "")
    return Said(
        f"{lead.zh}已落实{done}项，未落实{len(missing)}项：{'；'.join(zh)}。",
        f"{lead.en}{done} complete; missing: {'; '.join(en)}.",
    )


def _completed(f: Finding) -> Said | None:
    """For a late obligation, when late evidence made it enough (if all of it is listed)."""
    if f.verdict is not Verdict.late:
        return None
    late = sorted(each.at for each in f.evidence if each.status == "late")
    needed = f.required - f.counted
    if _several(f) or needed < 1 or len(late) != f.late or len(late) < needed:
        return None
    at = moment_said(late[needed - 1])
    return Said(f"于{at.zh}补足。", f"It was complete on {at.en}.")


def _defects(f: Finding) -> Said | None:
    failed = Counter(label for each in f.defective_evidence for label in each.failed)
    if not failed:
        return None
    ranked = sorted(failed.items(), key=lambda item: (-item[1], item[0]))
    named = ranked[:MOST_CONDITIONS]
    listed, every = len(f.defective_evidence), sum(part.defective for part in f.parts)
    of = (
        Said(f"（所列{listed}条中）", f" (among the {listed} listed)")
        if listed < every
        else Said("", "")
    )
    more = Said("等", ", and others") if len(ranked) > len(named) else Said("", "")
    zh = "、".join(f"{label}（{number}次）" for label, number in named)
    en = ", ".join(f"{label} ({number})" for label, number in named)
    return Said(
        f"未满足的条件{of.zh}：{zh}{more.zh}。", f"Conditions not met{of.en}: {en}{more.en}."
    )


def _superseded(evidence: tuple[Evidence, ...]) -> Said | None:
    replaced = sum(each.status == "replaced" for each in evidence)
    withdrawn = sum(each.status == "withdrawn" for each in evidence)
    if not replaced and not withdrawn:
        return None
    zh, en = [], []
    if replaced:
        zh.append(f"{replaced}条已被更正")
        en.append(f"{replaced} replaced")
    if withdrawn:
        zh.append(f"{withdrawn}条已撤回")
        en.append(f"{withdrawn} withdrawn")
    return Said(f"另有{'、'.join(zh)}，不计入。", f"Not counted: {' and '.join(en)}.")


def _unreadable(f: Finding) -> Said | None:
    if not f.unreadable_rows or f.verdict is Verdict.met:
        return None
    return Said(
        f"另有{f.unreadable_rows}行记录无法读取，本可能计入。",
        f"{_n(f.unreadable_rows, 'row')} could not be read and might have counted.",
    )


def _span_said(first: date | None, last: date | None) -> Said:
    """From when until when; nothing for an open side."""
    starts = Said(f"自{day_said(first).zh}", f" from {day_said(first).en}") if first else None
    ends = Said(f"至{day_said(last).zh}", f" to {day_said(last).en}") if last else None
    zh = "".join(each.zh for each in (starts, ends) if each)
    en = "".join(each.en for each in (starts, ends) if each)
    return Said(f"（{zh}）" if zh else "", en)


def _waived(f: Finding) -> Said:
    if f.waiver is None:
        return Said(
            "责任主体或对象仅在部分期间存续，按规定不作要求。",
            "The bearer or target was there for only part of the period, so it is not required.",
        )
    span = _span_said(f.waiver.first, f.waiver.last)
    return Said(
        f"已获豁免{span.zh}，理由：{f.waiver.reason}；批准：{f.waiver.approved_by}。",
        f"Waived{span.en}. Reason: {f.waiver.reason}; approved by: {f.waiver.approved_by}.",
    )


def _remedy(f: Finding) -> Remedy | None:
    missing = max(f.required - f.counted, 0)
    if f.verdict is Verdict.undetermined:
        rows = f.unreadable_rows
        said = Said(
            f"请更正未能读取的记录中所列的{rows}行后重新评估。",
            f"Correct the {_n(rows, 'row')} listed in rejected and evaluate again.",
        )
        return Remedy(missing=missing, by=f.closes, text=said.text())
    if f.verdict is not Verdict.pending:
        return None
    open_parts = [part for part in f.parts if part.name and not part.satisfied]
    parts = tuple(part.name for part in open_parts)
    names = [_name(part) for part in open_parts]
    said = _joined([_still_needed(f, missing, names), _still_allowed(f), _correctable(f, missing)])
    return Remedy(missing=missing, by=f.closes, parts=parts, text=said.text())


def _still_needed(f: Finding, missing: int, names: list[Said]) -> Said | None:
    if not missing:
        return None
    by = deadline_said(f.closes)
    if names:
        either = Said("", "") if _needs_all(f) else Said("其中任一项", "one of ")
        return Said(
            f"截至{by.zh}尚需落实{either.zh}：{'、'.join(name.zh for name in names)}。",
            f"Still needed by {by.en}: {either.en}{', '.join(name.en for name in names)}.",
        )
    unit = Said("次", "") if not f.parts or f.parts[0].measure == "count" else Said("天", "day")
    return Said(
        f"截至{by.zh}尚需{missing}{unit.zh}。",
        f"Still needed by {by.en}: {_n(missing, unit.en)} more.",
    )


def _still_allowed(f: Finding) -> Said | None:
    """What an upper bound still leaves."""
    by = deadline_said(f.closes)
    said = []
    for part in f.parts:
        if part.at_most is None:
            continue
        said_name = _name(part)
        name = Said(f"{said_name.zh}：", f"{said_name.en}: ") if part.name else Said("", "")
        left = max(part.at_most - part.counted, 0)
        if part.measure == "longest_gap":
            said.append(
                Said(
                    f"{name.zh}截至{by.zh}，{_bound(part).zh}。",
                    f"{name.en}Until {by.en}: {_bound(part).en}.",
                )
            )
        else:
            unit = Said("次", "") if part.measure == "count" else Said("天", "day")
            amount = f"at most {_n(left, unit.en)} more" if left else "no more"
            said.append(
                Said(
                    f"{name.zh}截至{by.zh}，最多还可有{left}{unit.zh}。"
                    if left
                    else f"{name.zh}截至{by.zh}，不得再有。",
                    f"{name.en}Until {by.en}: {amount}.",
                )
            )
    return _joined(said) if said else None


def _correctable(f: Finding, missing: int) -> Said | None:
    defective = sum(part.defective for part in f.parts)
    if not missing or not defective:
        return None
    return Said(
        f"不符合条件的{defective}条记录如经更正符合条件，亦可计入。",
        f"{_n(defective, 'defective record')} can count too, once corrected to meet the "
        "conditions.",
    )
