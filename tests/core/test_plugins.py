"""Loading: broken plugins are reported and the rest goes on; conflicts name both."""

import pytest

from tianbao.errors import PluginError, Refusal
from tianbao.plugins import PluginInfo, Plugins, hookimpl, load
from tianbao.templates import Rule
from tianbao.workbooks import Limits, Workbook, Worksheet
from tianbao_templates_113 import TEMPLATE


def plugin(**hooks):
    return type("Plugin", (), {name: staticmethod(hookimpl(function)) for name, function in hooks.items()})()


def plugins(**named):
    return Plugins([(PluginInfo(name, "1.0", "test"), thing) for name, thing in named.items()])


def templates():
    return [TEMPLATE]


def test_our_own_plugins_are_found_with_their_hooks():
    infos = {info.name: info for info in load().infos}
    assert {"templates_111", "templates_113", "export_excel", "notify_email", "web_litestar"} <= infos.keys()
    assert infos["templates_113"].hooks == ["tianbao_templates"]
    assert not [info.error for info in infos.values() if info.error]


def test_a_plugin_whose_hook_fails_is_reported_and_the_rest_goes_on():
    def broken():
        raise RuntimeError("no such form")

    both = plugins(bad=plugin(tianbao_templates=broken), good=plugin(tianbao_templates=templates))
    assert list(both.templates) == ["113"]
    assert {info.name: info.error for info in both.infos} == {"bad": "RuntimeError: no such form", "good": ""}


def test_a_misspelt_hook_is_reported():
    both = plugins(bad=plugin(tianbao_tempaltes=templates), good=plugin(tianbao_templates=templates))
    assert list(both.templates) == ["113"]
    (bad,) = [info for info in both.infos if info.error]
    assert "tianbao_tempaltes" in bad.error


def test_an_argument_no_hook_has_is_reported():
    (info,) = plugins(bad=plugin(tianbao_templates=lambda nonsense: [])).infos
    assert "nonsense" in info.error


def test_two_plugins_claiming_the_same_template_are_both_named():
    both = plugins(first=plugin(tianbao_templates=templates), second=plugin(tianbao_templates=templates))
    with pytest.raises(PluginError, match=r"(?s)first.*second.*'113'"):
        _ = both.templates


def test_two_plugins_of_the_same_name_are_reported():
    found = [(PluginInfo("same", "1", "here"), plugin()), (PluginInfo("same", "2", "there"), plugin())]
    reported = [info for info in Plugins(found).infos if info.error]
    assert len(reported) == 1
    assert "same" in reported[0].error


def test_rules_of_a_pack_join_the_templates_they_are_for():
    extra = Rule("extra", "x", ("sessions",), lambda sessions: sessions < 9, kind="case")
    pack = plugin(tianbao_rules=lambda template: [extra] if template.key == "113" else [])
    packed = plugins(forms=plugin(tianbao_templates=templates), pack=pack).templates["113"]
    assert extra in packed.rules_of(packed.sheet("case"))
    assert extra not in packed.rules_of(packed.sheet("service"))


def test_the_first_reader_that_knows_the_format_reads():
    book = Workbook([Worksheet("a", [["x"]])])
    both = plugins(
        a=plugin(tianbao_read_workbook=lambda data, limits: None),
        b=plugin(tianbao_read_workbook=lambda data: book if data == b"x" else None),
    )
    assert both.read_workbook(b"x", Limits()) is book


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"%PDF-1.7", "pdf"),
        (b"\xef\xbb\xbf<html><table>", "html"),
        (b"PK\x03\x04....", "zip"),
        ("學生代號,年級\nS1,7".encode(), "csv"),
        ("學生代號\t年級\nS1\t7".encode("cp950"), "csv"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-a-spreadsheet"),
        (b"x" * 2000, "too-large"),
    ],
)
def test_what_no_reader_knows_is_called_by_its_name(data, code):
    with pytest.raises(Refusal) as refused:
        plugins().read_workbook(data, Limits(bytes=1000))
    assert refused.value.code == code


def test_a_missing_writer_says_what_to_do():
    with pytest.raises(PluginError, match=r"\.docx.*tianbao plugins"):
        plugins().writer(".docx")


def test_an_event_reaches_everyone_even_when_one_raises(caplog):
    heard = []

    def hear(filing):
        heard.append(filing)

    def deaf(filing):
        raise RuntimeError("deaf")

    both = plugins(a=plugin(tianbao_filing_accepted=deaf), b=plugin(tianbao_filing_accepted=hear))
    both.tell("tianbao_filing_accepted", filing="F")
    assert heard == ["F"]
    assert "plugin a failed" in caplog.text
