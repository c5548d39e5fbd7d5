"""What people type into forms: all that is wrong is said at once, each beside its field."""

import re
from collections.abc import Callable, Mapping

from attrs import frozen

from tianbao.cells import text_of
from tianbao.errors import Refusal


class FormRefusal(Refusal):
    """One or more fields of a form are wrong; nothing was stored.

    Attributes:
        problems: by field, what is wrong with it.
    """

    def __init__(self, problems: Mapping[str, Refusal]) -> None:
        count = len(problems)
        super().__init__("form", f"有 {count} 個欄位需要修正。", "請依各欄位旁的說明修改後再送出。")
        self.problems = problems


def look_over(**checks: Callable[[], object]) -> None:
    """Ask every field's check, then refuse all that is wrong together.

    Args:
        checks: by field, what raises a `Refusal` where the field is wrong.

    Raises:
        FormRefusal: at least one field is wrong.
    """
    problems: dict[str, Refusal] = {}
    for name, check in checks.items():
        try:
            check()
        except Refusal as refusal:
            problems[name] = refusal
    if problems:
        raise FormRefusal(problems)


_LONGEST = 30
_PHONE = re.compile(r"\(?0\d{1,3}\)?[ -]?\d{3,4}[ -]?\d{3,4}")
_EXTENSION = re.compile(r"\d{0,6}")
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_LONGEST_EMAIL = 254


@frozen
class Details:
    """相關公務資訊: of the person who files, and how to reach them at work.

    Attributes:
        name: of the person.
        title: of the post (職稱).
        phone: of the office, with its area code.
        extension: behind it; may be empty.
    """

    name: str
    title: str
    phone: str
    extension: str = ""

    @classmethod
    def typed(cls, name: str, title: str, phone: str, extension: str = "") -> "Details":
        """Take what was typed: full width as half width, blanks around trimmed."""
        return cls(*map(text_of, (name, title, phone, extension)))

    def checks(self) -> dict[str, Callable[[], object]]:
        """By field, for `look_over`."""
        return {
            "name": lambda: _demand_text(self.name, "姓名"),
            "title": lambda: _demand_text(self.title, "職稱"),
            "phone": self._demand_phone,
            "extension": self._demand_extension,
        }

    def _demand_phone(self) -> None:
        if not _PHONE.fullmatch(self.phone):
            raise Refusal("phone", "公務電話沒有填，或不完整。", "請填區碼與號碼，例如 04-7222121；分機請填在分機欄。")

    def _demand_extension(self) -> None:
        if not _EXTENSION.fullmatch(self.extension):
            raise Refusal("extension", "分機只能是數字，最多 6 碼。", "請只填數字；沒有分機請留空白。")


def _demand_text(text: str, what: str) -> None:
    if not text:
        raise Refusal("required", f"{what}沒有填。", f"請填{what}。")
    if len(text) > _LONGEST or not text.isprintable():
        raise Refusal("too-long", f"{what}太長，或含有無法顯示的字元。", f"請縮短到 {_LONGEST} 個字以內。")


_LONGEST_WORDS = 300


def typed_words(text: str) -> str:
    """A reason as it is kept: on one line, nothing around it; its full-width punctuation stays."""
    return " ".join(text.split())


def demand_words(text: str, what: str) -> None:
    """Refuse a reason that is not given, or is a story.

    Raises:
        Refusal: ``required`` or ``too-long``.
    """
    if not text:
        raise Refusal("required", f"{what}沒有填。", f"請填{what}。")
    if len(text) > _LONGEST_WORDS or not text.isprintable():
        raise Refusal("too-long", f"{what}太長，或含有無法顯示的字元。", f"請縮短到 {_LONGEST_WORDS} 個字以內。")


def typed_email(text: str) -> str:
    """An e-mail address as it is kept: half width, lower case, nothing around it."""
    return text_of(text).lower()


def demand_email(email: str) -> None:
    """Refuse what is no e-mail address.

    Raises:
        Refusal: it is none (``email``).
    """
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise Refusal("email", "公務信箱沒有填，或格式不正確。", "請填完整的公務信箱，例如 name@school.edu.tw。")
