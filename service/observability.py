"""Logs as JSON lines, and Prometheus metrics."""

import logging
import sys
from datetime import UTC, datetime

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.core import Core

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def configure_logs() -> None:
    """One JSON object a line on standard error: time, level, event and its facts."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without local variables: they hold tokens.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


class Metrics:
    """What is counted of requests, and what is read off the core when Prometheus asks."""

    def __init__(self) -> None:
        """Register everything."""
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "customer360_request_seconds",
            "Time to the last byte of an answer.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "customer360_requests_in_flight", "Requests under way.", registry=self.registry
        )
        self.cache = Counter(
            "customer360_cache_lookups_total",
            "Cacheable requests by result: hit, miss or not_modified.",
            ("result",),
            registry=self.registry,
        )
        self.failures = Counter(
            "customer360_failures_total",
            "Unexpected failures, answered with 500.",
            registry=self.registry,
        )
        self.build_age = Gauge(
            "customer360_build_age_seconds",
            "Seconds since the served build was published.",
            registry=self.registry,
        )
        self.build = Gauge(
            "customer360_build_info", "The served build.", ("build_id",), registry=self.registry
        )
        self.outbox = Gauge(
            "customer360_outbox_actions", "Actions by delivery.", ("state",), registry=self.registry
        )
        self.business = Gauge(
            "customer360_business",
            "Figures of the portfolio on the day of the data.",
            ("figure",),
            registry=self.registry,
        )

    async def render(self, core: Core) -> bytes:
        """The text that Prometheus reads."""
        states = dict.fromkeys(("pending", "delivered", "failed", "skipped"), 0)
        for row in core.work.actions:
            states[row["state"]] += 1
        for state, count in states.items():
            self.outbox.labels(state).set(count)
        async with core.warehouse.hold() as snapshot:
            self.build.clear()
            if snapshot:
                age = datetime.now(UTC) - snapshot.published_at
                self.build_age.set(age.total_seconds())
                self.build.labels(snapshot.build_id).set(1)
                (figures,) = await core.warehouse.read(
                    snapshot, lambda reader: reader.rows("business", regions=None)
                )
                for name, value in figures.items():
                    self.business.labels(name).set(float("nan") if value is None else value)
        return generate_latest(self.registry)
