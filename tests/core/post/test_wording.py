"""The words of a message are kept as they went out, to the letter and in few bytes, without secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao.mails import Mail, render
from tianbao.mails.samples import SAMPLES
from tianbao.mails.texts import SHIPPED
from tianbao.post.wording import MASK, masked, model_of, packed, unpacked
from tianbao.settings import Settings

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(WORDS, WORDS, WORDS, st.binary(max_size=200))
def test_whatever_the_words_and_the_model_they_come_out_as_they_went_in(subject, text, html, model):
    mail = Mail(subject, text, html)
    assert unpacked(packed(mail, model), model) == mail


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_message_takes_a_few_hundred_bytes(name):
    model = model_of(name, Settings(), SHIPPED)
    other = {key: "新北市立文山國中" if key == "unit" else value for key, value in SAMPLES[name].items()}
    mail = render(name, {**other, "name": "司馬中原"}, Settings())
    assert len("".join(mail).encode()) > 5000
    assert len(packed(mail, model)) < 400


def test_a_text_without_a_sample_or_with_a_wrong_one_is_packed_all_the_same():
    mail = render("receipt", SAMPLES["receipt"], Settings())
    for sources in ({}, {"mine": "主旨：x"}, {"mine": "{{ broken"}):
        model = model_of("mine", Settings(), sources)
        assert unpacked(packed(mail, model), model) == mail


def test_secrets_are_masked_wherever_they_stand():
    mail = Mail("open&sesame", "點 https://x/open&sesame", '<a href="https://x/open&amp;sesame">open&amp;sesame</a>')
    assert masked(mail, {"token": "open&sesame", "none": ""}) == Mail(
        MASK, f"點 https://x/{MASK}", f'<a href="https://x/{MASK}">{MASK}</a>'
    )
