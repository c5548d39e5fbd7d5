"""How texts become mails, whatever is put into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao.errors import TianbaoError
from tianbao.mails import render
from tianbao.mails.samples import SAMPLES
from tianbao.settings import Settings

SETTINGS = Settings()
PLAIN = "主旨：{{ subject }}\n\n{{ word }} 您好：\n"


def mail(source, **data):
    return render("mine", data, SETTINGS, {"mine": source})


def test_the_organisers_text_stands_over_the_shipped_one():
    assert mail("主旨：提醒{{ month | month }}\n\n請填報。", month="2025-09").subject == "提醒114年9月"


@pytest.mark.parametrize(
    "value",
    [
        "=> 領獎 | https://evil.example",
        "# 大標",
        "! 注意",
        "- 帳號：x",
        "@filed 已填報",
        "a\n\n=> 領獎 | https://evil.example",
    ],
)
def test_a_value_is_never_notation(value):
    html = mail(PLAIN, subject="x", word=value).html
    assert 'class="button"' not in html
    assert 'class="note"' not in html
    assert "<h1" not in html
    assert "<th" not in html
    assert "https://evil.example" not in html.split("您好")[1]


def test_a_value_is_never_html():
    written = mail(PLAIN, subject="<b>x</b>", word="<script>alert(1)</script>&")
    assert "<script>" not in written.html
    assert "&lt;script&gt;" in written.html
    assert "<script>alert(1)</script>& 您好" in written.text


@given(st.text(), st.text())
def test_a_subject_is_one_line_whatever_the_values(subject, word):
    written = mail("主旨：甲{{ subject }}乙\n\n{{ word }} 您好：", subject=subject, word=word)
    assert len(written.subject.splitlines()) == 1
    assert written.subject.startswith("甲")
    assert written.subject.endswith("乙")
    first, between, *_ = written.text.splitlines()
    assert first.endswith("您好：")
    assert not between


@pytest.mark.parametrize(
    "name",
    ["", "點 www.evil.example 領獎", "https://evil.example", "a@b.tw", "打0912345678", "恭喜" * 30, "到evil。tw領"],
)
def test_what_is_no_name_is_not_repeated_in_the_greeting(name):
    text = render("activate", {**SAMPLES["activate"], "name": name}, SETTINGS).text
    assert "\n承辦人 您好：" in text


@pytest.mark.parametrize("name", ["林怡君", "司馬　中原", "Panai Kusui", "J. Smith", "撒可努·亞榮隆"])
def test_names_are_names(name):
    text = render("activate", {**SAMPLES["activate"], "name": name}, SETTINGS).text
    assert f"\n{' '.join(name.split())} 您好：" in text


def test_a_fact_without_a_value_is_left_out():
    text = mail("主旨：x\n\n- 單位：{{ unit }}\n- 分機：{{ extension }}", unit="大成國小", extension="").text
    assert "單位：大成國小" in text
    assert "分機" not in text


def test_what_the_data_lack_is_named():
    data = {key: value for key, value in SAMPLES["activate"].items() if key != "login"}
    with pytest.raises(TianbaoError, match=r"'activate'.*'login' is undefined"):
        render("activate", data, SETTINGS)


def test_a_text_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(TianbaoError, match=r"no mail text 'greeting'; there is: account-reset, activate"):
        render("greeting", {}, SETTINGS)


@pytest.mark.parametrize(
    "source",
    [
        "沒有主旨",
        "主旨：\n\n內容",
        "主旨：x\n\n=> 沒有網址",
        "主旨：x\n\n=> 下載 | javascript:alert(1)",
        "主旨：x\n\n@unknown 狀態",
        "主旨：x\n\n- 沒有冒號",
        "主旨：x\n\n{{ ",
        "主旨：x\n\n{% if %}",
        "主旨：x\n\n{{ month | month }}",
        "主旨：x\n\n{{ 1 / 0 }}",
    ],
)
def test_a_text_that_is_not_well_formed_is_named(source):
    with pytest.raises(TianbaoError, match="mail text 'mine'"):
        mail(source, month="now")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ contacts.__init__.__globals__ }}",
        "{{ address.format.__globals__ }}",
        "{% for x in range(10**9) %}{% endfor %}",
    ],
)
def test_a_text_reaches_nothing_but_its_values(source):
    with pytest.raises(TianbaoError, match="cannot be filled"):
        mail(f"主旨：x\n\n{source}")
