"""What 當期填報 and 逾期補填 have in common: one page with both ways, the result at its foot, clean means filed.

An amendment alone is shown before it is filed, since it takes the place of what is in force.
"""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from litestar import Response
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import filings
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.filings import Outcome
from tianbao.filings.previews import Preview, preview_nil, preview_workbook
from tianbao.periods import Period
from tianbao_web_litestar.desks import ADDRESSES, Desk, desk_of
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.receiving import Received
from tianbao_web_litestar.recent import Recent, Upload
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.results import result_of
from tianbao_web_litestar.visits import Visit

NIL = "nil"
"""Stands for the key of an upload where there is none."""
_NOTHING: Mapping[str, Any] = {
    "nil": False,
    "result": None,
    "refusal": None,
    "fault": "",
    "marked": "",
    "file_name": "",
    "hints": (),
    "repeated": False,
}


def month_of(text: str) -> Period:
    """The month in an address.

    Raises:
        Refusal: it is none.
    """
    try:
        return Period.parse(text)
    except ValueError as error:
        raise not_found() from error


@frozen
class Counter:
    """Where one officer hands in one month: takes the form, gives the page."""

    request: Visit
    core: App
    pages: Pages
    recent: Recent
    period: Period | None = None
    """``None`` for the current one."""

    def desk(self) -> Desk:
        return desk_of(self.core, self.request.user, self.period)

    def page(self, status: int = HTTP_200_OK, **facts: object) -> Response[Any]:
        """The page of the month as it stands now."""
        desk, limit = self.desk(), self.core.settings.limits.bytes
        refusal = facts.get("refusal")
        if isinstance(refusal, Refusal) and refusal.code == desk.door.code:
            facts["refusal"] = None  # the closed door says the same, and where to go
        about = {"desk": desk, "limit": limit, "leads_to": ADDRESSES, **_NOTHING, **facts}
        return self.pages.show(self.request, "month.html", status, **about)

    def file_nil(self, form: Mapping[str, str]) -> Response[Any]:
        """File that there was nothing, if that was confirmed."""
        if form.get("sure") != "yes":
            fault = "請先勾選確認，再按完成填報。"
            return self.page(HTTP_422_UNPROCESSABLE_ENTITY, nil=True, fault=fault)
        desk = self.desk()
        period = _same_month(form.get("period", ""), desk)
        if desk.amending and not (desk.filing and desk.filing.nil):
            return self._preview(desk, NIL, preview_nil(self.core, self.request.user, desk.unit, period))
        filings.file_nil(self.core, self.request.user, desk.unit, period)
        return self._done(desk)

    def file_workbook(self, form: Received) -> Response[Any]:
        """Check the workbook and, where it is clean, file it; an amendment is shown first."""
        if form.data is None:
            fault = "還沒有選擇檔案。請先選擇填好的 Excel 檔，再按「上傳並檢核」。"
            return self.page(HTTP_422_UNPROCESSABLE_ENTITY, fault=fault)
        desk = self.desk()
        who = self.request.user
        upload = Upload(who.id, desk.unit, desk.period, form.file_name, form.data, self.core.clock.now())
        try:
            period = _same_month(form.fields.get("period", ""), desk)
            if desk.amending:
                return self._previewed(desk, upload)
            outcome = filings.file_workbook(self.core, who, desk.unit, period, form.data, form.file_name)
        except Refusal as refusal:
            return self._refused(refusal, upload)
        return self._filed(desk, outcome) if outcome.filing else self._found(upload, outcome)

    def confirm(self, form: Mapping[str, str]) -> Response[Any]:
        """File the amendment that was shown."""
        desk, key, who = self.desk(), form.get("key", ""), self.request.user
        if key == NIL:
            filings.file_nil(self.core, who, desk.unit, desk.period)
            return self._done(desk)
        upload = self.recent.find(key, who.id, self.core.clock.now())
        if upload is None or upload.period != desk.period:
            raise Refusal("preview-gone", "預覽的檔案只保留 30 分鐘，這一份已經不在了。", "請再上傳一次修正後的檔案。")
        outcome = filings.file_workbook(self.core, who, desk.unit, desk.period, upload.data, upload.file_name)
        return self._filed(desk, outcome) if outcome.filing else self._found(upload, outcome)

    def _previewed(self, desk: Desk, upload: Upload) -> Response[Any]:
        preview = preview_workbook(self.core, self.request.user, desk.unit, desk.period, upload.data)
        if preview.accepted:
            return self._preview(desk, self.recent.keep(upload), preview, upload.file_name)
        return self._found(upload, preview)

    def _preview(self, desk: Desk, key: str, preview: Preview, file_name: str = "") -> Response[Any]:
        hints = result_of(preview.verdict).hints if preview.verdict else ()
        about = {"desk": desk, "key": key, "preview": preview, "file_name": file_name, "hints": hints}
        return self.pages.show(self.request, "amendment_preview.html", **about)

    def _refused(self, refusal: Refusal, upload: Upload) -> Response[Any]:
        """A workbook of another template is kept, so that its rows can be carried over."""
        kept = self.recent.keep(upload) if refusal.code == "wrong-template" else ""
        return self.page(status_of(refusal), refusal=refusal, file_name=upload.file_name, marked=kept)

    def _found(self, upload: Upload, outcome: Outcome | Preview) -> Response[Any]:
        result = result_of(outcome.verdict) if outcome.verdict else None
        facts = {"marked": self.recent.keep(upload), "file_name": upload.file_name, "result": result}
        return self.page(HTTP_422_UNPROCESSABLE_ENTITY, **facts)

    def _filed(self, desk: Desk, outcome: Outcome) -> Response[Any]:
        """Where there is something to add, the page itself; else a redirect, so that going back sends nothing twice.

        Sending the page's form again is harmless all the same: the same file is the same filing.
        """
        self.recent.forget(self.request.user.id)
        hints = result_of(outcome.verdict).hints if outcome.verdict else ()
        if hints or outcome.repeated:
            return self.page(hints=hints, repeated=outcome.repeated)
        return self._done(desk)

    def _done(self, desk: Desk) -> Response[Any]:
        return Redirect(desk.address, status_code=HTTP_303_SEE_OTHER)


def _same_month(text: str, desk: Desk) -> Period:
    """The month the form was opened for: one opened at 23:59 on the 10th must not file another month at midnight.

    Raises:
        Refusal: it is not the month of the page it came to.
    """
    if text != str(desk.period):
        says = f"現在是{desk.period.spoken}的填報期間" if desk.is_current else f"這裡填報的是{desk.period.spoken}"
        raise Refusal(
            "period-changed",
            f"這個頁面是其他月份的填報，{says}。",
            f"請重新開啟「{desk.title}」，確認月份後再填報。",
        )
    return desk.period
