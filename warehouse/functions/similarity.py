"""Similarity of company names."""

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist


def similarity(first: list[str], second: list[str]) -> npt.NDArray[np.float32]:
    """Similarity, 0 to 100, of each pair of loose keys; word order does not matter."""
    ordered = [[" ".join(sorted(key.split())) for key in keys] for keys in (first, second)]
    return cpdist(*ordered, scorer=Indel.normalized_similarity, dtype=np.float32) * np.float32(100)
