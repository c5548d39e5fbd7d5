"""Passwords: the manual's four rules, a check for common ones, and argon2id.

The manual: "請符合4項原則設置：大寫英文、小寫英文、數字，密碼長至少達8碼".
"""

import re
from collections.abc import Sequence
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from attrs import frozen

from tianbao.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 8
LONGEST = 128
_LONGEST_GUESSED = 24
"""zxcvbn is shown no more: what begins so well is not common, and its time grows with the length's square."""
_ALIKE = str.maketrans("{[<|", "(((!")
"""Signs that stand for the same letter. zxcvbn tries each with all others: a made-up password took it 12 seconds."""
_GUESSABLE = 1
"""zxcvbn's scores: 0 too guessable, 1 very guessable, 2 somewhat guessable."""


@frozen
class PasswordRule:
    """One of the four rules, as the page shows them being met.

    Attributes:
        code: stable, for the page's script.
        says: the rule in 繁體中文.
        pattern: a regular expression, good in Python and in the browser, that is found in a password that meets it.
    """

    code: str
    says: str
    pattern: str

    def met(self, password: str) -> bool:
        return re.search(self.pattern, password) is not None


RULES: Sequence[PasswordRule] = (
    PasswordRule("upper", "至少一個大寫英文字母", "[A-Z]"),
    PasswordRule("lower", "至少一個小寫英文字母", "[a-z]"),
    PasswordRule("digit", "至少一個數字", "[0-9]"),
    PasswordRule("length", f"長度至少 {SHORTEST} 碼", f"^[\\s\\S]{{{SHORTEST},}}$"),
)


def demand_good(password: str, *about: str) -> None:
    """Refuse a password that breaks a rule, is common, or is made of what everybody knows of the person.

    Args:
        password: as typed; nothing is trimmed.
        about: the login, the name, the e-mail address of the person.

    Raises:
        Refusal: it breaks a rule (``password-rules``), is too long (``password-long``) or easily guessed
            (``password-common``).
    """
    broken = [rule.says for rule in RULES if not rule.met(password)]
    if broken:
        raise Refusal("password-rules", f"密碼還不符合：{'、'.join(broken)}。", "請補足後再送出。")
    if len(password) > LONGEST:
        raise Refusal("password-long", f"密碼有 {len(password)} 個字，超過上限。", f"請縮短到 {LONGEST} 個字以內。")
    if _common(password, about):
        raise Refusal(
            "password-common",
            "這個密碼太常見或太容易猜到，例如常用密碼、連續的鍵、帳號或姓名。",
            "請換一個，最好由幾個不相干的詞組成，例如再加上兩三個字。",
        )


def _common(password: str, about: Sequence[str]) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- its word lists take a tenth of a second to load

    words = [part for text in about for part in re.findall(r"[^\W\d_]+|\d+", text)]
    shown = password[:_LONGEST_GUESSED].translate(_ALIKE)
    score: int = zxcvbn(shown, user_inputs=[*about, *words, "tianbao", "counselling"])["score"]
    return score <= _GUESSABLE


class Hasher:
    """argon2id, so many hashes at once and no more: each takes 64 MiB, and a flood of sign-ins must not take them all.

    Args:
        at_once: how many hashes may be computed at the same time.
        patience: for how many seconds one waits for its turn.
        argon2: the hasher; the library's defaults (RFC 9106, low memory) unless told otherwise.
    """

    def __init__(self, at_once: int = 2, patience: float = 10.0, argon2: PasswordHasher | None = None) -> None:
        self._argon2 = argon2 or PasswordHasher()
        self._turns = BoundedSemaphore(at_once)
        self._patience = patience

    def hash(self, password: str) -> str:
        with self._turn():
            return self._argon2.hash(password)

    def verify(self, known: str | None, password: str) -> bool:
        """Whether the password is the one of the hash. Without one, it takes as long and is false."""
        with self._turn():
            try:
                self._argon2.verify(known or self._nobody, password[: LONGEST + 1])
            except (VerificationError, InvalidHashError):
                return False
        return known is not None

    def outdated(self, known: str) -> bool:
        """Whether it was made with parameters that are no longer the current ones."""
        return self._argon2.check_needs_rehash(known)

    @cached_property
    def _nobody(self) -> str:
        return self._argon2.hash("nobody has this password")

    @contextmanager
    def _turn(self) -> "Iterator[None]":
        if not self._turns.acquire(timeout=self._patience):
            raise Refusal("busy", "目前登入的人太多，系統忙碌中。", "請過一會兒再試。")
        try:
            yield
        finally:
            self._turns.release()
