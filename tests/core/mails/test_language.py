"""A text is safe whoever wrote it: it says its values, and can do nothing else."""

import time

import pytest

from tianbao.mails.faults import TextFault
from tianbao.mails.language import LONGEST, LONGEST_FILLED, filled, parsed, straightened


def _joined(times, letters):
    """Letters put between letters, put between letters, and so on."""
    return f"('{letters}' | join({_joined(times - 1, letters)}))" if times else f"'{letters}'"


GIVEN = {"name": "林怡君", "units": [{"name": "大成", "months": ["2025-01", "2025-02"]}], "late": True}


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in range(10**9) %}x{% endfor %}",
        "{{ 'x' * 10**9 }}",
        "{{ 10 ** 10 ** 8 }}",
        "{{ name.center(10**9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ name ~ name }}",
        "{% set x = name %}{{ x }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in units %}{% for b in units %}{% for c in units %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in [1, 2] %}x{% endfor %}",
        "{% for a in units recursive %}{{ loop(units) }}{% endfor %}",
        "{% include 'layout.html' %}",
        "{% import 'layout.html' as x %}",
        "{% extends 'layout.html' %}",
        "{{ name | center(1000000000) }}",
        "{{ units | map('center', 1000000000) | list }}",
        "{{ name | attr('__class__') }}",
        "{{ name.__class__.__mro__ }}",
        "{{ name['__class__'] }}",
        "{{ namespace() }}",
        "{{ self }}",
        "{{ name[::2] }}",
        "{{ ｎａｍｅ }}",
        "{% for ｕnit in units %}x{% endfor %}",
        f"{{% if {_joined(6, 'a' * 200)} %}}{{% endif %}}",
        f"{{{{ units | join({_joined(6, 'a' * 200)}) }}}}",
        "x" * (LONGEST + 1),
        "{% if name %}" * 400 + "{% endif %}" * 400,
        "{% if name %}" * 110 + "{% endif %}" * 110,
        "{{ name" + " | default(name)" * 500 + " }}",
        "{{ 1 | person }}",
    ],
)
def test_what_could_reach_out_run_long_or_grow_large_is_refused(source):
    start = time.process_time()
    with pytest.raises(TextFault) as fault:
        filled(source, GIVEN)
    assert time.process_time() - start < 1
    assert fault.value.refusal.message
    assert fault.value.refusal.remedy


def test_what_grows_beyond_all_measure_is_cut_off():
    long = {"units": [{"name": "大" * 1000}] * 300}
    with pytest.raises(TextFault, match=str(LONGEST_FILLED)):
        filled("{% for unit in units %}{{ unit.name }}{% endfor %}", long)


def test_lists_are_gone_through_and_conditions_asked():
    source = (
        "{% for unit in units %}{{ unit.name }}：{{ unit.months | join('、') }}{% if not loop.last %}，{% endif %}{% endfor %}"
        "{{ '遲' if late and units | length == 1 else '' }}{% if note is defined %}{{ note }}{% endif %}"
    )
    assert filled(source, GIVEN).replace("\ufdd0", "") == "大成：2025-01、2025-02遲"


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("主旨：x\n\n{{ nobody }}", 3, "沒有「nobody」這個欄位"),
        ("主旨：x\n{{ name }}\n{{ units.nothing }}", 3, "沒有「nothing」這個欄位"),
        ("主旨：x\n\n{{ name | moment }}", 3, "合不起來"),
        ("主旨：x\n{% if name %}\n", 2, "標記寫錯了"),
        ("主旨：x\n\n\n{{ name | upper }}", 4, "沒有「upper」這種格式"),
        ("主旨：x\n{{ name.upper() }}", 2, "不能用的寫法"),
    ],
)
def test_the_line_that_is_wrong_is_named(source, line, says):
    with pytest.raises(TextFault) as fault:
        filled(source, GIVEN)
    assert fault.value.line == line
    assert fault.value.refusal.message.startswith(f"第 {line} 行：")
    assert says in fault.value.refusal.message


def test_every_branch_is_proved_whichever_the_sample_takes():
    source = "{% if late %}遲{% elif name %}{{ name }}{% else %}{% if late %}{{ nobody }}{% endif %}{% endif %}"
    assert filled(source, GIVEN) == "遲"
    with pytest.raises(TextFault, match="nobody"):
        straightened(source, GIVEN)
    assert straightened(source.replace("nobody", "name"), GIVEN).replace("\ufdd0", "") == "遲林怡君林怡君"


def test_a_text_that_is_fine_is_understood():
    parsed("主旨：{{ name }}")
