"""Splink at its best setting here, names only; run by the Python that has Splink.

Usage: python _splink_names.py NAMES.parquet (account_id, strict_key, loose_key) CLUSTERS.parquet
"""

import sys

import duckdb
import splink.comparison_library as cl  # type: ignore[import-not-found, unused-ignore]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # type: ignore[import-not-found, unused-ignore]


def main() -> None:
    """Train by expectation maximisation, predict, cluster at a match probability of 0.9."""
    source, target = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(
        f"""
        create table account as
        select
            account_id as unique_id,
            loose_key as name,
            string_split(loose_key, ' ')[1] as first_word,
            list_sort(string_split(loose_key, ' '), 'desc')[1] as last_word
        from '{source}'
        """
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.88]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("first_word").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name"),
            block_on("first_word", "substr(name, length(name) - 2)"),
            block_on("substr(name, 1, 7)"),
        ],
    )
    linker = Linker(DuckDBAPI(connection=connection).register("account"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("name")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("substr(name, 1, 5)"), fix_u_probabilities=True
    )
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    connection.execute(
        f"""
        copy (
            select unique_id_l as account_id_1, unique_id_r as account_id_2, match_probability
            from {predicted.physical_name}
        ) to '{target}'
        """
    )


if __name__ == "__main__":
    main()
