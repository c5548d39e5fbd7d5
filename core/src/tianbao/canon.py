"""The canonical rows and code lists: what all templates mean, whatever their headings.

A template's column is stored under its name; where that is a field of `Case` or `Service` it is a typed column of the
store, else it goes with the row's ``extras``. Records and statistics speak these codes, so they run across school years.
"""

from collections.abc import Mapping

from attrs import Factory, frozen

from tianbao.templates.codes import CodeList, code_list
from tianbao.templates.rules import rule
from tianbao.units import Level


@frozen(kw_only=True)
class Case:
    """One student (of one teacher) in one month (個案).

    Fields are ``None`` where the template of the month does not ask for them.
    """

    teacher_code: str | None = None
    counsellor_type: int | None = None
    student_code: str | None = None
    grade: int | None = None
    sex: int | None = None
    identity: int | None = None
    status: int | None = None
    sources: tuple[int, ...] = ()
    referral: int | None = None
    main_issue: int | None = None
    main_issue_note: str | None = None
    secondary_issues: tuple[int, ...] = ()
    secondary_issues_note: str | None = None
    sessions: int = 0
    """Person-times (人次)."""
    extras: Mapping[str, object] = Factory(dict)


@frozen(kw_only=True)
class Service:
    """One teacher's services of one item to one audience in one month (服務)."""

    teacher_code: str | None = None
    counsellor_type: int | None = None
    item: int | None = None
    item_note: str | None = None
    audience: int | None = None
    male: int = 0
    """Person-times (人次) by sex."""
    female: int = 0
    other: int = 0
    extras: Mapping[str, object] = Factory(dict)


ROW_KINDS: Mapping[str, type[Case | Service]] = {"case": Case, "service": Service}

NEW, CONTINUED = 1, 2
"""輔導概況: opened this month, or before."""
OTHER_ISSUE = 19
OTHER_ITEM = 17
MALE, FEMALE, OTHER_SEX = 1, 2, 3

COUNSELLOR_TYPES = code_list(
    "身分",
    {
        1: "專任輔導教師",
        2: "兼任輔導教師",
        3: "合聘專任輔導教師-主聘學校",
        4: "合聘專任輔導教師-從聘學校",
    },
    meanings={
        3: "兩校合聘，以本校為主聘；在他校的成果由他校填報。",
        4: "兩校合聘，以本校為從聘；在他校的成果由他校填報。",
    },
    aliases={
        "專任": 1,
        "專輔": 1,
        "兼任": 2,
        "兼輔": 2,
        "合聘專任輔導教師(主聘)": 3,
        "合聘專任輔導教師(從聘)": 4,
    },
)

_GRADE_LABELS = {
    **{n: f"國小{'一二三四五六'[n - 1]}年級" for n in range(1, 7)},
    **{n: f"國中{'七八九'[n - 7]}年級" for n in range(7, 10)},
    **{n: f"高{'一二三'[n - 10]}" for n in range(10, 13)},
}
_GRADE_ALIASES = {
    **{f"{'一二三四五六七八九'[n - 1]}年級": n for n in range(1, 10)},
    **{f"{n}年級": n for n in range(1, 13)},
    **{f"國{'一二三'[n - 7]}": n for n in range(7, 10)},
    **{f"國中{'一二三'[n - 7]}年級": n for n in range(7, 10)},
    **{f"高中{'一二三'[n - 10]}年級": n for n in range(10, 13)},
}
GRADES = code_list("年級", _GRADE_LABELS, aliases=_GRADE_ALIASES)
AUDIENCES = code_list(
    "對象",
    {**_GRADE_LABELS, 13: "教職員", 14: "家長", 15: "專業人員"},
    aliases={**_GRADE_ALIASES, "教師": 13, "教職員工": 13},
)

IDENTITIES = code_list(
    "學生身分",
    dict(
        enumerate(
            (
                "以下皆非", "智能障礙", "視覺障礙", "聽覺障礙", "語言障礙", "肢體障礙", "腦性麻痺", "身體病弱",
                "情緒行為障礙", "學習障礙", "多重障礙", "自閉症", "發展遲緩", "其他障礙",
            )
        )
    ),
    aliases={"無": 0, "皆非": 0},
)  # fmt: skip

SOURCES = code_list(
    "個案來源",
    {
        1: "學生主動求助",
        2: "家長轉介",
        3: "教師轉介(含教職員工)",
        4: "同儕轉介",
        5: "輔導老師約談",
        6: "線上預約管道(僅限高中階段)",
        7: "其他",
    },
    aliases={"教師轉介": 3, "線上預約管道": 6, "線上預約": 6, "輔導教師約談": 5},
    only={6: [Level.SENIOR_HIGH]},
)

