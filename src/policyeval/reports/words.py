"""The words of reports, in Chinese and English."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from policyeval.findings.explain import day_said, deadline_said, moment_said
from policyeval.findings.models import Counts, Text, Verdict

Lang = Literal["zh", "en"]

WORST_FIRST = tuple(Verdict)
"""Verdicts, the worst first."""

VERDICTS: dict[str, tuple[str, str]] = {
    "unmet": ("未履行", "unmet"),
    "undetermined": ("无法判定", "undetermined"),
    "late": ("逾期履行", "late"),
    "pending": ("履行期内", "pending"),
    "waived": ("已豁免", "waived"),
    "met": ("已履行", "met"),
}

LETTERS: dict[str, tuple[str, str]] = {
    "unmet": ("未", "U"),
    "undetermined": ("疑", "?"),
    "late": ("逾", "L"),
    "pending": ("待", "P"),
    "waived": ("免", "W"),
    "met": ("履", "M"),
}
"""One character for each verdict, so that nothing rests on colour alone."""

MEANINGS: dict[str, tuple[str, str]] = {
    "unmet": (
        "已到期而有效记录不足；或已超出上限。",
        "Closed and not enough was shown; or an upper bound was broken.",
    ),
    "undetermined": (
        "已到期，但有无法读取的记录可能改变结论。",
        "Closed, but rows that could not be read might have changed the outcome.",
    ),
    "late": ("已到期，计入逾期记录后数量足够。", "Closed and enough, but only with late evidence."),
    "pending": (
        "尚未到期，数量尚不足或仍可能超出上限。",
        "Still open: not yet enough, or a bound that can still be broken.",
    ),
    "waived": (
        "已获豁免，或仅存续部分期间而不作要求。",
        "A waiver covers it, or the bearer was there for only part of the period.",
    ),
    "met": ("期限内有效记录充分。", "Enough good evidence in time."),
}

_WORDS: dict[str, tuple[str, str]] = {
    "report": ("履责情况评估报告", "Compliance report"),
    "as_of": ("截至", "As of"),
    "since": ("起始", "Since"),
    "since_start": ("施行之日", "the plan came into force"),
    "timezone": ("时区", "Time zone"),
    "policy": ("方案", "Policy"),
    "version": ("版本", "version"),
    "document": ("依据文件", "Document"),
    "issued_by": ("制发机关", "Issued by"),
    "events": ("评估记录", "Events evaluated"),
    "events_after": ("截止日后的记录（不计）", "Events after the as-of day (ignored)"),
    "rejected": ("未能读取的记录", "Rejected rows"),
    "findings": ("评估结论", "Findings"),
    "finding": ("结论", "Finding"),
    "verdict": ("结论", "Verdict"),
    "verdicts": ("结论分布", "Findings by verdict"),
    "units": ("责任单位", "Units"),
    "unit": ("单位", "Unit"),
    "duties": ("责任事项", "Duties"),
    "duty": ("事项", "Duty"),
    "people": ("责任人", "People"),
    "person": ("责任人", "Person"),
    "map": ("单位与事项一览", "Units and duties"),
    "map_hint": (
        "每格为该单位该事项最不利的结论及其数量；点击可筛选下列结论。",
        "Each cell is the worst verdict, and how many there are of it; choose one to filter.",
    ),
    "worst_duties": ("需关注事项", "Duties to look at"),
    "nothing_open": ("无", "none"),
    "none": ("无", "None"),
    "all": ("全部", "All"),
    "filter": ("筛选", "Filter"),
    "text": ("文字", "Text"),
    "text_hint": ("事项、条款、事件编号……", "duty, clause, event id …"),
    "clear": ("清除筛选", "Clear filters"),
    "open_all": ("全部展开", "Open all"),
    "close_all": ("全部收起", "Close all"),
    "shown": ("显示 {n} 条，共 {all} 条", "{n} of {all} findings shown"),
    "no_match": ("没有符合筛选条件的结论。", "No finding matches the filters."),
    "clause": ("条款", "Clause"),
    "reason": ("认定情况", "Reason"),
    "remedy": ("后续要求", "What is still needed"),
    "bearer": ("责任主体", "Bearer"),
    "target": ("对象", "About"),
    "period": ("期间", "Period"),
    "trigger": ("触发事件", "Trigger"),
    "opens": ("起算", "Opens"),
    "due": ("期限", "Due"),
    "closes": ("宽限至", "Grace until"),
    "severity": ("程度", "Severity"),
    "major": ("重大", "major"),
    "minor": ("一般", "minor"),
    "required": ("要求", "Required"),
    "counted": ("计入", "Counted"),
    "late": ("逾期", "Late"),
    "defective": ("不符合条件", "Defective"),
    "counts": ("数量", "Counts"),
    "part": ("分项", "Part"),
    "parts": ("分项", "Parts"),
    "satisfied": ("落实", "Satisfied"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "evidence": ("履行记录", "Evidence"),
    "defective_evidence": ("不符合条件的记录", "Defective evidence"),
    "event": ("事件", "Event"),
    "at": ("时间", "When"),
    "status": ("处理", "Status"),
    "failed": ("未满足的条件", "Conditions not met"),
    "not_listed": ("另有 {n} 条未列出", "{n} more not listed"),
    "status_counted": ("计入", "counted"),
    "status_late": ("逾期", "late"),
    "status_replaced": ("已更正", "replaced"),
    "status_withdrawn": ("已撤回", "withdrawn"),
    "by_event": ("见 {id}", "by {id}"),
    "unreadable_rows": ("可能计入的未读取记录", "Unreadable rows that might count"),
    "accountable": ("责任人员", "Accountable"),
    "post": ("职务", "Post"),
    "responsibility": ("责任", "Responsibility"),
    "vacant": ("空缺", "vacant"),
    "instead_of": ("代 {post}（空缺）", "instead of {post} (vacant)"),
    "assumed": ("假定", "Assumed"),
    "assumed_hint": (
        "方案未载明，由评估规则设定：",
        "not stated by the plan, chosen by the policy:",
    ),
    "waiver": ("豁免", "Waiver"),
    "approved_by": ("批准", "Approved by"),
    "rule": ("判定规则", "Rule"),
    "id": ("编号", "Id"),
    "escalations": ("提请审议事项", "Escalations"),
    "escalations_hint": (
        "以下仅列明事实，供有权机关审议；不提出处理意见，不作排名。",
        "Facts put before people for review. Nothing is proposed and nobody is ranked.",
    ),
    "addressed_to": ("提请", "Addressed to"),
    "subject": ("涉及", "Concerns"),
    "year": ("年度", "Year"),
    "file": ("文件", "File"),
    "row": ("行", "Row"),
    "column": ("列", "Column"),
    "value": ("值", "Value"),
    "rows": ("行数", "Rows"),
    "files": ("输入文件", "Input files"),
    "notices": ("提示", "Notices"),
    "notice": ("提示", "Notice"),
    "count": ("数量", "Count"),
    "not_evaluated": ("未纳入评估的条款", "Clauses not evaluated"),
    "qualitative": ("定性要求，无注明日期的记录可以证明", "qualitative: no dated evidence can show it"),
    "out_of_scope": ("不属于评估范围", "out of scope"),
    "note": ("说明", "Note"),
    "assumptions": ("评估假定", "Assumptions"),
    "assumptions_hint": (
        "方案未载明、由评估规则设定的数量和期限。",
        "Numbers and dates that the plan does not state and the policy chose.",
    ),
    "rationale": ("理由", "Rationale"),
    "key_requires": ("数量", "amount"),
    "key_within": ("期限", "deadline"),
    "key_when": ("周期", "occasion"),
    "key_grace": ("宽限", "grace"),
    "key_evidence": ("记录要求", "evidence"),
    "key_accountable": ("责任人员", "who answers"),
    "key_severity": ("程度", "severity"),
    "key_late": ("逾期规则", "late rule"),
    "key_all_of": ("分项", "parts"),
    "key_any_of": ("分项", "parts"),
    "left_out": (
        "结论共 {all} 条，此处列出最需关注的 {n} 条，其余 {left} 条未列出。完整清单见{where}。",
        "There are {all} findings. The worst {n} are shown here and {left} are left out. "
        "The full list is in {where}.",
    ),
    "full_elsewhere": ("同一评估的 CSV 或 JSON 报告", "the CSV or JSON report of the same run"),
    "same_folder": ("同一文件夹中的 {files}", "{files} in the same folder"),
    "units_left_out": ("另有 {n} 个单位未列出。", "{n} more units are left out."),
    "people_left_out": ("另有 {n} 人未列出。", "{n} more people are left out."),
    "rows_left_out": ("另有 {n} 行未列出。", "{n} more rows are left out."),
    "duties_left_out": ("另有 {n} 项未列出。", "{n} more duties are left out."),
    "more_findings": ("另有 {n} 条", "{n} more"),
    "show_findings": ("筛选其全部结论", "Filter the findings"),
    "legend": ("结论说明", "What the verdicts mean"),
    "contents": ("目录", "Contents"),
    "skip": ("跳至评估结论", "Skip to the findings"),
    "no_unit": ("（无所属单位）", "(no unit)"),
    "no_obligations": ("无此义务", "no obligation"),
    "written": ("报告已写入", "Written to"),
    "total": ("合计", "Total"),
    "kind": ("类别", "Kind"),
    "and_more": ("等 {n} 项", "and {n} more"),
    "list_comma": ("、", ", "),
    "colon": ("：", ": "),
    "time_held_days": ("天", "days"),
    "measure": ("计量", "Measure"),
    "measure_count": ("次数", "events"),
    "measure_days_held": ("保持天数", "days held"),
    "measure_longest_gap": ("最长中断（天）", "longest gap (days)"),
    "all_in_order": ("没有需要列出的内容。", "There is nothing to list."),
    "footer": (
        "本报告由履责评估程序依据所载规则和输入记录生成，仅陈述事实。",
        "Generated from the policy and the events named above. It states facts.",
    ),
}


class Words:
    """Words in one language.

    Args:
        lang: `zh` or `en`.

    Raises:
        ValueError: another language.
    """

    def __init__(self, lang: str) -> None:
        if lang not in {"zh", "en"}:
            raise ValueError(f"reports are written in `zh` or `en`, not `{lang}`")
        self.lang = lang
        self._at = 0 if lang == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        """The word for `key`, with `{name}` filled in from `values`; a KeyError if unknown."""
        word = _WORDS[key][self._at]
        return word.format(**values) if values else word

    def known(self, key: str, default: str) -> str:
        """The word for `key`, or `default` where there is none."""
        return _WORDS[key][self._at] if key in _WORDS else default

    def verdict(self, verdict: str) -> str:
        """A verdict as a word."""
        return VERDICTS[verdict][self._at]

    def letter(self, verdict: str) -> str:
        """A verdict as one character."""
        return LETTERS[verdict][self._at]

    def meaning(self, verdict: str) -> str:
        """What a verdict means, in a sentence."""
        return MEANINGS[verdict][self._at]

    def text(self, text: Text | None) -> str:
        """A text in this language, or in whatever language there is."""
        if not text:
            return ""
        return text.get(self.lang) or next((each for each in text.values() if each), "")

    def day(self, day: date | None) -> str:
        """A day: `2025年6月30日`."""
        return self.text(day_said(day).text()) if day else ""

    def moment(self, at: datetime | None) -> str:
        """An instant, with its time unless it stands for the whole day."""
        return self.text(moment_said(at).text()) if at else ""

    def deadline(self, at: datetime | None) -> str:
        """A deadline, with its time unless it is the end of a day."""
        return self.text(deadline_said(at).text()) if at else ""

    def files(self, names: tuple[str, ...]) -> str:
        """Where the full list of findings is: file names beside the report, if any."""
        if not names:
            return self("full_elsewhere")
        return self("same_folder", files=self("list_comma").join(names))



def count_of(counts: Counts, verdict: str) -> int:
    """How many findings of a verdict."""
    number: int = getattr(counts, verdict)
    return number


def total(counts: Counts) -> int:
    """How many findings in all."""
    return sum(count_of(counts, verdict) for verdict in WORST_FIRST)


def worst(counts: Counts) -> str | None:
    """The worst verdict among the findings; None if there are none."""
    return next((v.value for v in WORST_FIRST if count_of(counts, v)), None)
