"""What the shipped mails say."""

import re
from html import unescape

import pytest
from attrs import evolve
from jinja2 import meta

from tianbao.mails import render
from tianbao.mails.blocks import VALUE
from tianbao.mails.language import ENVIRONMENT
from tianbao.mails.samples import SAMPLES
from tianbao.mails.texts import SHIPPED, SITE
from tianbao.settings import Contact, Contacts, Settings

SETTINGS = evolve(
    Settings(base_url="https://cgs.example.edu.tw/"),
    contacts=Contacts(
        Contact("範例高中", "04-1234567 ext.12", "rd@example.edu.tw"),
        Contact("範例大學", "049-7654321", "help@example.edu.tw"),
    ),
)
LINKS = {"activate": "activate", "new-password": "password", "new-email": "email", "invitation": "invitation"}
MAY_BE_NAMED = {
    *("address", "at", "cases", "contacts", "expires", "filed_at", "inviter", "login", "name", "new_email", "nil"),
    *("period", "receipt", "role", "services", "site", "token", "unit", "unit_code", "way"),
    *(
        "agency",
        "agency_levels",
        "attached",
        "counties",
        "county",
        "count",
        "due",
        "earlier",
        "levels",
        "months",
        "sender",
    ),
}
"""Everything mails may name. No case rows, no students, no passwords: think twice before you add to it."""

every_text = pytest.mark.parametrize("name", sorted(SHIPPED))


def shown(html):
    """What a reader sees of the HTML, without blanks."""
    body = re.sub(r"<(style|title)>.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", body)))


def test_every_text_has_a_sample():
    assert set(SHIPPED) == set(SAMPLES)


@every_text
def test_a_mail_says_the_same_in_both_forms(name):
    mail = render(name, SAMPLES[name], SETTINGS)
    seen = shown(mail.html)
    plain = re.sub(r"[【】※－]|：$", "", mail.text, flags=re.MULTILINE)
    for line in plain.split("需要協助嗎？")[0].splitlines():
        for part in line.split("：", 1):
            assert "".join(part.split()) in seen


@every_text
def test_a_mail_says_whom_to_call_about_what_in_both_forms(name):
    mail = render(name, SAMPLES[name], SETTINGS)
    for form in (mail.text, unescape(mail.html)):
        before, asked = form.split("需要協助嗎？")
        about_the_workbook, about_the_system = asked.split("系統操作")
        assert before
        assert "表格內容" in about_the_workbook
        for office, contact, part in (
            ("承辦單位", SETTINGS.contacts.organiser, about_the_workbook),
            ("系統客服", SETTINGS.contacts.support, about_the_system),
        ):
            assert all(words in part for words in (office, contact.name, contact.phone, contact.email))


@every_text
def test_a_mail_greets_by_name_and_asks_for_one_thing_at_most(name):
    mail = render(name, SAMPLES[name], SETTINGS)
    assert f"{SAMPLES[name]['name']} 您好：" in mail.text
    assert mail.html.count('class="button"') <= 1
    assert mail.html.count("<h1") == 1


@every_text
def test_punctuation_is_full_width_and_nothing_of_the_notation_is_left(name):
    mail = render(name, SAMPLES[name], SETTINGS)
    for form in (mail.subject, mail.text, mail.html):
        assert VALUE not in form
    assert not re.search(r"[一-鿿][,;!?:()]|[,;!?()][一-鿿]", f"{mail.subject}\n{mail.text}")
    left = mail.text.removeprefix("！ 逾期\n")  # a state, with its sign
    assert not re.search(r"^(=>|#|!|@|- )", left, re.MULTILINE)
    assert "\n" not in mail.subject


@every_text
def test_a_mail_names_nothing_but_what_mails_may(name):
    assert meta.find_undeclared_variables(ENVIRONMENT.parse(SHIPPED[name])) <= MAY_BE_NAMED


@pytest.mark.parametrize(("name", "path"), LINKS.items())
def test_a_link_leads_to_the_page_for_it(name, path):
    mail = render(name, SAMPLES[name], SETTINGS)
    link = f"https://cgs.example.edu.tw/{path}/{SAMPLES[name]['token']}"
    assert f"\n{link}\n" in mail.text
    assert f'href="{link}"' in mail.html


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - set(LINKS)))
def test_other_mails_hold_no_token(name):
    assert "token" not in SAMPLES[name]


def test_moments_are_said_as_people_say_them():
    text = render("activate", SAMPLES["activate"], SETTINGS).text
    assert "開通期限：114年10月10日（星期五）17:05前（臺灣時間）" in text


def test_a_receipt_says_what_was_filed():
    mail = render("receipt", SAMPLES["receipt"], SETTINGS)
    assert mail.subject == "已收到114年9月填報（國立華僑高級中等學校）"
    assert "個案 36 筆、服務 1,204 筆" in mail.text
    assert "✓ 已填報" in mail.text


def test_a_receipt_of_a_nil_filing_says_so():
    text = render("receipt", {**SAMPLES["receipt"], "nil": True}, SETTINGS).text
    assert "填報內容：當月無個案及服務" in text
    assert "無個案" in text.splitlines()[0]
    assert "筆" not in text


@pytest.mark.parametrize(("way", "words"), [("late", "逾期補填"), ("amendment", "取代先前的填報")])
def test_a_receipt_names_the_way(way, words):
    assert words in render("receipt", {**SAMPLES["receipt"], "way": way}, SETTINGS).text


def test_the_old_address_learns_only_the_shape_of_the_new_one():
    mail = render("email-changed", SAMPLES["email-changed"], SETTINGS)
    assert "co***@nocsh.example.edu.tw" in mail.text
    assert "counselling@" not in mail.text + mail.html


def test_the_site_has_one_name():
    assert SITE in render("invitation", SAMPLES["invitation"], SETTINGS).subject
