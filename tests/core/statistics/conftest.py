"""Filings with the rows a test wants, past the check."""

from itertools import count

import pytest

from tianbao.filings import Filing, Way
from tianbao.periods import Period

FEBRUARY = Period(2025, 2)


@pytest.fixture
def file_rows(app, people):
    """File rows for a unit and month, in place of what was filed before."""
    numbers = count(1)

    def file(unit, cases=(), services=(), period=FEBRUARY):
        rows = {"case": list(enumerate(cases, 5)), "service": list(enumerate(services, 5))}
        filing = Filing(
            0, unit, period, next(numbers), Way.CURRENT, nil=not any(rows.values()), template_key="113", fingerprint="f",
            file_name="x", file_hash="0", counts={kind: len(each) for kind, each in rows.items()}, filed_at=app.clock.now(),
            filed_by=people.organiser.id, filed_by_name="許", receipt=f"r{next(numbers)}", in_force=True,
        )  # fmt: skip
        with app.store.work() as work:
            work.filings.add(filing, rows)

    return file
