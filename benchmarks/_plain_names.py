"""Plain similarity as people reach for it: token_sort_ratio over a threshold.

Usage: python _plain_names.py WAREHOUSE.duckdb LINKS.parquet THRESHOLD
"""

import sys

import duckdb
import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist


def main() -> None:
    """Score the warehouse's candidate pairs of names and write the pairs of accounts."""
    warehouse, target, threshold = sys.argv[1], sys.argv[2], float(sys.argv[3])
    connection = duckdb.connect()
    connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
    pairs = connection.execute(
        """
        select name_id_1, name_id_2, one.loose_key as one, two.loose_key as two
        from warehouse.intermediate.name_pair
        inner join warehouse.intermediate.company_name as one on name_id_1 = one.name_id
        inner join warehouse.intermediate.company_name as two on name_id_2 = two.name_id
        """
    ).to_arrow_table()
    score = cpdist(
        pairs["one"].to_pylist(),
        pairs["two"].to_pylist(),
        scorer=fuzz.token_sort_ratio,
        dtype=np.float32,
        workers=2,
    )
    connection.register("like_name", pairs.filter(pa.array(score >= threshold)))
    connection.execute(
        f"""
        copy (
            with account as (
                select account.account_id, name.name_id
                from warehouse.intermediate.account_name as account
                inner join warehouse.intermediate.company_name as name using (loose_key)
            )

            select one.account_id as account_id_1, two.account_id as account_id_2
            from like_name
            inner join account as one on name_id_1 = one.name_id
            inner join account as two on name_id_2 = two.name_id
            union all
            select one.account_id, two.account_id
            from account as one
            inner join account as two
                on one.name_id = two.name_id and one.account_id < two.account_id
        ) to '{target}'
        """
    )


if __name__ == "__main__":
    main()