CASE_STATUS = code_list(
    "輔導概況",
    {NEW: "新案", CONTINUED: "舊案"},
    meanings={NEW: "本月新開案。", CONTINUED: "先前已開案，本月持續服務。"},
)

REFERRALS = code_list(
    "轉介概況",
    {
        1: "本月轉介輔諮中心",
        2: "無轉介",
        3: "已轉介且該中心持續服務中",
        4: "已轉介，該中心服務至本月結案",
    },
)

ISSUES = code_list(
    "個案類別",
    dict(
        enumerate(
            (
                "人際困擾", "師生關係", "家庭困擾", "自我探索", "情緒困擾", "生活壓力", "創傷反應", "自我傷害", "性別議題",
                "脆弱家庭", "兒少保護議題", "學習困擾", "生涯輔導", "偏差行為", "網路沉迷", "中離(輟)拒學", "藥物濫用", "精神疾患",
                "其他",
            ),
            start=1,
        )
    ),
    meanings={
        1: "與同儕相處上的困難。",
        2: "與教師相處上的困難。",
        3: "與家人相處上的困難，或家庭變故的影響。",
        4: "認識自己、追求成長。",
        5: "情緒的表達與調適有困難。",
        6: "課業、生活等壓力超出負荷。",
        7: "經歷重大事件後的身心反應。",
        8: "有自我傷害的行為，或自殺的意念、企圖。",
        9: "性別認同、情感交往、性別平等事件等。",
        10: "家庭遭遇貧困、犯罪、失業、物質濫用等情形，照顧功能不足。",
        11: "屬兒童及少年福利與權益保障法所定的保護事項。",
        12: "學習動機、方法或適應上的困難。",
        13: "升學、就業與生涯抉擇。",
        14: "違反校規或法令的行為。",
        15: "過度使用網路，影響日常生活。",
        16: "無故缺席、中途離校、拒學或懼學。",
        17: "經確認使用成癮物質。",
        18: "經精神科醫師診斷者。",
        19: "不屬於以上各類；請以文字說明。",
    },
    aliases={"兒少保議題": 11, "高風險家庭": 10, "網路成癮": 15, "心理疾病": 18, "中輟拒學": 16, "中離拒學": 16, "中離輟拒學": 16},
)  # fmt: skip

SERVICE_ITEMS = code_list(
    "服務項目",
    dict(
        enumerate(
            (
                "團體輔導", "入班輔導", "家長諮詢", "教師諮詢", "個案會議", "心理測驗", "安心服務", "家庭處遇", "資源連結",
                "系統會談", "學生諮詢", "臨案協處", "方案計畫", "各項宣講", "危機處理", "轉銜輔導", "其他",
            ),
            start=1,
        )
    ),
    meanings={
        1: "以小團體進行的輔導活動。",
        2: "進入班級進行的輔導活動。",
        3: "與家長討論學生的狀況與協助方式。",
        4: "與教職員討論學生的狀況與協助方式。",
        5: "召開或參與針對個案的會議。",
        6: "施測、解釋心理測驗。",
        7: "重大事件後的安心輔導。",
        8: "家庭訪視及對家庭的處遇。",
        9: "聯繫、引介校內外資源。",
        10: "邀集學生的重要他人一起會談。",
        11: "對未開案學生的諮詢。",
        12: "臨時事件的協助處理。",
        13: "規劃、執行輔導方案。",
        14: "講座、宣導與研習。",
        15: "危機事件的介入與處理。",
        16: "升學或轉學時的輔導銜接。",
        17: "不屬於以上各項；請以文字說明。",
    },
)  # fmt: skip

CODE_LISTS: Mapping[str, CodeList] = {
    "counsellor_type": COUNSELLOR_TYPES,
    "grade": GRADES,
    "identity": IDENTITIES,
    "status": CASE_STATUS,
    "sources": SOURCES,
    "referral": REFERRALS,
    "main_issue": ISSUES,
    "secondary_issues": ISSUES,
    "item": SERVICE_ITEMS,
    "audience": AUDIENCES,
}
"""The nation's list of each canonical field that has one: a number means the same in every form."""

PARENT_CONSULTATION, TEACHER_CONSULTATION, STUDENT_CONSULTATION = 3, 4, 11
STAFF, PARENTS = 13, 14


@rule(
    says="填了「{value}」，與服務項目不太相符：家長諮詢的對象通常是家長、教師諮詢是教職員、學生諮詢是學生。請確認。",
    hint=True,
)
def audience_fits_item(audience: int, item: int) -> bool:
    """A plausibility of ours, so only a hint."""
    expected = {
        PARENT_CONSULTATION: (PARENTS,),
        TEACHER_CONSULTATION: (STAFF,),
        STUDENT_CONSULTATION: range(1, STAFF),
    }
    return audience in expected.get(item, (audience,))
