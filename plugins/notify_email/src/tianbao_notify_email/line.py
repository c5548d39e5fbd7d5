"""A line to the mail server: opened once, used for many messages, and what its answers mean."""

import smtplib
import ssl
from contextlib import suppress

from tianbao_notify_email.mime import Envelope
from tianbao_notify_email.settings import EmailSettings

_CLOSING = 421
_WAIT = range(400, 500)
_TAKEN = range(200, 300)
_OUR_FAULT = frozenset({530, 534, 535, 538})
"""Answers about our signing in, not about the message."""
_TOO_LARGE = 552
_GO_ON = 354


class NotSent(Exception):  # noqa: N818 -- the outcomes of sending
    """The message was not taken; ``str`` of it is why, in the server's words where it had any."""


class NoLine(NotSent):
    """No line could be opened: it is about the server or our settings, not about the message."""


class Cut(NotSent):
    """The line was cut, or nothing came over it in time.

    Attributes:
        perhaps_taken: whether the message had been under way, so that it may have been taken all the same.
    """

    def __init__(self, words: str, *, perhaps_taken: bool) -> None:
        super().__init__(words)
        self.perhaps_taken = perhaps_taken


class Later(NotSent):
    """The server does not take it now (4xx)."""


class Never(NotSent):
    """The server will not take it (5xx)."""


class Line:
    """A line to the mail server.

    It says the three commands of a message itself, since an `Envelope` is sound by its making: `smtplib` would take
    apart each address, and look at each line, for nearly half the time that it needs in all.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    @property
    def is_open(self) -> bool:
        return self._smtp is not None

    def open(self) -> smtplib.SMTP:
        """Have the line open: greeted, safe as the settings want it, signed in.

        Raises:
            NoLine: it cannot be.
        """
        self._smtp = self._smtp or self._opened()
        return self._smtp

    def send(self, envelope: Envelope) -> None:
        """Send one message, opening the line where it is not.

        Raises:
            NotSent: it was not taken, or it is not known to be.
        """
        smtp = self.open()
        under_way = False
        try:
            self._say(*smtp.docmd("mail", f"FROM:<{envelope.sender}>{_options(smtp, envelope)}"), to_us=True)
            self._say(*smtp.docmd("rcpt", f"TO:<{envelope.recipient}>"))
            under_way = True
            self._say(*_data(smtp, envelope.content))
        except smtplib.SMTPDataError as error:
            self._say(error.smtp_code, error.smtp_error)
            raise Later(_words(error)) from error  # a yes where the standard has none
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise Cut(f"連線中斷：{_words(error)}", perhaps_taken=under_way) from error

    def _say(self, code: int, answer: bytes | str, *, to_us: bool = False) -> None:
        """Turn an answer of the server into what it means for the message."""
        if code in _TAKEN:
            return
        words = f"{code} {_plain(answer)}".strip()
        if code == _CLOSING:
            self.drop()
            raise Cut(words, perhaps_taken=False)
        self._forget()
        if code in _WAIT or code in _OUR_FAULT or (to_us and code != _TOO_LARGE):
            raise Later(words)
        raise Never(words)

    def _forget(self) -> None:
        """Begin anew after a refusal; where the line is cut by now, the next message opens another."""
        try:
            if self._smtp:
                self._smtp.docmd("RSET")
        except (smtplib.SMTPException, OSError):
            self.drop()

    def _opened(self) -> smtplib.SMTP:
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connected()
            if self._settings.security == "starttls":
                smtp.starttls(context=self._trust())
            if self._settings.user:
                smtp.login(self._settings.user, self._settings.password)
            smtp.ehlo_or_helo_if_needed()
            smtp.command_encoding = "utf-8"  # for addresses beyond ASCII; else it is the same
        except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a password beyond ASCII
            if smtp:
                smtp.close()
            where = f"{self._settings.host}:{self._settings.server_port}"
            raise NoLine(f"連不上郵件伺服器 {where}：{_words(error)}") from error
        return smtp

    def _connected(self) -> smtplib.SMTP:
        # The name in EHLO is given: asking for this machine's own would wait for a name server.
        where = (self._settings.host, self._settings.server_port, self._settings.domain)
        if self._settings.security == "tls":
            return smtplib.SMTP_SSL(*where, timeout=self._settings.timeout, context=self._trust())
        return smtplib.SMTP(*where, timeout=self._settings.timeout)

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._settings.ca_file:
            context.load_verify_locations(self._settings.ca_file)
        return context

    def close(self) -> None:
        """Say goodbye and hang up; does nothing where no line is open."""
        if self._smtp:
            with suppress(smtplib.SMTPException, OSError):
                if self._smtp.sock:
                    self._smtp.sock.settimeout(1)  # a goodbye is not worth waiting for
                self._smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        smtp, self._smtp = self._smtp, None
        if smtp:
            smtp.close()


def _options(smtp: smtplib.SMTP, envelope: Envelope) -> str:
    options = f" size={len(envelope.content)}" if smtp.has_extn("size") else ""
    if not envelope.international:
        return options
    if not smtp.has_extn("smtputf8"):
        raise Never("郵件伺服器不接受含有非英文字元的信箱（SMTPUTF8）")
    return f"{options} SMTPUTF8 BODY=8BITMIME"


def _data(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    """Send the content, a period at the beginning of a line doubled (RFC 5321, 4.5.2)."""
    code, answer = smtp.docmd("data")
    if code != _GO_ON:
        raise smtplib.SMTPDataError(code, answer)
    smtp.send(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return smtp.getreply()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    if isinstance(error, UnicodeError):  # its own words would show where in the password
        return "登入郵件伺服器的帳號或密碼含有英文、數字、符號以外的字元"
    return _plain(str(error)) or type(error).__name__


def _plain(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]
