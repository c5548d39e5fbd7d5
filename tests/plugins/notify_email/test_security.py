"""TLS, sign-in, and settings that do not fit together."""

import pytest
from attrs import evolve

from tianbao.channels import Failed, Message, Sent
from tianbao.errors import TianbaoError
from tianbao.plugins import PluginInfo, Plugins
from tianbao.settings import Settings
from tianbao_notify_email.channel import EmailChannel
from tianbao_notify_email.settings import EmailSettings

MESSAGE = Message("id", "a@b.tw", "主旨", "內容")


@pytest.fixture
def guarded(running, settings, certificate, tls, sign_in):
    """The settings of a server that wants STARTTLS and a sign-in."""
    server = running.serve(tls_context=tls, require_starttls=True, authenticator=sign_in, auth_required=True)
    trusted = evolve(settings, port=server.port, security="starttls", ca_file=str(certificate[0]))
    return evolve(trusted, user="tianbao", password="secret")


def test_starttls_and_sign_in(guarded):
    channel = EmailChannel(guarded)
    assert list(channel.deliver([MESSAGE])) == [Sent(MESSAGE)]


def test_tls_from_the_start(running, settings, certificate, tls):
    server = running.serve(tls)
    channel = EmailChannel(evolve(settings, port=server.port, security="tls", ca_file=str(certificate[0])))
    assert list(channel.deliver([MESSAGE])) == [Sent(MESSAGE)]


def test_a_certificate_nobody_vouches_for_is_not_trusted(running, settings, tls):
    server = running.serve(tls)
    (answer,) = EmailChannel(evolve(settings, port=server.port, security="tls")).deliver([MESSAGE])
    assert isinstance(answer, Failed)
    assert "CERTIFICATE_VERIFY_FAILED" in answer.words
    assert not server.taken


def test_a_server_without_starttls_gets_nothing(settings, server):
    (answer,) = EmailChannel(evolve(settings, security="starttls")).deliver([MESSAGE])
    assert isinstance(answer, Failed)
    assert "STARTTLS" in answer.words
    assert not server.taken


@pytest.mark.parametrize(("password", "words"), [("wrong", "535 5.7.8"), ("祕密咒語", "英文")])
def test_a_wrong_password_is_failed_not_refused_and_not_repeated_in_the_answer(guarded, password, words):
    wrong = evolve(guarded, password=password)
    (answer,) = EmailChannel(wrong).deliver([MESSAGE])
    assert isinstance(answer, Failed)
    assert words in answer.words
    assert password not in answer.words


def plugins_with(monkeypatch, **environment):
    import tianbao_notify_email

    for name, value in environment.items():
        monkeypatch.setenv(f"TIANBAO_NOTIFY_EMAIL_{name.upper()}", value)
    return Plugins([(PluginInfo("notify_email", "1", "test"), tianbao_notify_email)])


def test_without_a_host_there_is_no_channel(monkeypatch):
    assert plugins_with(monkeypatch).channels(Settings()) == {}


def test_the_settings_name_the_server(monkeypatch):
    plugins = plugins_with(monkeypatch, host="mail.example.edu.tw", sender="tianbao@example.edu.tw")
    assert list(plugins.channels(Settings())) == ["email"]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "sender"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "a@b.tw", "reply_to": "x"}, "reply_to"),
        ({"sender": "a@b.tw", "user": "u", "password": "p", "security": "none"}, "in clear"),
    ],
)
def test_settings_that_do_not_fit_together_break_the_plugin_and_say_so(monkeypatch, environment, words):
    plugins = plugins_with(monkeypatch, host="mail.example.edu.tw", **environment)
    assert plugins.channels(Settings()) == {}
    assert words in plugins.infos[0].error


def test_a_misspelt_security_is_an_error(monkeypatch):
    monkeypatch.setenv("TIANBAO_NOTIFY_EMAIL_SECURITY", "ssl")
    with pytest.raises(TianbaoError, match="TIANBAO_NOTIFY_EMAIL"):
        Settings().section("notify_email", EmailSettings)


def test_the_password_does_not_show():
    assert "hunter2" not in repr(EmailSettings(password="hunter2"))


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_usual_ports(security, port):
    assert EmailSettings(security=security).server_port == port
