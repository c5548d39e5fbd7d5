"""Charts: right XML whatever the labels, round axes, and never a 0 for what is not known."""

import re
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tianbao.units import COUNTIES
from tianbao_web_litestar.charts import Bar, Bars, Gap, HeatMap, Line, Series, Tile, TileMap, drawn, svg_file
from tianbao_web_litestar.charts.axis import ticks
from tianbao_web_litestar.charts.lettering import lines_of, width_of
from tianbao_web_litestar.charts.tiles import PLACES
from tianbao_web_litestar.charts.values import said

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ("8月", "9月", "10月")
LINE = Line(
    title="每月人次", description="九月最多。", steps=MONTHS, unit="人次",
    series=[Series("113學年度", [3, 1204, 20]), Series("112學年度", [5, 4, 3], past=True)],
)  # fmt: skip
BARS = Bars(
    title="議題", description="", unit="人次", bars=[Bar("家庭困擾", 3), Bar("情緒困擾", 50, 40), Bar("其他", 0)]
)
HEAT = HeatMap(title="議題與月份", description="", rows=["情緒困擾"], columns=MONTHS, values=[[1, 0, 1204]])
TILES = TileMap(title="完成率", description="", tiles=[Tile(county, 0.5) for county in COUNTIES])
CHARTS = {"line": LINE, "bars": BARS, "heat map": HEAT, "tile map": TILES}


def parsed(chart, *about):
    return ET.fromstring(svg_file(chart, about))


def texts(chart):
    return [each.text for each in parsed(chart).iter(f"{SVG}text")]


def looks(chart, look):
    return [each for each in parsed(chart).iter() if look in each.get("class", "").split()]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_page_draws_it_without_style_or_script_and_says_what_it_is(chart):
    for drawing in re.findall(r"<svg.*?</svg>", drawn(chart), re.DOTALL):
        root = ET.fromstring(drawing)
        assert (root.get("role"), root.find("title").text) == ("img", chart.title)
        assert not {each.tag for each in root.iter()} & {"style", "script", "image", "use", "a"}
        assert not [each for each in root.iter() if {"style", "href"} & set(each.keys())]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_file_brings_its_looks_along(chart):
    root = parsed(chart, "資料時間：114年3月5日")
    style = root.find(f"{SVG}style").text
    assert "var(" not in style
    assert "@" not in style
    named = {look for each in root.iter() for look in each.get("class", "").split()} - {"chart"}
    assert not {look for look in named if f".{look}" not in style and not look.startswith("on-")}
    assert "資料時間：114年3月5日" in [each.text for each in root.iter(f"{SVG}text")]


@given(st.text(max_size=40))
def test_no_label_breaks_the_file(label):
    for chart in (
        evolve(LINE, title=label, series=[Series(label, [1, 2, 3])], steps=[label] * 3, groups=[label] * 3, unit=label),
        evolve(BARS, description=label, bars=[Bar(label, 1, 2)], now=label, past=label),
        evolve(HEAT, rows=[label], columns=[label] * 3),
        evolve(TILES, title=label, unit=label),
    ):
        parsed(chart, label)
        for drawing in re.findall(r"<svg.*?</svg>", drawn(chart), re.DOTALL):
            ET.fromstring(drawing)


