"""Who answers: the people who held the accountable posts when a finding fell due.

Whether a vacant post passes the question on to the post above is the rule engine's judgement of
each distinct pattern of held and vacant posts; the data engine finds the patterns and the people.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.parts import choose
from policyeval.evaluation.run import Run
from policyeval.language.duty_answers import Answers
from policyeval.language.policy import Policy
from policyeval.rules.attribution import PostState, answering
from policyeval.tables import null, small

_MANY = 1_000_000
"""More posts than stand above one another."""

COLUMNS = ["ob", "number", "seq", "post", "person", "vacant", "instead_of"]
_TYPES = {
    **dict.fromkeys(COLUMNS, "string"),
    **dict.fromkeys(("ob", "number", "seq"), "int64"),
    "vacant": "boolean",
}
_ASKS = {
    "variant": "string",
    "number": "int64",
    "asked": "string",
    "named_in": "string",
    "own": "boolean",
}
_ANSWERS = {
    "asked": "string",
    "mask": "int64",
    "seq": "int64",
    "post": "string",
    "vacant": "boolean",
    "instead_of": "string",
}


def answers(run: Run, known: Lives, judged: ir.Table) -> ir.Table:
    """Who answers for each finding.

    Args:
        run: the run.
        known: the organisation.
        judged: obligations with `verdict`.

    Returns:
        `ob`, `number` (place in `accountable`), `seq` int64; `post`, `person` (null if vacant),
        `instead_of` (the vacant post below, or null) string; `vacant` boolean. One row per
        finding, post and person.
    """
    if not _asks(run):
        return small([], {name: _TYPES[name] for name in COLUMNS})
    asked = _asked(run, judged)
    own = (asked.asked == asked.post) & asked.person.notnull() & (asked.named_in == "")
    zero = ibis.literal(0, type="int64")
    themselves = asked.filter(own).mutate(
        seq=zero, vacant=ibis.literal(False), instead_of=null("string")
    )
    others = asked.filter(~own)
    named = others.filter(others.named_in != "")
    plain = others.filter(others.named_in == "").mutate(from_seq=zero, below=null("string"))
    found, missing, passed = _named(run, known, named)
    asks = ["ob", "number", "asked", "unit", "day", "from_seq", "below"]
    held = _holders(run, known, ibis.union(plain.select(asks), passed.select(asks)))
    rows = ibis.union(
        themselves.mutate(post=themselves.asked).select(COLUMNS),
        found.select(COLUMNS),
        missing.select(COLUMNS),
        held.select(COLUMNS),
    )
    return _once(rows)


def _asked(run: Run, judged: ir.Table) -> ir.Table:
    """Which post is asked about each finding, for which unit and day."""
    asks = small(_asks(run), _ASKS)
    rows = judged.join(asks, "variant")
    rows = rows.filter(~rows.own | (rows.asked == rows.post))
    pending = ibis.least(rows.due_day, ibis.literal(run.as_of))
    keys = {field: rows[f"k_{field}"] for field in run.key_fields}
    named = choose(rows.named_in, {**keys, "": ibis.null("string")})
    return rows.select(
        "ob",
        "number",
        "asked",
        "named_in",
        "post",
        "person",
        named=named,
        unit=rows.unit.fill_null(""),
        day=ibis.ifelse(rows.verdict == "pending", pending, rows.due_day),
    )


def _asks(run: Run) -> list[tuple[str, int, str, str, bool]]:
    rows = []
    for name, variant in run.variants.items():
        duty = variant.duty
        own = duty.accountable is None
        asked = duty.accountable or tuple(Answers(post=post) for post in duty.bearer.post or ())
        if duty.accountable is not None and not duty.accountable:
            continue
        rows += [(name, n, each.post, each.named_in or "", own) for n, each in enumerate(asked)]
    return rows


def _named(run: Run, known: Lives, asked: ir.Table) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Holders whom the trigger names; the posts where it names none; the question passed on."""
    zero = ibis.literal(0, type="int64")
    holders = known.holders.select("post", "person", "from_day", "until_day").rename(
        h_post="post", h_person="person"
    )
    both = asked.join(
        holders,
        [
            asked.asked == holders.h_post,
            asked.named == holders.h_person,
            asked.day >= holders.from_day,
            asked.day <= holders.until_day,
        ],
    )
    found = both.select("ob", "number", post="asked", person="h_person").distinct()
    missing = asked.anti_join(found, ["ob", "number"])
    found = found.mutate(seq=zero, vacant=ibis.literal(False), instead_of=null("string"))
    above = small(
        ((name, post.above) for name, post in run.policy.posts.items() if post.above),
        {"asked": "string", "above": "string"},
    )
    passed = missing.join(above, "asked")
    passed = passed.select(
        "ob",
        "number",
        "unit",
        "day",
        asked=passed.above,
        from_seq=ibis.literal(1, type="int64"),
        below=passed.asked,
    )
    missing = missing.mutate(
        seq=zero,
        vacant=ibis.literal(True),
        instead_of=null("string"),
        person=null("string"),
        post=missing.asked,
    )
    return found, missing, passed


