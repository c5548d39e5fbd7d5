"""A country's filings for as many months as wanted, made by the hundred thousand; no child in it exists.

Written past the repositories: filing it would take days. What the repositories keep besides (marks, indexes) is kept.
"""

import random
import sqlite3

from tianbao.storage import Store
from tianbao.units import COUNTIES

LEVELS = (("elementary", 0.66, range(1, 7)), ("junior_high", 0.2, range(7, 10)), ("senior_high", 0.14, range(10, 13)))
SHARES = (4, 28, 40, 23, 5, 6, 7, 33, 15, 8, 8, 4, 7, 19, 26, 10, 5, 5, 5, 3, 2, 1)
"""Of the units, in thousandths or so, by county in the order of `COUNTIES`."""
ISSUES = (5, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 3, 3, 3, 3, 6, 6, 12, 12, 4, 8, 14, 15, 13, 16, 2, 9, 10, 11, 7, 18, 19, 17)
CASE = (
    "filing_id, row_number, unit_id, county, level, period, in_force, teacher_code, counsellor_type, student_code, grade, sex, "
    "identity, status, sources, referral, main_issue, secondary_issues, sessions, extras"
)
SERVICE = (
    "filing_id, row_number, unit_id, county, level, period, in_force, teacher_code, counsellor_type, item, audience, male, "
    "female, other, extras"
)


def months(years, last=(2025, 7)):
    """The last so many years of months, as the store writes them."""
    number = last[0] * 12 + last[1] - 1
    return [(month // 12) * 100 + month % 12 + 1 for month in range(number - 12 * years + 1, number + 1)]


def make_country(path, *, units, years, cases=35, services=36, seed=113):
    """A SQLite database of so many units, each with so many rows a month on average.

    Returns:
        How many case and service rows it has.
    """
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    chance = random.Random(seed)
    db = sqlite3.connect(path)
    db.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -400000;")
    register = list(_register(units, chance))
    db.executemany(
        "INSERT INTO unit (id, code, level, name, county, district, answers_to) VALUES (?, ?, ?, ?, ?, '', 'county')",
        register,
    )
    db.execute("INSERT INTO unit_range (unit_id) SELECT id FROM unit")
    db.execute(
        "INSERT INTO account (id, login, role, standing, name, title, phone, extension, email, created_at) VALUES "
        "(1, 'rd_hsu_1', 'organiser', 'active', '許', '', '', '', 'a@b.tw', '2015-01-01 00:00:00.000000')"
    )
    indexes = _without_indexes(db)
    pools = {level: (_cases(grades, chance), _services(grades, chance)) for level, _, grades in LEVELS}
    filing = 0
    rows = 0
    for period in months(years):
        for unit, _, level, _, county in register:
            filing += 1
            here = (unit, county, level, period, 1)
            some_cases, some_services = pools[level]
            at, many = chance.randrange(len(some_cases) - 200), round(cases * chance.uniform(0.5, 1.5))
            at_services, many_services = (
                chance.randrange(len(some_services) - 200),
                round(services * chance.uniform(0.5, 1.5)),
            )
            db.execute(
                "INSERT INTO filing (id, unit_id, period, version, way, nil, case_count, service_count, filed_at, filed_by, "
                "filed_by_name, receipt, in_force) VALUES (?, ?, ?, 1, 'current', 0, ?, ?, '2024-09-05 01:00:00.000000', 1, '許', ?, 1)",
                (filing, unit, period, many, many_services, str(filing)),
            )
            db.executemany(
                f'INSERT INTO "case" ({CASE}) VALUES ({",".join("?" * 20)})',
                ((filing, n, *here, *row) for n, row in enumerate(some_cases[at : at + many], 5)),
            )
            db.executemany(
                f"INSERT INTO service ({SERVICE}) VALUES ({','.join('?' * 15)})",
                (
                    (filing, n, *here, *row)
                    for n, row in enumerate(some_services[at_services : at_services + many_services], 5)
                ),
            )
            rows += many + many_services
        db.commit()
    for statement in indexes:
        db.execute(statement)
    for table in ('"case"', "service"):
        for place in ("county", "''"):
            db.execute(f"INSERT INTO stale_tally (place, period) SELECT DISTINCT {place}, period FROM {table}")
    db.execute("ANALYZE")
    db.commit()
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    return rows


def _without_indexes(db):
    """Drop what would slow the writing; gives the statements that bring it back."""
    found = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('case', 'service') AND sql NOT NULL"
    )
    named = found.fetchall()
    for name, _ in named:
        db.execute(f"DROP INDEX {name}")
    return [sql for _, sql in named]


def _register(units, chance):
    counties = chance.choices(COUNTIES, SHARES, k=units)
    levels = chance.choices(LEVELS, [share for _, share, _ in LEVELS], k=units)
    for n, (county, (level, _, _)) in enumerate(zip(counties, levels, strict=True), 1):
        yield n, f"{n:06}", level, f"第{n}校", county


def _cases(grades, chance):
    """Rows to choose from: a stretch of them is a unit's month, and a student's code is of a stretch."""
    found = []
    for n in range(20_000):
        issue = chance.choice(ISSUES)
        others = chance.sample([each for each in (1, 3, 5, 6, 12, 10) if each != issue], chance.choice((0, 0, 1, 2)))
        new = chance.random() < 0.25
        sources = ",".join(map(str, chance.sample((1, 2, 3, 4, 5, 7), chance.choice((1, 1, 1, 2))))) if new else ""
        found.append(
            (
                f"T{n % 3}", chance.choices((1, 2, 3, 4), (70, 22, 5, 3))[0], f"S{n % 97:03}", chance.choice(grades),
                chance.choices((1, 2, 3), (48, 51, 1))[0], chance.choices((0, 9, 11, 8), (85, 7, 4, 4))[0], 1 if new else 2,
                sources, chance.choices((2, 1, 3, 4), (90, 4, 4, 2))[0], issue, ",".join(map(str, others)), chance.randrange(1, 9),
                "{}",
            )
        )  # fmt: skip
    return found


def _services(grades, chance):
    audiences = (*grades, *grades, 13, 13, 14, 14, 15)
    return [
        (
            f"T{n % 3}", chance.choices((1, 2, 3, 4), (70, 22, 5, 3))[0], chance.randrange(1, 18), chance.choice(audiences),
            chance.randrange(30), chance.randrange(30), 1 if chance.random() < 0.01 else 0, "{}",
        )
        for n in range(20_000)
    ]  # fmt: skip
