"""No duty may wait for itself: duties and escalations as sources, followed round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policyeval.language.lint_names import Found
from policyeval.language.policy import Policy
from policyeval.language.source import Path_
from policyeval.language.sources import Happening, OfEscalation
from policyeval.language.uses import counted_towards
from policyeval.language.walking import nodes


@dataclass(frozen=True)
class _Link:
    """Where a duty names another, or an escalation that takes its findings."""

    path: Path_
    duty: str


def circles(policy: Policy) -> Found:
    """Each circle once, where the first of its duties names the next."""
    links = {name: tuple(_links(policy, name)) for name in policy.duties}
    told: set[frozenset[str]] = set()
    for name in policy.duties:
        for link in links[name]:
            way = _way(links, link.duty, name)
            if way is None or frozenset(way) in told:
                continue
            told.add(frozenset(way))
            yield link.path, f"duties wait for each other in a circle: {' → '.join([name, *way])}"


def _links(policy: Policy, name: str) -> Iterator[_Link]:
    spec = policy.duties[name]
    for n, duty in enumerate((spec, *spec.versions)):
        at: Path_ = ("duties", name, *(("versions", n - 1) if n else ()))
        for path, node in nodes(duty):
            if isinstance(node, Happening) and node.duty in policy.duties:
                yield _Link((*at, *path, "duty"), str(node.duty))
            elif isinstance(node, OfEscalation):
                for other in counted_towards(policy, node.escalation):
                    yield _Link((*at, *path, "escalation"), other)


def _way(links: dict[str, tuple[_Link, ...]], start: str, end: str) -> list[str] | None:
    """The shortest way from one duty to another along links."""
    ways = {start: [start]}
    queue = [start]
    for name in queue:
        if name == end:
            return ways[name]
        for link in links[name]:
            if link.duty not in ways:
                ways[link.duty] = [*ways[name], link.duty]
                queue.append(link.duty)
    return None
