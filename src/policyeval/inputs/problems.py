"""Why a row could not be read, in words."""

from __future__ import annotations

from policyeval.inputs.numbers import NUMBER_REASONS
from policyeval.language.source import MAX_NUMBER

REASONS: dict[str, dict[str, str]] = {
    "missing": {
        "zh": "该列为空；每行都须填写",
        "en": "nothing stands here; every row needs it",
    },
    "no_date": {
        "zh": "不是可识别的日期；请更正，或在导入配置的 dates 中写明其格式",
        "en": "no date; correct it, or name its pattern under `dates` in the import profile",
    },
    **NUMBER_REASONS,
    "number_too_large": {
        "zh": f"数字过大，最大为{MAX_NUMBER:,}；请更正，或改用更大的计量单位",
        "en": f"beyond {MAX_NUMBER:,}; correct it, or count in larger units",
    },
    "no_boolean": {
        "zh": "既不是“是”也不是“否”",
        "en": "neither yes nor no; write true or false, yes or no, 是 or 否, 1 or 0",
    },
    "unknown_type": {
        "zh": "方案中没有这种事项类别；请更正，或在导入配置的 values 中对应",
        "en": (
            "no event type of the policy; correct it, or map it under `values` in the import "
            "profile"
        ),
    },
    "unknown_unit": {
        "zh": "机构文件中没有这个单位；请更正，或补入机构文件",
        "en": "no unit of the organisation file; correct it, or add the unit there",
    },
    "unknown_person": {
        "zh": "机构文件中没有此人；请更正，或补入机构文件",
        "en": "no person of the organisation file; correct it, or add the person there",
    },
    "unknown_word": {
        "zh": "不是该字段允许的用词；请更正，或在导入配置的 values 中对应",
        "en": (
            "not one of the field's words; correct it, or map it under `values` in the import "
            "profile"
        ),
    },
    "id_twice": {
        "zh": "同一编号有多行且内容不同，均未计入；请保留一行，或用 replaces 更正",
        "en": (
            "other rows have this id and say something else, so none counts; keep one, or correct "
            "it with `replaces`"
        ),
    },
    "correction_circle": {
        "zh": "该行更正或撤回自身，或与其他行相互更正；请写明所更正的是哪一条",
        "en": (
            "the row corrects itself, or rows correct each other in a circle; name the event that "
            "is to be corrected"
        ),
    },
    "row_shape": {
        "zh": "该行的列数与表头不符；含分隔符的值须加引号",
        "en": (
            "the row has more or fewer values than the header; put a value that contains the "
            "delimiter in quotes"
        ),
    },
    "open_quote": {
        "zh": "该行的引号未闭合，或闭合后还有文字；值中的引号须写两次",
        "en": (
            "a quote in the row is not closed, or more follows after it; close it, and write a "
            "quote within a value twice"
        ),
    },
    "no_object": {
        "zh": "该行不是 JSON 对象",
        "en": 'the line is no JSON object such as {"id": …}',
    },
    "encoding": {
        "zh": "该行含有无法解码的字节；请核对导入配置的 encoding",
        "en": (
            "the row has bytes that are not in the file's encoding; check `encoding` in the import "
            "profile"
        ),
    },
}
"""Code -> why, and what to do."""

UNREADABLE_ROW = ("row_shape", "open_quote", "no_object", "encoding")
"""Codes that say that nothing in a row can be read."""
