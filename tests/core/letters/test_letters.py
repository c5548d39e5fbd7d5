"""The letters of the 16th: who is written to about whom, what is in the zip, and templates that people put in."""

import io
from datetime import date, datetime
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from attrs import evolve

from tianbao import letters
from tianbao.clock import TAIPEI
from tianbao.errors import Refusal
from tianbao.filings import file_nil, grants
from tianbao.letters import packs, templates
from tianbao.letters.letter import spoken_months
from tianbao.letters.packs import PATIENCE, Progress
from tianbao.periods import Period, PeriodRange
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.records import CsvExporter, Operator
from tianbao.units import Authority, Level, Unit

JANUARY, FEBRUARY = Period(2025, 1), Period(2025, 2)


class PlainWriter:
    """Fills `{名稱}` and the like into plain text."""

    suffix, media_type, label = ".txt", "text/plain", "純文字"

    def shipped(self):
        return "{受文者}|{主旨}|{說明}|{名單}|{副知名單}|{正本}|{副本}|{附件}".encode()

    def open(self, template):
        if b"\0" in template:
            raise Refusal("not-text", "這不是純文字檔。", "請另存為純文字再上傳。")
        text = template.decode()
        used = {name for name in letters.FIELDS if f"{{{name}}}" in text}

        def fill(letter, to):
            fields = {name: value if isinstance(value, str) else said(value) for name, value in letter.fields.items()}
            to.write(text.format(**fields).encode())

        return SimpleNamespace(fields=used, fill=fill)


def said(rows):
    return "；".join(
        row if isinstance(row, str) else f"{row['代碼']}{row['名稱']}{row['學制']}{row['逾期月份']}{row['最近提醒']}"
        for row in rows
    )


@pytest.fixture
def plugins(plugins):
    brought = SimpleNamespace(
        tianbao_letter_writers=hookimpl(lambda: [PlainWriter()]), tianbao_exporters=hookimpl(lambda: [CsvExporter()])
    )
    return Plugins([(PluginInfo("plain", "1", "test"), brought)])


@pytest.fixture
def since():
    return JANUARY


@pytest.fixture
def country(app, people):
    """On 17 March: 大成國中 owes two months, 大成國小 none, 遠山高中 two; and two centres, one of them the agency's own."""
    with app.store.work() as work:
        for code, county, answers_to in (
            ("07C001", "彰化縣", Authority.COUNTY),
            ("31C001", "臺北市", Authority.AGENCY),
        ):
            unit = Unit(code, Level.CENTRE, f"{county}輔諮中心", county, PeriodRange(FEBRUARY), answers_to=answers_to)
            work.units.add(unit)
    for period in (JANUARY, FEBRUARY):
        file_nil(app, people.neighbours_officer, people.neighbour, period)
    app.clock.moment = datetime(2025, 3, 17, 10, 0, tzinfo=TAIPEI)
    return people


def names(gathering):
    return {each.name: [owing.unit.name for owing in each.listed] for each in gathering.dossiers}


def unpacked(data):
    package = ZipFile(io.BytesIO(data))
    return {info.filename: package.read(info).decode("utf-8-sig") for info in package.infolist()}


def made(app, person, period=FEBRUARY, **more):
    target = io.BytesIO()
    letters.make(app, person, period, target, **more)
    return unpacked(target.getvalue())


def test_each_unit_is_in_the_letter_of_whom_it_answers_to(app, country):
    gathering = letters.gathered(app, country.organiser, FEBRUARY)
    assert names(gathering) == {
        "國教署": ["市立遠山高中", "臺北市輔諮中心"],
        "彰化縣政府": ["縣立大成國中", "彰化縣輔諮中心"],
    }
    assert gathering.units == 4


def test_a_county_is_told_apart_whom_the_agency_writes_to(app, country):
    with app.store.work() as work:
        work.units.add(Unit("070301", Level.SENIOR_HIGH, "縣立田中高中", "彰化縣", PeriodRange(FEBRUARY)))
    agency, county = letters.gathered(app, country.agency, FEBRUARY).dossiers
    assert [each.unit.name for each in county.informed] == ["縣立田中高中"]
    assert "縣立田中高中" in [each.unit.name for each in agency.listed]
    assert not agency.informed


def test_who_has_nobody_unfinished_gets_no_letter_and_is_named_in_the_summary(app, country):
    file_nil(evolve(app), country.officer, country.school, JANUARY)
    file_nil(app, country.officer, country.school, FEBRUARY)
    with app.store.read() as work:
        (centre,) = [unit for unit in work.units.all() if unit.code == "07C001"]
    grants.exempt(app, country.organiser, [centre], FEBRUARY, "搬遷")
    files = made(app, country.organiser)
    assert not [name for name in files if name.startswith("彰化縣")]
    (summary,) = [text for name, text in files.items() if "總表" in name]
    assert "彰化縣政府,0,0,0,0,0,0,無（全數完成）" in summary
    assert "國教署,2,0,0,1,1,0,有" in summary


