"""The project's functions over Arrow arrays: what every engine registers."""

from collections import defaultdict
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from warehouse.functions import company_name, master, similarity


class Strings(Protocol):
    """An Arrow array of strings: a batch of at most 2048 values, none of them null.

    DuckDB answers null for a null argument itself. It also evaluates the annotations of what it
    registers, so they have to exist at run time.
    """

    def to_pylist(self) -> list[str]:
        """Return the values."""


class Lists(Protocol):
    """A chunked Arrow array of any type."""

    def combine_chunks(self) -> Any:
        """Return the values as one Arrow array."""


def company_keys(names: Strings) -> pa.StructArray:
    """Arrow form of `company_name.keys`."""
    keys = [company_name.keys(name) for name in names.to_pylist()]
    return pa.StructArray.from_arrays(
        [pa.array([key[at] for key in keys], pa.string()) for at in (0, 1)],
        ["strict_key", "loose_key"],
    )


def company_similarity(
    names_1: Lists, rarity_1: Lists, names_2: Lists, rarity_2: Lists, bits: Lists
) -> pa.StructArray:
    """Arrow form of `similarity.similarity`: float32 similarity and evidence."""
    score, evidence = similarity.similarity(
        names_1.combine_chunks(),
        rarity_1.combine_chunks(),
        names_2.combine_chunks(),
        rarity_2.combine_chunks(),
        bits.combine_chunks().to_numpy(),
    )
    return pa.StructArray.from_arrays(
        [score.astype(np.float32), evidence.astype(np.float32)], ["similarity", "evidence"]
    )


class NumberLists(Protocol):
    """An Arrow array of lists of whole numbers."""

    def to_pylist(self) -> list[list[int]]:
        """Return the lists."""


def master_members(
    first: NumberLists, second: NumberLists, blocked_first: NumberLists, blocked_second: NumberLists
) -> Any:
    """Arrow form of `master.best_first_groups`: one graph of accounts in each row."""
    rows = []
    for links_1, links_2, blocked_1, blocked_2 in zip(
        first.to_pylist(),
        second.to_pylist(),
        blocked_first.to_pylist(),
        blocked_second.to_pylist(),
        strict=True,
    ):
        blocked: dict[int, set[int]] = defaultdict(set)
        for member_1, member_2 in zip(blocked_1, blocked_2, strict=True):
            blocked[member_1].add(member_2)
            blocked[member_2].add(member_1)
        groups = master.best_first_groups(zip(links_1, links_2, strict=True), blocked)
        rows.append([{"member": member, "master": group} for member, group in groups.items()])
    return pa.array(rows, pa.list_(pa.struct([("member", pa.int64()), ("master", pa.int64())])))


def link_components(first: Lists, second: Lists) -> Any:
    """Arrow form of `master.connected_components`: one graph in each row."""
    lists_1, lists_2 = first.combine_chunks(), second.combine_chunks()
    # An org in which no two accounts are linked has no graph: nothing is concatenated to something.
    nothing = np.empty(0, np.int64)
    offsets, members, components = [0], [nothing], [nothing]
    for links_1, links_2 in zip(lists_1, lists_2, strict=True):
        member, component = master.connected_components(
            links_1.values.to_numpy(), links_2.values.to_numpy()
        )
        members.append(member)
        components.append(component)
        offsets.append(offsets[-1] + len(member))
    values = pa.StructArray.from_arrays(
        [np.concatenate(members), np.concatenate(components)], ["member", "master"]
    )
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


def bridge_count(first: NumberLists, second: NumberLists) -> pa.Int64Array:
    """Arrow form of `master.bridge_count`: one graph in each row."""
    pairs = zip(first.to_pylist(), second.to_pylist(), strict=True)
    return pa.array([master.bridge_count(zip(*graph, strict=True)) for graph in pairs], pa.int64())
