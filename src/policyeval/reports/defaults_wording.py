"""What each choice where a rule is silent is called, and what holds then; Chinese and English."""

from __future__ import annotations

HEADINGS: dict[str, tuple[str, str]] = {
    "title": (
        "计划未作规定、按默认处理的事项（下一行为可改变它的键）",
        "Choices left open, and what holds (under it the key that says otherwise)",
    ),
    "none": ("没有按默认处理的事项。", "The policy rests on no default."),
}

CHOICES: dict[str, tuple[str, str]] = {
    "first_day": ("起算日当天是否计入", "Does the trigger's day count?"),
    "month_end": ("当月没有相应日期时", "A month too short for the day"),
    "day_off": ("期限届满日为休息日时", "A deadline on a day off"),
    "calendar": ("工作日以何为准", "Which working days"),
    "both_ends": ("期间的首日和末日", "Both ends of a period"),
    "late": ("期限届满后的记录", "Evidence after the due moment"),
    "part_period": ("仅存续部分期间时", "A period only partly inside"),
    "double_use": ("同一事件用于两项要求", "One event for two requirements"),
    "next_from": ("下一次间隔的起算点", "What the next interval runs from"),
    "next_from_late": (
        "逾期履行后下一次间隔的起算点",
        "What the next interval runs from after late evidence",
    ),
    "pause_day": ("期限中止的首日是否计入", "Does the day count on which a pause begins?"),
    "unknown": (
        "几个期限取其最晚、而有的尚未知时",
        "The later of clocks of which one is not known",
    ),
    "in_time": ("期限届满后才作出的延期", "An extension after the due moment"),
    "straddles": ("期间内规则变更时", "A change of rules in a period"),
    "who": ("记录中须载明谁", "Who must be named in evidence"),
    "itself": ("触发事件本身能否作为履行记录", "The trigger as evidence of what it opens"),
    "matching": ("记录与触发事件的对应", "What evidence and trigger share"),
    "matching_in_clock": (
        "影响期限的事件与触发事件的对应",
        "What bends the clock of a trigger",
    ),
    "counted_apart": ("按次数或累计数触发时如何分别计数", "What `reached` counts apart"),
}

VALUES: dict[tuple[str, str], tuple[str, str]] = {
    ("first_day", "excluded"): ("不计入，自次日起算", "no, it is not counted"),
    ("month_end", "last_day"): ("以该月最后一日为准", "the month's last day"),
    ("day_off", "stays"): ("不顺延", "it stays there"),
    ("calendar", "policy"): ("本政策的工作日历", "those of the policy's calendar"),
    ("calendar", "monday_to_friday"): (
        "周一至周五，不计节假日",
        "Monday to Friday, without holidays",
    ),
    ("both_ends", "both"): ("均计入该期间", "both belong to it"),
    ("late", "counts"): ("计入，认定为逾期履行", "counts, and makes it late"),
    ("late", "until_next"): (
        "下一时段开始前计入，认定为逾期履行",
        "counts until the next window opens, and makes it late",
    ),
    ("late", "until_again"): (
        "同一事由再次发生前计入，认定为逾期履行",
        "counts until the source happens again, and makes it late",
    ),
    ("late", "does_not_count"): (
        "不计入，归下一期间",
        "does not count: it belongs to the next period",
    ),
    ("part_period", "at_end"): (
        "期末仍在的须全额履行，否则免除",
        "owed in full if the bearer is there at its end, else waived",
    ),
    ("double_use", "allowed"): ("允许", "allowed"),
    ("next_from", "evidence"): ("上一次的记录", "from the last piece of evidence"),
    ("next_from_late", "due"): ("原到期日", "from the due day"),
    ("pause_day", "counted"): ("计入", "yes, the pause is counted from the next day"),
    ("unknown", "awaited"): ("待其可知", "it is awaited"),
    ("in_time", "true"): ("无效", "has no effect"),
    ("straddles", "start"): ("适用期间开始时的规则", "the rule at its start"),
    ("who", "unit"): ("责任单位（unit 列）", "the unit that bears it, in the column `unit`"),
    ("who", "person"): ("责任人（person 列）", "the person who bears it, in the column `person`"),
    ("itself", "does_not_count"): ("不能", "does not count"),
    ("matching", "nothing"): ("无须对应", "nothing"),
    ("matching_in_clock", "unit"): ("同一单位的事件", "what names the same unit"),
    ("counted_apart", "unit"): ("各单位分别计数", "each unit by itself"),
}