def test_a_folder_for_each_with_the_letter_and_the_list(app, country):
    files = made(app, country.organiser)
    assert list(files) == [
        "國教署/114年2月未完成填報名單_國教署.csv",
        "國教署/114年2月稽催函_國教署.txt",
        "彰化縣政府/114年2月未完成填報名單_彰化縣政府.csv",
        "彰化縣政府/114年2月稽催函_彰化縣政府.txt",
        "114年2月稽催函總表.csv",
    ]
    to, subject, why, listed, informed, first, copy, attached = files["彰化縣政府/114年2月稽催函_彰化縣政府.txt"].split(
        "|"
    )
    assert (to, first, copy) == ("彰化縣政府", "彰化縣政府", "國立彰化高級中學")
    assert "114年2月輔導工作成果填報，尚未完成者計2個單位" in subject
    assert "截至114年3月17日（星期一）10:00，貴府轄管尚未完成填報者計2個單位（國中1個、輔諮中心1個）" in why
    assert listed == "074501縣立大成國中國中114年1月、2月未曾提醒；07C001彰化縣輔諮中心輔諮中心114年2月未曾提醒"
    assert informed == ""
    assert attached == "114年2月未完成填報名單_彰化縣政府.csv"
    assert (
        "國中,074501,縣立大成國中,彰化縣,114年1月、114年2月,2,無,縣市政府"
        in files["彰化縣政府/114年2月未完成填報名單_彰化縣政府.csv"]
    )


def test_the_agencys_own_letter_goes_to_its_schools_with_a_copy_to_their_counties(app, country):
    to, _, why, *_, copy, _ = made(app, country.organiser)["國教署/114年2月稽催函_國教署.txt"].split("|")
    assert "高級中等學校" in to
    assert "本署所轄尚未完成填報者計2個單位" in why
    assert copy == "臺北市政府、國立彰化高級中學"


def test_later_months_are_another_letters(app, country):
    app.clock.goes_on(days=30)  # 16 April: March is overdue, too
    (school, *_) = letters.gathered(app, country.organiser, FEBRUARY).dossiers[1].listed
    assert list(school.periods) == [JANUARY, FEBRUARY]


def test_another_day_says_what_was_true_at_its_end(app, country):
    file_nil(app, country.officer, country.school, JANUARY)
    app.clock.goes_on(days=3)
    file_nil(app, country.officer, country.school, FEBRUARY)
    assert "縣立大成國中" not in names(letters.gathered(app, country.organiser, FEBRUARY))["彰化縣政府"]
    then = letters.gathered(app, country.organiser, FEBRUARY, date(2025, 3, 18))
    assert "縣立大成國中" in names(then)["彰化縣政府"]


def test_a_month_that_is_not_due_is_refused(app, country):
    with pytest.raises(Refusal) as refused:
        letters.gathered(app, country.organiser, Period(2025, 3))
    assert refused.value.code == "not-due"
    assert "114年4月10日" in refused.value.message


@pytest.mark.parametrize("who", ["officer", "county_officer", "support"])
def test_others_may_not(app, country, who):
    person = getattr(country, who)
    for use in (letters.gathered, packs.begin):
        with pytest.raises(Refusal, match="不能"):
            use(app, person, FEBRUARY)
    for use in (
        packs.packs,
        lambda app, who: templates.template_file(app, who, ".txt"),
        lambda app, who: templates.put_in_use(app, who, "a.txt", b""),
    ):
        with pytest.raises(Refusal, match="不能"):
            use(app, person)


def test_it_is_on_the_trail_with_who_and_whom_and_no_names_of_people(app, country):
    made(app, Operator("root"))
    made(app, country.agency)
    with app.store.read() as work:
        entries = list(work.audit.entries())[::-1]
    assert [(each.action, each.actor) for each in entries[-2:]] == [
        ("letters.made", None),
        ("letters.made", country.agency.id),
    ]
    assert entries[-2].detail["operator"] == "root"
    assert entries[-1].detail["letters"] == ["國教署", "彰化縣政府"]
    assert entries[-1].detail["units"] == 4


def test_progress_is_told_for_each_letter(app, country):
    told = []
    made(app, country.organiser, told=lambda *how: told.append(how))
    assert told == [(0, 2, "國教署"), (1, 2, "彰化縣政府"), (2, 2, "")]


def test_without_a_writer_it_is_said_what_to_install(app, country):
    bare = evolve(app, plugins=Plugins([]))
    with pytest.raises(Refusal, match="tianbao-letters-office"):
        letters.make(bare, country.organiser, FEBRUARY, io.BytesIO())


