"""Instants are UTC with the suffix Z."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from tracemill_datagen.dataset.clock import instant, utc_now


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
    assert instant(moment) == "2026-01-02T01:04:05Z"


def test_now_knows_its_zone() -> None:
    assert utc_now().tzinfo is UTC