def test_a_hostile_label_stays_text():
    bad = '</text><script>alert("1")</script>&\x00\x1b'
    page = drawn(evolve(BARS, title=bad, bars=[Bar(bad, 1)]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x00" not in page


@pytest.mark.parametrize(
    ("greatest", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (1532, [0, 500, 1000, 1500, 2000]),
        (250, [0, 50, 100, 150, 200, 250]),
    ],
)
def test_an_axis_has_few_round_numbers(greatest, expected):
    assert ticks(greatest) == expected


def test_an_axis_of_shares_ends_at_all():
    assert ticks(1.0, whole=False) == [0, 0.2, 0.4, 0.6, 0.8, 1]


@given(st.integers(0, 10**9), st.integers(2, 6))
def test_an_axis_reaches_its_greatest_figure_in_whole_numbers(greatest, about):
    found = ticks(greatest, about=about)
    assert found[0] == 0
    assert found[-2] < max(greatest, 1) <= found[-1]
    assert len(found) <= about + 1
    assert all(tick % 1 == 0 for tick in found)


@pytest.mark.parametrize(
    ("share", "expected"), [(1, "100%"), (0.99996, "99.9%"), (0.5, "50%"), (0.0004, "<0.1%"), (0, "0%"), (0.29, "29%")]
)
def test_nobody_is_done_who_is_not(share, expected):
    assert said(share, percent=True) == expected


def test_what_is_not_known_is_never_0():
    line = evolve(LINE, series=[Series("今年", [3, Gap.SUPPRESSED, 20])])
    assert len(looks(line, "mark")) == 2  # two points, and the line between them is broken
    assert not looks(line, "line")
    assert texts(line)[-1] == "※ 隱匿小數"
    bars = evolve(BARS, bars=[Bar("甲", Gap.MISSING), Bar("乙", Gap.SUPPRESSED), Bar("丙", 0), Bar("丁", 2)])
    assert len(looks(bars, "bar")) == 1
    assert [text for text in texts(bars) if text in set("甲乙丙丁")] == ["丁", "丙", "甲", "乙"]
    heat = evolve(HEAT, values=[[Gap.MISSING, 0, Gap.SUPPRESSED]])
    assert len(looks(heat, "gap")) == 2
    assert texts(heat)[-1].endswith("※ 隱匿小數　— 無資料")


def test_months_to_come_are_no_broken_line():
    line = evolve(LINE, series=[Series("今年", [3, Gap.MISSING, Gap.MISSING])])
    assert "—" not in "".join(filter(None, texts(line)))


@pytest.mark.parametrize("values", [[], [Gap.MISSING] * 3])
def test_nothing_to_draw_is_said(values):
    steps = MONTHS[: len(values)]
    assert "沒有可以畫成圖的數字。" in texts(evolve(LINE, steps=steps, series=[Series("今年", values)]))
    assert "沒有可以畫成圖的數字。" in texts(evolve(BARS, bars=[Bar("甲", value) for value in values]))


def test_one_month_is_a_point():
    line = evolve(LINE, steps=["8月"], series=[Series("今年", [0])])
    assert len(looks(line, "mark")) == 1


def test_series_differ_in_dash_and_marker_and_are_named():
    line = evolve(LINE, series=[Series(name, [1, 2, 3]) for name in "甲乙丙丁戊"])
    forms = [each.get("d") for each in looks(line, "mark")]
    assert len(set(forms)) == 5
    assert {"甲", "乙", "丙", "丁", "戊"} <= set(texts(line))
    style = parsed(line).find(f"{SVG}style").text
    dashes = [re.search(rf"\.series-{n}\.line {{ stroke-dasharray: ([^;]+)", style) for n in range(2, 6)]
    assert len({found[1] for found in dashes}) == 4


def test_the_greatest_bar_comes_first_and_figures_have_thousands_marks():
    bars = evolve(BARS, bars=[Bar("甲", 3), Bar("乙", 12345), Bar("丙", 50)])
    assert [text for text in texts(bars) if text in {"甲", "乙", "丙"}] == ["乙", "丙", "甲"]
    assert "12,345" in texts(bars)


def test_bars_that_are_left_out_are_counted():
    bars = evolve(BARS, bars=[Bar(f"學校{n}", n) for n in range(40)])
    assert texts(bars)[-1] == "圖上是最多的 30 項，另有 10 項，見表格。"


def test_every_county_has_its_place_and_no_two_the_same():
    assert set(PLACES) == set(COUNTIES)
    assert len(set(PLACES.values())) == len(COUNTIES)
    with pytest.raises(ValueError, match="22 counties"):
        Tile("台北市", 1)


def test_north_is_up_and_the_islands_lie_in_the_west():
    rows = {county: row for county, (_, row) in PLACES.items()}
    assert rows["臺北市"] < rows["新竹縣"] < rows["臺中市"] < rows["嘉義縣"] < rows["高雄市"] < rows["屏東縣"]
    assert rows["宜蘭縣"] < rows["花蓮縣"] < rows["臺東縣"]
    west = [county for county, (column, _) in sorted(PLACES.items(), key=lambda each: each[1][1]) if column == 0]
    assert west == ["連江縣", "金門縣", "澎湖縣"]


def test_a_county_without_a_figure_is_shown_as_such():
    tiles = evolve(TILES, tiles=[Tile("臺北市", 1), Tile("新北市", Gap.SUPPRESSED)])
    assert len(looks(tiles, "gap")) == 21
    assert {"100%✓", "※", "—"} <= set(texts(tiles))


def test_one_person_is_not_all_of_them():
    tiles = evolve(TILES, percent=False, bounds=(5, 10, 50, 100), tiles=[Tile("臺北市", 1), Tile("新北市", 1200)])
    assert {"1", "1,200"} <= set(texts(tiles))
    assert not looks(tiles, "share")


@given(st.text(max_size=60), st.floats(30, 300))
def test_a_text_is_broken_without_loss(text, room):
    assert "".join("".join(lines_of(text, room)).split()) == "".join(text.split())


def test_words_and_numbers_stay_whole():
    assert lines_of("合聘專任輔導教師-主聘學校", width_of("合聘專任輔導教師-")) == ["合聘專任輔導教師-", "主聘學校"]
    assert lines_of("Tianbao 1,234 人次", width_of("Tianbao ")) == ["Tianbao", "1,234 人", "次"]