class TestTemplates:
    def test_one_that_was_put_in_use_makes_the_letters_and_the_shipped_one_can_come_back(self, app, country):
        templates.put_in_use(app, country.agency, "我的範本.txt", "給{受文者}：{名單}".encode())
        (kept,) = templates.in_use(app)
        assert (kept.name, kept.set_by_name, kept.set_at) == ("我的範本.txt", "蔡國教", app.clock.now())
        assert made(app, country.organiser)["彰化縣政府/114年2月稽催函_彰化縣政府.txt"].startswith(
            "給彰化縣政府：074501"
        )
        assert templates.template_file(app, country.organiser, ".txt") == "給{受文者}：{名單}".encode()
        templates.use_shipped(app, country.organiser, ".txt")
        assert templates.template_file(app, country.organiser, ".txt") == PlainWriter().shipped()
        with app.store.read() as work:
            acts = [each.action for each in reversed(work.audit.entries())]
        assert [act for act in acts if act.startswith("letters.template")] == [
            "letters.template-set",
            "letters.template-restored",
        ]

    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("a.docx", b"x", "template-format"),
            ("a.txt", b"\0", "not-text"),
            ("a.txt", "只有{受文者}".encode(), "template-without-list"),
            ("a.txt", b" " * (templates.LARGEST + 1), "too-large"),
        ],
    )
    def test_one_that_cannot_be_used_is_refused_and_the_old_one_stays(self, app, country, name, data, code):
        with pytest.raises(Refusal) as refused:
            templates.put_in_use(app, country.agency, name, data)
        assert refused.value.code == code
        assert refused.value.remedy
        assert templates.in_use(app)[0].set_at is None

    def test_a_trial_shows_made_up_units_and_changes_nothing(self, app, country):
        _, letter = templates.try_out(app, country.agency, "a.txt", "{受文者}{名單}".encode())
        assert "縣立範例00國小" in letter.decode()
        assert templates.in_use(app)[0].set_at is None
        assert "縣立範例00國小" in templates.sample(app, country.agency, ".txt").decode()


class TestPacks:
    def test_it_is_made_kept_and_fetched_later(self, app, country):
        pack = packs.begin(app, country.organiser, FEBRUARY)
        assert (pack.progress, pack.done, pack.total, pack.units) == (Progress.RUNNING, 0, 2, 4)
        assert packs.file_of(app, country.agency, pack.id) is None
        packs.work_on(app, country.organiser, pack)
        (kept,) = packs.packs(app, country.agency)
        assert (kept.progress, kept.done, kept.begun_by_name) == (Progress.DONE, 2, "許研發")
        assert "彰化縣政府/114年2月稽催函_彰化縣政府.txt" in unpacked(packs.file_of(app, country.agency, pack.id))
        assert kept.file_name == "114年2月稽催函_20250317_1000.zip"

    def test_one_person_has_one_made_at_a_time_and_others_have_theirs(self, app, country):
        pack = packs.begin(app, country.organiser, FEBRUARY)
        with pytest.raises(Refusal) as refused:
            packs.begin(app, country.organiser, FEBRUARY)
        assert refused.value.code == "pack-running"
        assert packs.begin(app, country.agency, FEBRUARY)
        packs.work_on(app, country.organiser, pack)
        again = packs.begin(app, country.organiser, FEBRUARY)
        app.clock.moment += PATIENCE * 2
        assert packs.begin(app, country.organiser, FEBRUARY) != again, "whose machine was switched off holds nobody up"

    def test_where_nobody_is_unfinished_there_is_nothing_to_make(self, app, country):
        with pytest.raises(Refusal, match="不需要函文"):
            packs.begin(app, country.organiser, Period(2022, 8))

    def test_what_fails_is_told_in_words(self, app, country, caplog):
        pack = packs.begin(app, country.organiser, FEBRUARY)
        broken = evolve(app, plugins=Plugins([]))
        packs.work_on(broken, country.organiser, pack)
        assert packs.pack_of(app, country.organiser, pack.id).progress is Progress.FAILED
        assert "tianbao-letters-office" in packs.pack_of(app, country.organiser, pack.id).message
        packs.work_on(evolve(app, plugins=None), country.organiser, pack)
        assert "請再試一次" in packs.pack_of(app, country.organiser, pack.id).message
        assert "could not be made" in caplog.text

    def test_one_whose_machine_was_switched_off_has_stopped(self, app, country):
        pack = packs.begin(app, country.organiser, FEBRUARY)
        app.clock.moment += PATIENCE * 2
        assert packs.packs(app, country.organiser)[0].progress is Progress.STOPPED
        assert "再產製一次" in packs.pack_of(app, country.organiser, pack.id).message
        assert packs.pack_of(app, country.organiser, 99) is None


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ("2025-02", "114年2月"),
        ("2025-01 2025-02", "114年1月、2月"),
        ("2024-12 2025-01", "113年12月、114年1月"),
        ("2024-10 2024-11 2024-12 2025-01 2025-02", "113年10月至114年2月"),
        ("2024-09 2024-10 2024-11 2025-01", "113年9月至11月、114年1月"),
    ],
)
def test_months_are_said_as_people_say_them(months, said):
    assert spoken_months([Period.parse(month) for month in months.split()]) == said
