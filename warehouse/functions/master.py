"""Masters: sets of accounts that are the same company, grown from links best first."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


def connected_components(first: Integers, second: Integers) -> tuple[Integers, Integers]:
    """Members of a graph and the smallest member that each is connected to.

    `first` and `second` are the two ends of n links, shape (n,). Returns the m distinct members in
    ascending order and the smallest member of the component of each, both of shape (m,). Every
    round hangs each tree under the smallest neighbouring one and then flattens it, so the number
    of rounds grows with the logarithm of the members, not with the length of a chain.
    """
    members, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    end_1, end_2 = codes[: len(first)], codes[len(first) :]
    label = np.arange(len(members))
    while True:
        label_1, label_2 = label[end_1], label[end_2]
        if np.array_equal(label_1, label_2):
            return members, members[label]
        lowest = np.minimum(label_1, label_2)
        np.minimum.at(label, label_1, lowest)
        np.minimum.at(label, label_2, lowest)
        while not np.array_equal(label, label[label]):
            label = label[label]


def best_first_groups(
    links: Iterable[tuple[int, int]], blocked: Mapping[int, set[int]]
) -> dict[int, int]:
    """Unite linked members, in the order of the links, unless a blocked pair would be united.

    `links` are pairs of members, best first; `blocked` holds for each member those that must
    never share its group, in both directions. Returns the smallest member of the group for each
    member that a link names.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for first, second in links:
        for member in (first, second):
            if member not in group_of:
                group_of[member] = member
                members[member] = [member]
        low, high = sorted((group_of[first], group_of[second]))
        if low == high or any(
            not blocked.get(member, set()).isdisjoint(members[low]) for member in members[high]
        ):
            continue
        for member in members[high]:
            group_of[member] = low
        members[low] += members.pop(high)
    return group_of


def bridge_count(links: Iterable[tuple[int, int]]) -> int:
    """Number of links whose loss would split the graph: its bridges.

    One depth-first walk (R. E. Tarjan, "A note on finding the bridges of a graph", 1974) without
    recursion, so that a long chain does not exhaust the stack. A pair given twice is one link.
    """
    neighbours: dict[int, list[int]] = {}
    for first, second in set(links):
        neighbours.setdefault(first, []).append(second)
        neighbours.setdefault(second, []).append(first)
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    bridges = 0
    for root, reached in neighbours.items():
        if root in order:
            continue
        order[root] = lowest[root] = len(order)
        path = [(root, root, iter(reached))]
        while path:
            member, parent, remaining = path[-1]
            for neighbour in remaining:
                if neighbour not in order:
                    order[neighbour] = lowest[neighbour] = len(order)
                    path.append((neighbour, member, iter(neighbours[neighbour])))
                    break
                if neighbour != parent:
                    lowest[member] = min(lowest[member], order[neighbour])
            else:
                path.pop()
                if path:
                    lowest[parent] = min(lowest[parent], lowest[member])
                    bridges += lowest[member] > order[parent]
    return bridges