def _holders(run: Run, known: Lives, asked: ir.Table) -> ir.Table:
    """Who held the post asked, or the first held post above it."""
    cases = asked.select("asked", "unit", "day").distinct()
    chain = small(
        (
            (post, step, each)
            for post in run.policy.posts
            for step, each in enumerate(chain_above(run.policy, post))
        ),
        {"asked": "string", "step": "int64", "link": "string"},
    )
    concerns = known.concerns
    cells = cases.join(chain, "asked")
    holders = cells.join(
        concerns,
        [
            cells.link == concerns.post,
            cells.unit == concerns.concern,
            cells.day >= concerns.from_day,
            cells.day <= concerns.until_day,
        ],
    ).select("asked", "day", "step", "post", "person", "rank", unit="concern")
    holders = run.keep(holders)
    held = holders.select("asked", "unit", "day", "step").distinct()
    masks = held.group_by(["asked", "unit", "day"]).agg(
        mask=(ibis.literal(1, type="int64") << held.step).sum().cast("int64")
    )
    patterns = cases.left_join(masks, ["asked", "unit", "day"])
    patterns = run.keep(patterns.select("asked", "unit", "day", mask=patterns.mask.fill_null(0)))
    answered = patterns.join(_answered(run, patterns), ["asked", "mask"])
    key = ibis.window(group_by=["asked", "unit", "day", "post"])
    best = holders.mutate(best=holders["rank"].min().over(key))
    best = best.filter(best["rank"] == best.best)
    best = best.select("asked", "unit", "day", "post", "person").distinct()
    people = answered.left_join(best, ["asked", "unit", "day", "post"])
    people = people.select(
        "asked",
        "unit",
        "day",
        "seq",
        "post",
        "vacant",
        "instead_of",
        person=ibis.ifelse(people.vacant, ibis.null("string"), people.person),
    )
    rows = asked.join(people, ["asked", "unit", "day"])
    first = rows.seq == 0
    return rows.mutate(
        seq=rows.seq + rows.from_seq,
        instead_of=ibis.ifelse(first, ibis.coalesce(rows.instead_of, rows.below), rows.instead_of),
    )


def _answered(run: Run, patterns: ir.Table) -> ir.Table:
    """The rule engine's answer to each pattern: `_ANSWERS`."""
    policy = run.policy
    distinct = run.fetch(patterns.select("asked", "mask").distinct())
    found = sorted((row["asked"], row["mask"]) for row in distinct)
    cases = [
        tuple(
            PostState(post, bool(mask >> step & 1), policy.posts[post].above)
            for step, post in enumerate(chain_above(policy, asked))
        )
        for asked, mask in found
    ]
    rows = []
    for (asked, mask), answer in zip(found, answering(cases), strict=True):
        for seq, each in enumerate(answer):
            below = answer[seq - 1].post if seq else None
            rows.append((asked, mask, seq, each.post, each.vacant, below))
    return small(rows, _ANSWERS)


def chain_above(policy: Policy, post: str) -> list[str]:
    """A post and the posts above it, in order."""
    chain: list[str] = []
    above: str | None = post
    while above is not None and above not in chain:
        chain.append(above)
        above = policy.posts[above].above
    return chain


def _once(rows: ir.Table) -> ir.Table:
    """One row per finding, post and person; who answers in their own right is no stand-in.

    It stands where it is asked first.
    """
    place = rows.number * _MANY + rows.seq
    grouped = rows.group_by(["ob", "post", "person", "vacant"]).agg(
        number=rows.number.min(),
        seq=place.min() % _MANY,
        own=rows.instead_of.isnull().any(),
        below=rows.instead_of.min(),
    )
    return grouped.mutate(
        instead_of=ibis.ifelse(grouped.own, ibis.null("string"), grouped.below)
    ).select(COLUMNS)
