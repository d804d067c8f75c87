"""What does not go together in a duty, whatever the rest of its policy says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policyeval.language.occasions import After, Before, InAny, SinceLast, Throughout
from policyeval.language.requires import Requires

if TYPE_CHECKING:
    from policyeval.language.duty import Duty, PartView


def problems(duty: Duty) -> Iterator[str]:
    """What does not go together."""
    if duty.all_of is not None and duty.any_of is not None:
        yield "choose `all_of` or `any_of`"
    several = duty.all_of or duty.any_of
    if several and (duty.evidence or "requires" in duty.model_fields_set):
        yield "with `all_of` or `any_of`, evidence and requires stand in each part"
    for part in duty.parts:
        yield from _part_problems(duty, part)
    yield from _when_problems(duty)
    yield from _sequence_problems(duty)
    if duty.double_use == "forbidden" and any(
        part.requires.measure != "count" or part.requires.has_upper for part in duty.parts
    ):
        yield "`double_use: forbidden` is for numbers of events that must be reached"


def _part_problems(duty: Duty, part: PartView) -> Iterator[str]:
    held = part.requires.days_held is not None
    if part.evidence is None and not held:
        yield "`evidence` is missing: what shows that it was done?"
    given = part.evidence.model_fields_set if part.evidence is not None else set()
    if "itself" in given and not isinstance(duty.when, (After, Before)):
        yield "`itself` goes with `after` and `before`: there an event opens the obligation"
    if part.evidence is not None and held:
        yield "`days_held` names its own events; leave `evidence` out"
    if part.evidence is not None and not part.evidence.named:
        yield "`evidence` names no source; add `event`"
    if held and duty.trigger is not None:
        yield "`days_held` needs a period: `when: {throughout: year}`"
    if held and isinstance(duty.when, (SinceLast, InAny)):
        yield "`days_held` needs a period: `when: {throughout: year}`"
    if not held and isinstance(duty.when, Throughout):
        yield "`throughout` needs `requires: {days_held: …}`; to count, use `per`"


def _when_problems(duty: Duty) -> Iterator[str]:
    clocked = isinstance(duty.when, (After, Before, SinceLast))
    if isinstance(duty.when, After) and duty.within is None:
        yield "`when: {after: …}` needs `within`: by when is it due?"
    if isinstance(duty.when, SinceLast) and duty.within is None:
        yield "`when: {since_last: …}` needs `within`: how long after the last?"
    if not clocked and duty.within is not None:
        yield "`within` goes with `after`, `before` and `since_last`"
    if duty.early is not None and not isinstance(duty.when, After):
        yield "`early` goes with `after`: what was done so long before the trigger counts, too"
    if duty.early is not None and duty.not_before is not None:
        yield "choose `early` or `not_before`"
    if not clocked and duty.not_before is not None:
        yield "`not_before` goes with `after`, `before` and `since_last`"
    if isinstance(duty.when, Before) and any(leg.bent for leg in duty.clock.legs):
        yield "`restarts`, `pauses` and `extended` do not go with `before`: it counts backwards"
    if duty.for_each is not None:
        own = duty.evidence
        if own is not None and own.model_fields_set - {"must"}:
            yield "with `for_each` the event itself is the evidence: only `must` can stand there"


def _one_event(requires: Requires) -> bool:
    """Whether one event is all that is asked for."""
    given = requires.model_fields_set - {"at_least"}
    return not given and requires.bounds == (1, None)


def _sequence_problems(duty: Duty) -> Iterator[str]:
    if duty.double_use == "forbidden" and isinstance(duty.when, (SinceLast, InAny)):
        yield "`double_use: forbidden` does not go with `since_last` and `in_any`"
    several = len(duty.parts) != 1 or bool(duty.parts[0].name)
    if isinstance(duty.when, SinceLast) and (several or not _one_event(duty.requires)):
        yield "`since_last` takes `requires: {at_least: 1}`, without parts"
    if isinstance(duty.when, InAny):
        if any(part.evidence and part.evidence.stands_in for part in duty.parts):
            yield "`stands_in` has no next time in `in_any`; name the events in `evidence`"
        if several:
            yield "`in_any` takes no parts"
        fixed = duty.requires.bounds != (None, None) and duty.requires.share_of is None
        if duty.requires.measure not in {"count", "sum", "distinct", "average"} or not fixed:
            yield "`in_any` takes count, `sum`, `distinct` or `average` and a number as threshold"
