"""Putting a file beside a template, taking it back, and handing it out."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account
from tianbao.accounts.forms import look_over
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.cells import text_of
from tianbao.errors import Refusal
from tianbao.handouts.formats import format_of
from tianbao.handouts.handout import Handout, Kind

if TYPE_CHECKING:
    from tianbao.bootstrap import App

_LONGEST_TITLE = 80
_LONGEST_NAME = 80


def every(app: "App", account: Account) -> Sequence[Handout]:
    """All files there ever were, by template, the latest first.

    Raises:
        Refusal: the account may not announce (``not-allowed``).
    """
    demand(account, Action.ANNOUNCE)
    with app.store.read() as work:
        return work.handouts.all()


def of_template(app: "App", key: str) -> Sequence[Handout]:
    """What is handed out beside a template: presentations first, the latest first."""
    with app.store.read() as work:
        found = work.handouts.of_template(key)
    return sorted(found, key=lambda each: each.kind is not Kind.PRESENTATION)


def content_of(app: "App", key: str, handout_id: int) -> tuple[Handout, bytes] | None:
    """A file that is handed out beside a template; ``None`` where there is none, or it was taken back."""
    with app.store.read() as work:
        found = work.handouts.get(handout_id)
        if found is None or found.template_key != key or found.withdrawn_at:
            return None
        return found, work.handouts.content(handout_id)


def add(app: "App", account: Account, fields: Mapping[str, str], file_name: str, data: bytes | None) -> Handout:
    """Put a file beside a template.

    Args:
        app: the application.
        account: who does it.
        fields: ``template``, ``kind`` and ``title``, as typed; without a title, the kind is its title.
        file_name: as it was called on the person's computer; its suffix is replaced by the one of its content.
        data: the file; ``None`` where none was chosen.

    Raises:
        Refusal: the account may not.
        FormRefusal: a field or the file is wrong, see `tianbao.handouts.format_of`.
    """
    demand(account, Action.ANNOUNCE)
    key, title = fields.get("template", ""), text_of(fields.get("title", ""))
    look_over(
        template=lambda: _demand_template(app, key),
        kind=lambda: _demand_kind(fields.get("kind", "")),
        title=lambda: _demand_title(title),
        file=lambda: _demand_file(app, data),
    )
    content, kind = data or b"", Kind(fields["kind"])
    found = format_of(content)
    made = Handout(
        0,
        key,
        kind,
        title or kind.label,
        f"{_clean(file_name)}{found.suffix}",
        found.media_type,
        len(content),
        hashlib.sha256(content).hexdigest(),
        app.clock.now(),
        account.name,
    )
    with app.store.work() as work:
        made = evolve(made, id=work.handouts.add(made, content))
        detail = {"template": key, "title": made.title, "file": made.hash, "size": made.size}
        work.audit.append(made.added_at, account.id, Act.HANDOUT_ADDED, made.subject, detail)
    return made


def withdraw(app: "App", account: Account, key: str, handout_id: int) -> None:
    """Take a file back: nobody can download it any more.

    Raises:
        Refusal: the account may not, the template has none, or it was taken back before (``handout-gone``).
    """
    demand(account, Action.ANNOUNCE)
    with app.store.work() as work:
        found = work.handouts.get(handout_id)
        if found is None or found.template_key != key or found.withdrawn_at:
            raise Refusal("handout-gone", "這個檔案已經撤下，或不存在。", "請回到公告與說明檔的列表。")
        work.handouts.withdraw(handout_id, app.clock.now())
        work.audit.append(app.clock.now(), account.id, Act.HANDOUT_WITHDRAWN, found.subject, {"title": found.title})


def _demand_template(app: "App", key: str) -> None:
    if key not in app.plugins.templates:
        raise Refusal("template", "表格版本沒有選。", "請選擇這個檔案說明的表格。")


def _demand_kind(kind: str) -> None:
    if kind not in set(Kind):
        raise Refusal("kind", "檔案的種類沒有選。", "請選擇說明簡報或其他文件。")


def _demand_title(title: str) -> None:
    if len(title) > _LONGEST_TITLE or not title.isprintable():
        raise Refusal("title", "名稱太長，或含有無法顯示的字元。", f"請縮短到 {_LONGEST_TITLE} 個字以內。")


def _demand_file(app: "App", data: bytes | None) -> None:
    most = app.settings.handout_bytes
    if data is None:
        raise Refusal("required", "還沒有選擇檔案。", "請選擇要上傳的檔案。")
    if len(data) > most:
        raise Refusal("too-large", f"檔案超過上限 {most / 2**20:.0f} MB。", "請壓縮圖片或拆成幾個檔案後再上傳。")
    format_of(data)


def _clean(file_name: str) -> str:
    """The name without folders, suffix, and signs that mean something to a file system or are not seen."""
    name = re.split(r"[\\/]", file_name)[-1]
    stem = name.rpartition(".")[0] or name
    seen = "".join(sign for sign in stem if not unicodedata.category(sign).startswith("C"))
    return re.sub(r'[:*?"<>|]', "_", " ".join(seen.split())).strip(" ._")[:_LONGEST_NAME] or "說明檔"
