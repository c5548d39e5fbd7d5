"""``tianbao tick`` and ``tianbao remind``: queue what is due; say who would get what on any day."""

import getpass
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tianbao.cli.common import console, session, stop
from tianbao.cli.days import DayType
from tianbao.clock import spoken_date, spoken_moment
from tianbao.records import Operator
from tianbao.reminders.plan import Planned
from tianbao.reminders.rehearsal import Rehearsal, Scene, rehearse

_SHOWN = 50


@click.command()
@click.pass_context
def tick(ctx: click.Context) -> None:
    """Put the reminders that are due into the outbox, and shorten the trail; do it as often as you like (for cron)."""
    from tianbao.reminders.tick import tick as run  # noqa: PLC0415 -- heavy
    from tianbao.trail import shorten_by_itself  # noqa: PLC0415 -- the same

    app = session(ctx).app
    told = run(app)
    for each in told:
        click.echo(f"{each.due.key}: {each.queued:,} messages queued, {each.nobody:,} without a recipient.")
    if not told:
        click.echo("Nothing is due.")
    if gone := shorten_by_itself(app):
        click.echo(f"{gone:,} entries of the trail deleted, older than audit_years.")


@click.command()
@click.option("--on", "day", type=DayType(), help="Which day [default: today].")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing: all that this command does.")
@click.option("--all", "every", is_flag=True, help=f"List every message, not the first {_SHOWN} of each step.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with every message.")
@click.pass_context
def remind(ctx: click.Context, day: date | None, *, dry_run: bool, every: bool, as_json: bool) -> None:
    """Rehearse a day (稽催預演): who would get what, why, and when exactly."""
    if not dry_run:
        stop("This command only rehearses: add --dry-run. `tianbao tick` queues what is due.")
    app = session(ctx).app
    played = rehearse(app, Operator(getpass.getuser()), day or app.clock.now().date())
    if as_json:
        click.echo(json.dumps(_as_data(played), ensure_ascii=False))
    else:
        _print(console(), played, most=None if every else _SHOWN)


def _print(out: Console, played: Rehearsal, most: int | None) -> None:
    steps = Table("步驟", "月份", "預定", "實際", "說明", box=None)
    for fall in played.month:
        due = fall.due
        says = f"已於{spoken_moment(fall.done_at)}完成" if fall.done_at else due.shift
        steps.add_row(due.step.label, due.period.spoken, f"{due.regular:%m-%d}", spoken_moment(due.opens_at), says)
    out.print(steps)
    if not played.scenes:
        upcoming = f"下一個步驟：{spoken_date(played.next.day)}{played.next.step.label}。" if played.next else ""
        out.print(f"\n{spoken_date(played.day)}沒有提醒或稽催要寄。{upcoming}")
    for scene in played.scenes:
        _print_scene(out, scene, most)


def _print_scene(out: Console, scene: Scene, most: int | None) -> None:
    due = scene.fall.due
    out.print(f"\n{due.period.spoken}{due.step.label}，{spoken_moment(scene.at)}：{due.step.does}")
    counts = Counter(each.audience.label for each in scene.reached)
    total = "、".join(f"{label} {number:,}" for label, number in counts.items()) or "沒有人"
    out.print(f"寄給：{total}；沒有帳號可寄：{len(scene.unreached):,}")
    table = Table("對象", "收件人", "信箱", "原因", box=None)
    for each in scene.messages[:most]:
        person = each.person
        table.add_row(
            escape(each.place), *((escape(person.name), person.email) if person else ("（沒有帳號）", "")), each.why
        )
    out.print(table)
    if most and len(scene.messages) > most:
        out.print(f"……另有 {len(scene.messages) - most:,} 封，加上 --all 全部列出。")


def _as_data(played: Rehearsal) -> Mapping[str, Any]:
    return {
        "day": _iso(played.day),
        "month": [
            {
                "step": fall.due.step,
                "period": str(fall.due.period),
                "regular": _iso(fall.due.regular),
                "at": _iso(fall.due.opens_at),
                "shift": fall.due.shift,
                "done_at": _iso(fall.done_at),
            }
            for fall in played.month
        ],
        "scenes": [
            {
                "step": scene.fall.due.step,
                "period": str(scene.fall.due.period),
                "at": _iso(scene.at),
                "messages": [_message(each) for each in scene.messages],
            }
            for scene in played.scenes
        ],
    }


def _message(each: Planned) -> Mapping[str, Any]:
    return {
        "key": each.key,
        "audience": each.audience,
        "place": each.place,
        "code": each.unit.code if each.unit else None,
        "level": each.unit.level if each.unit else None,
        "name": each.person.name if each.person else None,
        "to": each.person.email if each.person else None,
        "text": each.template,
        "why": each.why,
        "lists": [listing.title for listing in each.listings],
    }


def _iso(when: date | datetime | None) -> str | None:
    return when.isoformat() if when else None
