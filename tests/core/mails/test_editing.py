"""The organiser edits texts: proved before they are kept, every edition kept, the shipped one a click away."""

from contextlib import contextmanager

import pytest

from tianbao.accounts.forms import FormRefusal
from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.mails import editing
from tianbao.mails.kinds import FIELDS, KINDS, SECRET
from tianbao.mails.samples import SAMPLES
from tianbao.mails.texts import SHIPPED
from tianbao.settings import Settings

RECEIPT = "主旨：收到{{ unit }}的填報\n\n# 謝謝\n\n{{ name | person }} 您好：\n\n- 月份：{{ period | month }}\n"


@contextmanager
def refused(code, says=""):
    with pytest.raises(Refusal) as refusal:
        yield
    found = refusal.value.problems["source"] if isinstance(refusal.value, FormRefusal) else refusal.value
    assert found.code == code
    assert says in found.message + found.remedy


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_text_is_described_and_would_pass(name):
    editing.prove(name, SHIPPED[name], Settings())
    assert KINDS[name].when
    assert set(SAMPLES[name]) <= set(FIELDS)
    assert (name in SECRET) == ("token" in SAMPLES[name])


def test_an_edition_counts_until_the_next_and_all_are_kept(app, people):
    who = people.organiser
    assert editing.text(app, who, "receipt").shipped
    editing.save(app, who, "receipt", RECEIPT.replace("\n", "\r\n"), 0)
    first = editing.text(app, who, "receipt")
    assert (first.shipped, first.source) == (False, RECEIPT)
    app.clock.goes_on(hours=1)
    editing.restore(app, who, "receipt", first.basis)
    last = editing.text(app, who, "receipt")
    assert (last.shipped, last.source) == (True, SHIPPED["receipt"])
    assert [(each.source, each.by_name) for each in last.versions] == [(None, "許研發"), (RECEIPT, "許研發")]
    assert {each.name for each in editing.texts(app, who)} == set(SHIPPED)
    with app.store.read() as work:
        assert [each.action for each in work.audit.entries(subject="text/receipt")] == [
            Act.TEXT_RESTORED,
            Act.TEXT_EDITED,
        ]


def test_who_edits_what_somebody_else_has_just_edited_is_told(app, people):
    editing.save(app, people.organiser, "receipt", RECEIPT, 0)
    with refused("text-changed"):
        editing.save(app, people.organiser, "receipt", RECEIPT + "\n又改\n", 0)
    with refused("text-changed"):
        editing.restore(app, people.organiser, "receipt", 0)


def test_what_changes_nothing_is_no_edition(app, people):
    with refused("text-same"):
        editing.save(app, people.organiser, "receipt", SHIPPED["receipt"], 0)
    with refused("text-same"):
        editing.restore(app, people.organiser, "receipt", 0)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("收到了", "第 1 行：第一行不是主旨"),
        ("主旨：x\n\n- 沒有冒號", "第 3 行：「- 沒有冒號」少了「：」"),
        ("主旨：x\n\n- 月份：{{ period }}\n=> 登入 | ftp://here", "第 4 行：按鈕的網址"),
        ("主旨：x\n\n@great 很好", "第 3 行：狀態"),
        ("主旨：x\n\n{{ student }}", "第 3 行：這封信沒有「student」這個欄位"),
        ("主旨：x\n\n{% if nil %}\n{{ student }}\n{% endif %}", "第 4 行：這封信沒有「student」這個欄位"),
        ("主旨：x\n\n{% if nil %}\n- 也沒有\n{% endif %}", "第 4 行：「- 也沒有」少了「：」"),
        ("主旨：x\n\n{% for x in range(9) %}{% endfor %}", "第 3 行：用了信件內容不能用的寫法"),
        ("主旨：x\n" + "好" * 20_000, "超過 10,000 個字"),
    ],
)
def test_a_text_that_cannot_become_a_mail_is_refused_with_its_line(app, people, source, says):
    with refused("text", says):
        editing.save(app, people.organiser, "receipt", source, 0)
    with refused("text", says):
        editing.preview(app, people.organiser, "receipt", source)


@pytest.mark.parametrize(
    "change",
    [
        lambda source: source.replace("{{ address }}/activate/{{ token }}", "https://evil.example/{{ token }}"),
        lambda source: source.replace("=> 開通帳號 | {{ address }}/activate/{{ token }}", "請登入。"),
        lambda source: source + "\n{{ token }}\n",
        lambda source: source + "\n=> 領獎 | https://evil.example/{{ token }}\n",
        lambda source: source + "\n{{ contacts['to' 'ken'] }} token\n",
    ],
)
def test_a_link_that_is_a_secret_stays_where_it_was(app, people, change):
    with refused("text", "{{ address }}/activate/{{ token }}"):
        editing.save(app, people.organiser, "activate", change(SHIPPED["activate"]), 0)


def test_a_name_that_python_takes_for_another_does_not_carry_the_secret_elsewhere(app, people):
    elsewhere = SHIPPED["activate"].replace("=> ", "=> 看 | https://evil.example/{{ ｔｏｋｅｎ }}\n=> ")
    with refused("text", "不能用的寫法"):
        editing.save(app, people.organiser, "activate", elsewhere, 0)


def test_the_words_on_such_a_link_may_be_others(app, people):
    editing.save(app, people.organiser, "activate", SHIPPED["activate"].replace("=> 開通帳號", "=> 立即開通"), 0)


def test_a_preview_is_of_made_up_people_or_of_a_unit(app, people):
    made_up = editing.preview(app, people.organiser, "receipt", RECEIPT)
    assert made_up.subject == "收到國立華僑高級中等學校的填報"
    real = editing.preview(app, people.organiser, "receipt", RECEIPT, people.school)
    assert real.subject == "收到縣立大成國中的填報"
    assert "王小明 您好" in real.text
    assert "月份：114年2月" in real.text
    assert "承辦人 您好" in editing.preview(app, people.organiser, "receipt", RECEIPT, people.far).text
    with app.store.work() as work:
        data = {**SAMPLES["receipt"], "name": "陳主任", "period": "2024-11"}
        work.outbox.add("k", "a@b.tw", "receipt", data, at=app.clock.now(), unit_id=people.school.id)
    assert "月份：113年11月" in editing.preview(app, people.organiser, "receipt", RECEIPT, people.school).text


@pytest.mark.parametrize("who", ["officer", "county_officer", "support", "agency"])
def test_it_is_the_organisers_to_do(app, people, who):
    account = getattr(people, who)
    for attempt in (
        lambda: editing.texts(app, account),
        lambda: editing.text(app, account, "receipt"),
        lambda: editing.save(app, account, "receipt", RECEIPT, 0),
        lambda: editing.restore(app, account, "receipt", 0),
        lambda: editing.preview(app, account, "receipt", RECEIPT),
    ):
        with refused("not-allowed"):
            attempt()
