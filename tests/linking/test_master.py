"""Masters: components, best-first unions and bridges, against slow but plain definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.functions.master import best_first_groups, bridge_count, connected_components

pytestmark = pytest.mark.unit

members = st.integers(0, 12)
pairs = st.tuples(members, members).filter(lambda pair: pair[0] != pair[1])
links = st.lists(pairs, min_size=1, max_size=25)

settings.register_profile("linking", deadline=None)
settings.load_profile("linking")


def components(graph: list[tuple[int, int]]) -> dict[int, int]:
    """Smallest reachable member of each member, by walking."""
    neighbours: dict[int, set[int]] = {}
    for one, two in graph:
        neighbours.setdefault(one, set()).add(two)
        neighbours.setdefault(two, set()).add(one)
    result = {}
    for member in neighbours:
        reached, frontier = {member}, [member]
        while frontier:
            new = neighbours[frontier.pop()] - reached
            reached |= new
            frontier += new
        result[member] = min(reached)
    return result


@given(links)
def test_components_are_what_a_walk_reaches(graph: list[tuple[int, int]]) -> None:
    member, component = connected_components(*np.array(graph, dtype=np.int64).T)
    assert dict(zip(member.tolist(), component.tolist(), strict=True)) == components(graph)


def test_a_long_chain_is_one_component() -> None:
    numbers = np.random.default_rng(1).permutation(100_000)
    _, component = connected_components(numbers[:-1], numbers[1:])
    assert set(component.tolist()) == {0}


@given(links)
def test_without_conflicts_groups_are_components(graph: list[tuple[int, int]]) -> None:
    assert best_first_groups(graph, {}) == components(graph)


@given(links, st.lists(pairs, max_size=8))
def test_no_group_holds_a_blocked_pair(
    graph: list[tuple[int, int]], conflicts: list[tuple[int, int]]
) -> None:
    blocked: dict[int, set[int]] = {}
    for one, two in conflicts:
        blocked.setdefault(one, set()).add(two)
        blocked.setdefault(two, set()).add(one)
    groups = best_first_groups(graph, blocked)
    assert all(one not in groups or groups[one] != groups.get(two) for one, two in conflicts)
    reachable = components(graph)
    assert all(reachable[member] == reachable[group] for member, group in groups.items())
    assert all(group == min(m for m in groups if groups[m] == group) for group in groups.values())


def test_the_better_link_wins_where_two_exclude_each_other() -> None:
    blocked = {1: {3}, 3: {1}}
    assert best_first_groups([(1, 2), (2, 3)], blocked) == {1: 1, 2: 1, 3: 3}
    assert best_first_groups([(2, 3), (1, 2)], blocked) == {1: 1, 2: 2, 3: 2}


@given(links)
def test_bridges_are_links_whose_loss_splits(graph: list[tuple[int, int]]) -> None:
    distinct = {(min(pair), max(pair)) for pair in graph}
    before = components(list(distinct))

    def splits(link: tuple[int, int]) -> bool:
        after = components(list(distinct - {link}))
        return after.get(link[0], link[0]) != after.get(link[1], link[1])

    assert bridge_count(graph) == sum(map(splits, distinct))
    assert before


def test_bridges_of_a_chain_longer_than_the_stack() -> None:
    assert bridge_count((number, number + 1) for number in range(50_000)) == 50_000
