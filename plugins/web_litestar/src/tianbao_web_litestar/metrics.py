"""Metrics for Prometheus: how the pages are asked for, and figures of the store; numbers only, nobody's data.

A route is named by its pattern, never by its path: links in mails carry secrets in theirs.
"""

from collections.abc import Iterable
from datetime import timedelta

from attrs import field, frozen
from litestar.middleware import DefineMiddleware
from litestar.plugins.prometheus import PrometheusConfig
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tianbao.bootstrap import App

SECTION = "web_litestar"
_RECENT = timedelta(minutes=5)


@frozen
class WebSettings:
    """The web front end's own settings: ``[web_litestar]``."""

    metrics_token: str = field(default="", repr=False)
    """Who asks for ``/metrics`` with this as a bearer token gets them; empty: nobody does."""


def watching() -> DefineMiddleware:
    """Counts and times all requests, in this process."""
    return PrometheusConfig(app_name="tianbao", prefix="tianbao", group_path=True).middleware


class Metrics:
    """What there is to tell of one application."""

    def __init__(self, core: App) -> None:
        self._store = CollectorRegistry()
        self._store.register(_StoreFigures(core))

    def text(self) -> bytes:
        """All of it, in Prometheus' format."""
        return generate_latest(REGISTRY) + generate_latest(self._store)


class _StoreFigures(Collector):
    """Figures of the store, looked up when they are asked for."""

    def __init__(self, core: App) -> None:
        self._core = core

    def describe(self) -> Iterable[Metric]:
        """Nothing: else the store would be asked as soon as this is registered."""
        return ()

    def collect(self) -> Iterable[Metric]:
        now = self._core.clock.now()
        with self._core.store.read() as work:
            waiting = work.figures.waiting(now)
            filed = work.figures.filed(self._core.settings.calendar.current_period(now))
            people, sessions = work.figures.active_accounts(), work.figures.signed_in(now - _RECENT)
        age = (now - waiting.oldest).total_seconds() if waiting.oldest else 0
        yield GaugeMetricFamily("tianbao_outbox_due", "Messages that could leave now.", waiting.due)
        yield GaugeMetricFamily("tianbao_outbox_later", "Messages put off, or not due yet.", waiting.later)
        yield GaugeMetricFamily("tianbao_outbox_oldest_seconds", "For how long the oldest message has been due.", age)
        yield GaugeMetricFamily("tianbao_sessions", "Sessions used in the last five minutes.", sessions)
        accounts = GaugeMetricFamily("tianbao_accounts", "Active accounts.", labels=["role"])
        for role, number in people.items():
            accounts.add_metric([role], number)
        yield accounts
        filings = GaugeMetricFamily("tianbao_filings", "Filings in force of the current month.", labels=["way", "nil"])
        for (way, nil), number in filed.items():
            filings.add_metric([way, str(nil).lower()], number)
        yield filings
