"""Puts a finding into words: why it was judged so, and what would still make it met.

Everything is said from the finding's own fields, in Chinese and English. Facts only.
"""

from __future__ import annotations

from collections import Counter

from policyeval.findings.models import Evidence, Finding, Number, Remedy, Verdict
from policyeval.findings.phrases import (
    Said,
    amount_said,
    bound_said,
    day_said,
    deadline_said,
    joined,
    less,
    moment_said,
    name_said,
    number_said,
    span_said,
    unit_said,
    written,
)

MOST_CONDITIONS = 3
"""How many failed conditions a reason names; the finding lists all."""


def explained(finding: Finding) -> Finding:
    """The finding with `reason` and `remedy` filled from its other fields.

    Args:
        finding: a finding; what stands in `reason` and `remedy` is replaced.

    Returns:
        A copy. `remedy` is None for an obligation that is decided (met, waived, unmet, late).
    """
    update = {"reason": _reason(finding).text(), "remedy": _remedy(finding)}
    return finding.model_copy(update=update)


def _several(finding: Finding) -> bool:
    """Whether the duty has named parts; its counts are then counts of parts."""
    return any(part.name for part in finding.parts)


def _needs_all(finding: Finding) -> bool:
    return finding.required == len(finding.parts)


def _reason(f: Finding) -> Said:
    if f.verdict is Verdict.waived:
        return joined([_trigger(f), _required(f), _waived(f)])
    return joined(
        [
            _trigger(f),
            _vacant(f),
            _required(f),
            _missing_parts(f) if _several(f) else _counted(f),
            _completed(f),
            _defects(f),
            _superseded(f.evidence),
            _unreadable(f),
            _review(f),
        ]
    )


def _trigger(f: Finding) -> Said | None:
    if f.trigger is None:
        return None
    at = moment_said(f.trigger.at)
    if f.trigger.kind == "other":
        return Said(
            f"由“{f.trigger.event}”（{at.zh}）引起。", f"Opened by {f.trigger.event} ({at.en})."
        )
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
        if f.closes is None or f.due is None or f.closes <= f.due
        else Said(f"（宽限至{closes.zh}）", f" (grace until {closes.en})")
    )
    if not _several(f):
        bound = (
            bound_said(f.parts[0])
            if f.parts
            else Said(f"至少{written(f.required)}次", f"at least {written(f.required)}")
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


def _counted(f: Finding) -> Said | None:
    if not f.parts:
        return None
    part = f.parts[0]
    amount, open_ = amount_said(part), f.verdict is Verdict.pending
    zh = f"{'目前' if open_ else ''}{amount.zh}"
    en = f"So far: {amount.en}" if open_ else amount.en[:1].upper() + amount.en[1:]
    over = less(part.counted, part.at_most) if part.at_most is not None else 0
    short = less(f.required, f.counted)
    if over > 0:
        unit = unit_said(part)
        zh, en = f"{zh}，超出{written(over)}{unit.zh}", f"{en}; {number_said(over, unit.en)} over"
    elif short > 0 and f.verdict is Verdict.unmet:
        unit = unit_said(part)
        zh, en = f"{zh}，缺{written(short)}{unit.zh}", f"{en}; {number_said(short, unit.en)} short"
    return Said(f"{zh}。", f"{en}.")


def _missing_parts(f: Finding) -> Said:
    done = sum(part.satisfied for part in f.parts)
    if f.verdict is Verdict.met and not _needs_all(f):
        names = [name_said(part) for part in f.parts if part.satisfied]
        return Said(
            f"已落实：{'、'.join(name.zh for name in names)}。",
            f"Complete: {', '.join(name.en for name in names)}.",
        )
    missing = [part for part in f.parts if not part.satisfied]
    if not missing:
        return Said(f"期限内已落实{done}项。", f"{done} complete in time.")
    zh, en = [], []
    for part in missing:
        bound, amount = bound_said(part), amount_said(part)
        name = name_said(part)
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
    if any(part.measure != "count" for part in f.parts):
        return None
    needed = int(f.required - f.counted)
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
        f"{number_said(f.unreadable_rows, 'row')} could not be read and might have counted.",
    )


