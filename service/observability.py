"""Prometheus metrics, the same whichever of several worker processes is asked."""

import os
from collections import Counter
from datetime import UTC, datetime

import prometheus_client
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.app_state import AppState

# Where worker processes count together; prometheus_client looks for it when it is imported.
MULTIPROCESS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """What is counted of requests, and what is read off the app_state when Prometheus asks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = prometheus_client.Histogram(
            "customer360_request_seconds",
            "Time to the last byte of an answer.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = prometheus_client.Gauge(
            "customer360_requests_in_flight",
            "Requests under way.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.cache = prometheus_client.Counter(
            "customer360_cache_lookups_total",
            "Cacheable requests by result: hit, miss or not_modified.",
            ("result",),
            registry=self.registry,
        )
        self.failures = prometheus_client.Counter(
            "customer360_failures_total",
            "Unexpected failures, answered with 500.",
            registry=self.registry,
        )

    async def render(self, app_state: AppState) -> bytes:
        """The text that Prometheus reads."""
        registry = CollectorRegistry()
        registry.register(_Read(await _read_off(app_state)))
        counted = self.registry
        if MULTIPROCESS_DIRECTORY in os.environ:
            # Whichever process is asked answers for all of them.
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(registry)


class _Read(Collector):
    """Figures that were read when they were asked for, and are kept by no process."""

    def __init__(self, families: list[Metric]) -> None:
        self.families = families

    def collect(self) -> list[Metric]:
        return self.families


async def _read_off(app_state: AppState) -> list[Metric]:
    outbox = GaugeMetricFamily(
        "customer360_outbox_actions", "Actions by delivery.", labels=["state"]
    )
    states = Counter(row["state"] for row in app_state.decisions.actions)
    for state in ("pending", "delivered", "failed", "skipped"):
        outbox.add_metric([state], states[state])
    families: list[Metric] = [outbox]
    async with app_state.warehouse.hold() as snapshot:
        if snapshot:
            age = datetime.now(UTC) - snapshot.published_at
            build = GaugeMetricFamily(
                "customer360_build_info", "The served build.", labels=["build_id"]
            )
            build.add_metric([snapshot.build_id], 1)
            business = GaugeMetricFamily(
                "customer360_business",
                "Figures of the portfolio on the day of the data.",
                labels=["figure"],
            )
            (figures,) = await app_state.warehouse.read(
                snapshot, lambda reader: reader.rows("business", regions=None)
            )
            for name, value in figures.items():
                business.add_metric([name], float("nan") if value is None else value)
            families += [
                GaugeMetricFamily(
                    "customer360_build_age_seconds",
                    "Seconds since the served build was published.",
                    value=age.total_seconds(),
                ),
                build,
                business,
            ]
    return families
