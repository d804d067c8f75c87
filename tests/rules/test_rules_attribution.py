"""Who answers, by forward chaining, against a plain walk up the posts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.errors import RuleEngineError
from policyeval.rules import Answer, PostState, answering


def walk(case: tuple[PostState, ...]) -> tuple[Answer, ...]:
    stated = {s.post: s for s in case}
    answers: list[Answer] = []
    post = case[0].post if case else None
    while post is not None and post not in {a.post for a in answers}:
        state = stated[post]
        answers.append(Answer(post, vacant=not state.held))
        post = None if state.held else state.above
    return tuple(answers)


names = st.lists(
    st.one_of(st.sampled_from(["secretary", "deputy", "书记"]), st.text(max_size=4)),
    min_size=1,
    max_size=6,
    unique=True,
).filter(lambda found: all(not 0xD800 <= ord(c) < 0xE000 for name in found for c in name))


@st.composite
def organisations(draw: st.DrawFn) -> tuple[PostState, ...]:
    posts = draw(names)
    above = st.one_of(st.none(), st.sampled_from(posts))
    return tuple(PostState(p, draw(st.booleans()), draw(above)) for p in posts)


@settings(max_examples=200, deadline=None)
@given(st.lists(organisations(), max_size=3))
def test_the_question_goes_up_in_any_organisation(cases: list[tuple[PostState, ...]]) -> None:
    assert answering(cases) == [walk(case) for case in cases]
    turned = [(*case[:1], *reversed(case[1:])) for case in cases]
    assert answering(turned) == answering(cases)


@pytest.mark.parametrize(
    ("case", "answers"),
    [
        ((PostState("a", True, "b"), PostState("b", True)), (Answer("a", False),)),
        (
            (PostState("a", False, "b"), PostState("b", False, "c"), PostState("c", True)),
            (Answer("a", True), Answer("b", True), Answer("c", False)),
        ),
        ((PostState("a", False), PostState("b", True)), (Answer("a", True),)),
        ((PostState("a", False, "a"),), (Answer("a", True),)),
        (
            (PostState("a", False, "b"), PostState("b", False, "a")),
            (Answer("a", True), Answer("b", True)),
        ),
        ((), ()),
    ],
)
def test_by_example(case: tuple[PostState, ...], answers: tuple[Answer, ...]) -> None:
    assert answering([case, case]) == [answers, answers]


def test_a_long_line_of_vacant_posts() -> None:
    line = tuple(PostState(f"p{n}", n == 99, f"p{n + 1}") for n in range(100))
    (answers,) = answering([line])
    assert answers == tuple(Answer(f"p{n}", vacant=n < 99) for n in range(100))


def test_what_a_case_must_state() -> None:
    with pytest.raises(RuleEngineError, match="b would answer, but the case does not state"):
        answering([(PostState("a", False, "b"),)])
    with pytest.raises(RuleEngineError, match="stated twice and differently"):
        answering([(PostState("a", False), PostState("a", True))])
    assert answering([(PostState("a", True), PostState("a", True))]) == [(Answer("a", False),)]