def _review(f: Finding) -> Said | None:
    if f.review is None or f.verdict not in _REVIEWED:
        return None
    if f.review.state == "awaiting" and f.verdict is not Verdict.needs_review:
        return None  # What is not enough, or broken, needs no decision.
    asks = f.review.asks
    either = next(iter(asks.values()))
    zh, en = asks.get("zh", either), asks.get("en", either)
    return {
        "awaiting": Said(f"需由人决定：{zh}", f"A person has yet to decide: {en}"),
        "accepted": Said(f"已由人认可：{zh}", f"Decided and accepted: {en}"),
        "refused": Said(f"已由人否定：{zh}", f"Decided and refused: {en}"),
    }[f.review.state]


_REVIEWED = {Verdict.needs_review, Verdict.met, Verdict.late, Verdict.unmet}


def _waived(f: Finding) -> Said:
    released = [each for each in f.evidence if each.status == "released"]
    if f.waiver is None and released:
        by, day = released[0].event, day_said(released[0].at.date())
        return Said(f"已于{day.zh}因“{by}”解除。", f"Released on {day.en} by “{by}”.")
    if f.waiver is None:
        return Said(
            "责任主体或对象仅在部分期间存续，按规定不作要求。",
            "The bearer or target was there for only part of the period, so it is not required.",
        )
    span = span_said(f.waiver.first, f.waiver.last)
    return Said(
        f"已获豁免{span.zh}，理由：{f.waiver.reason}；批准：{f.waiver.approved_by}。",
        f"Waived{span.en}. Reason: {f.waiver.reason}; approved by: {f.waiver.approved_by}.",
    )


def _remedy(f: Finding) -> Remedy | None:
    missing = max(less(f.required, f.counted), 0)
    if f.verdict is Verdict.undetermined:
        rows = f.unreadable_rows
        said = Said(
            f"请更正未能读取的记录中所列的{rows}行后重新评估。",
            f"Correct the {number_said(rows, 'row')} listed in rejected and evaluate again.",
        )
        return Remedy(missing=missing, by=f.closes, text=said.text())
    if f.verdict is Verdict.needs_review and f.review is not None:
        said = _review(f) or Said("", "")
        return Remedy(missing=0, by=None, text=said.text())
    if f.verdict is not Verdict.pending:
        return None
    open_parts = [part for part in f.parts if part.name and not part.satisfied]
    parts = tuple(part.name for part in open_parts)
    names = [name_said(part) for part in open_parts]
    said = joined([_still_needed(f, missing, names), _still_allowed(f), _correctable(f, missing)])
    return Remedy(missing=missing, by=f.closes, parts=parts, text=said.text())


def _still_needed(f: Finding, missing: Number, names: list[Said]) -> Said | None:
    if not missing:
        return None
    by = deadline_said(f.closes)
    if names:
        either = Said("", "") if _needs_all(f) else Said("其中任一项", "one of ")
        return Said(
            f"截至{by.zh}尚需落实{either.zh}：{'、'.join(name.zh for name in names)}。",
            f"Still needed by {by.en}: {either.en}{', '.join(name.en for name in names)}.",
        )
    unit = unit_said(f.parts[0]) if f.parts else Said("次", "")
    return Said(
        f"截至{by.zh}尚需{written(missing)}{unit.zh}。",
        f"Still needed by {by.en}: {number_said(missing, unit.en)} more.",
    )


def _still_allowed(f: Finding) -> Said | None:
    """What an upper bound still leaves."""
    by = deadline_said(f.closes)
    said = []
    for part in f.parts:
        if part.at_most is None:
            continue
        said_name = name_said(part)
        name = Said(f"{said_name.zh}：", f"{said_name.en}: ") if part.name else Said("", "")
        left = max(less(part.at_most, part.counted), 0)
        if part.measure == "longest_gap":
            said.append(
                Said(
                    f"{name.zh}截至{by.zh}，{bound_said(part).zh}。",
                    f"{name.en}Until {by.en}: {bound_said(part).en}.",
                )
            )
        else:
            unit = unit_said(part)
            amount = f"at most {number_said(left, unit.en)} more" if left else "no more"
            said.append(
                Said(
                    f"{name.zh}截至{by.zh}，最多还可有{written(left)}{unit.zh}。"
                    if left
                    else f"{name.zh}截至{by.zh}，不得再有。",
                    f"{name.en}Until {by.en}: {amount}.",
                )
            )
    return joined(said) if said else None


def _correctable(f: Finding, missing: Number) -> Said | None:
    defective = sum(part.defective for part in f.parts)
    if not missing or not defective:
        return None
    return Said(
        f"不符合条件的{defective}条记录如经更正符合条件，亦可计入。",
        f"{number_said(defective, 'defective record')} can count too, once corrected to meet the "
        "conditions.",
    )
