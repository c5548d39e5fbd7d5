"""A real mail server on a port of its own, that does to each recipient what the address says."""

import asyncio
import email
import email.policy
import shutil
import ssl
import subprocess
import threading

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from attrs import define, field, frozen

from tianbao_notify_email.channel import EmailChannel
from tianbao_notify_email.settings import EmailSettings


@frozen
class Taken:
    """A message the server took: the envelope, the mail, and the number of the connection it came over."""

    sender: str
    recipient: str
    mail: object
    line: int


@define
class Server:
    """What the test knows of the server, and what it tells it to do."""

    port: int = 0
    taken: list = field(factory=list)
    lines: int = 0
    """How many connections there have been."""
    cut_once: set = field(factory=set)
    """Moments (``MAIL``, ``RCPT``, ``DATA``, ``TAKEN``, ``421``) at which the line is cut the next time."""
    mail_answer: str = ""
    """What is said to MAIL FROM, where it is not yes."""

    def arrived(self):
        return [taken.recipient for taken in self.taken]


# ruff: noqa: ARG002, N802 -- the names and arguments are aiosmtpd's
class Behaviour:
    """Hooks of aiosmtpd; ``no@``, ``later@``, ``stall@`` … get what they ask for."""

    def __init__(self, server):
        self._server = server

    def _cut(self, moment, smtp):
        if moment in self._server.cut_once:
            self._server.cut_once.remove(moment)
            smtp.transport.abort()
            return True
        return False

    async def handle_EHLO(self, smtp, session, envelope, hostname, responses):
        self._server.lines += 1
        session.host_name = hostname
        session.number = self._server.lines
        return responses

    async def handle_MAIL(self, smtp, session, envelope, address, options):
        if self._cut("MAIL", smtp):
            return "250 nobody reads this"
        if "421" in self._server.cut_once:
            self._server.cut_once.remove("421")
            return "421 4.3.2 too many messages on this line"
        if self._server.mail_answer:
            return self._server.mail_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, smtp, session, envelope, address, options):
        self._cut("RCPT", smtp)
        answer = {"no": "550 5.1.1 no such mailbox 查無此人", "later": "451 4.7.1 greylisted"}.get(
            address.partition("@")[0]
        )
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp, session, envelope):
        name = envelope.rcpt_tos[0].partition("@")[0]
        if self._cut("DATA", smtp):
            return "250 nobody reads this"
        if name == "stall":
            await asyncio.Event().wait()
        if name == "spam":
            return "554 5.7.1 looks like spam"
        if name == "full":
            return "452 4.2.2 mailbox full"
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        self._server.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos[0], mail, session.number))
        self._cut("TAKEN", smtp)
        return "250 taken"


class Running:
    """An asyncio loop in a thread, with SMTP servers in it."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._listening = []
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def serve(self, tls=None, **options):
        server = Server()
        options = {"enable_SMTPUTF8": True, "hostname": "mail.example.edu.tw", **options}

        async def listen():
            def made():
                return SMTP(Behaviour(server), loop=self._loop, **options)

            return await self._loop.create_server(made, "127.0.0.1", 0, ssl=tls)

        listening = self._do(listen())
        self._listening.append(listening)
        server.port = listening.sockets[0].getsockname()[1]
        return server

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def stop(self):
        async def end():
            for listening in self._listening:
                listening.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def running():
    running = Running()
    yield running
    running.stop()


@pytest.fixture
def server(running):
    return running.serve()


@pytest.fixture
def settings(server):
    return EmailSettings(
        host="127.0.0.1", port=server.port, security="none", sender="tianbao@example.edu.tw", timeout=5
    )


@pytest.fixture
def channel(settings):
    return EmailChannel(settings)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate of the house for 127.0.0.1, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("NOT TESTED WITH TLS, since there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    wanted = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *wanted]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def sign_in():
    """An authenticator that knows one user."""

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"tianbao", b"secret"), handled=False)

    return check
