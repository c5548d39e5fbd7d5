"""The workbook of school year 113 and after, which reads like the form it describes.

Known of the official form: the sheets' names, the columns and their order, the codes, and that data begin in row 4.
Ours until somebody has the official file before them: the wording of the headings (hence the aliases), which of rows 1
to 3 holds them, the titles, the bounds of counts, the rules of plausibility, the help and the example.
"""

from tianbao.canon import (
    AUDIENCES,
    CASE_STATUS,
    COUNSELLOR_TYPES,
    GRADES,
    IDENTITIES,
    ISSUES,
    NEW,
    OTHER_ISSUE,
    OTHER_ITEM,
    OTHER_SEX,
    REFERRALS,
    SERVICE_ITEMS,
    SOURCES,
    audience_fits_item,
)
from tianbao.periods import school_years
from tianbao.plugins import hookimpl
from tianbao.templates import (
    Table,
    Template,
    code_list,
    column,
    grade,
    note,
    one_of,
    own_code,
    rule,
    same_teacher_same_type,
    sheet,
    some_of,
    whole_number,
)

SEXES = code_list(
    "性別",
    {1: "生理男", 2: "生理女", 3: "其他"},
    aliases={"男": 1, "女": 2, "男生": 1, "女生": 2},
    words=True,
)


@sheet(
    "表A-1-輔導教師-個案",
    kind="case",
    title="{period} {unit} 輔導教師工作成果(個案)",
    heading_row=2,
    first_row=4,
    unique=["teacher_code", "student_code"],
)
class Case:
    """每位教師當月實際晤談的每一位學生填一列。"""

    teacher_code = column(
        "教師編碼",
        own_code(),
        aliases=["教師代碼", "教師代號"],
        help="學校自行編定的教師代號，每月請一致。",
        example=("範例T1", "範例T1", "範例T2"),
    )
    counsellor_type = column(
        "身分",
        one_of(COUNSELLOR_TYPES),
        aliases=["教師身分", "輔導教師身分"],
        help="合聘教師的成果由各校分別填報。",
        example=(1, 1, 2),
    )
    student_code = column(
        "學生代號",
        own_code(),
        aliases=["學生代碼", "學生編碼"],
        help="學校自行編定的固定代號，勿以可辨識資料編碼。",
        example=("範例S01", "範例S02", "範例S03"),
    )
    grade = column(
        "學生年級",
        grade(GRADES),
        aliases=["年級"],
        help="國小 1～6、國中 7～9、高中職 10～12。",
        example=(7, 8, 9),
    )
    sex = column("性別", one_of(SEXES), aliases=["學生性別"], example=("生理男", "生理女", "其他"))
    sex_note = column(
        "性別說明",
        note("sex", SEXES, OTHER_SEX),
        aliases=["性別其他說明", "性別(其他)說明"],
        required=False,
        example=(0, 0, "雙性"),
    )
    identity = column("學生身分", one_of(IDENTITIES), help="無身心障礙身分請填 0。", example=(0, 9, 0))
    status = column("輔導概況", one_of(CASE_STATUS), example=(1, 2, 1))
    sources = column("個案來源", some_of(SOURCES, none=0), help="新案填寫，可複選；舊案填 0。", example=("3,2", 0, 1))
    referral = column("轉介概況", one_of(REFERRALS), example=(2, 3, 2))
    main_issue = column(
        "個案類別(主)",
        one_of(ISSUES),
        aliases=["主類別", "個案主類別"],
        help="只填最主要的一項。",
        example=(5, 1, 19),
    )
    main_issue_note = column(
        "個案類別(主)其他說明",
        note("main_issue", ISSUES, OTHER_ISSUE),
        aliases=["(主)其他說明", "主類別其他說明"],
        example=(0, 0, "適應新環境"),
    )
    secondary_issues = column(
        "個案類別(副)",
        some_of(ISSUES, none=0, at_most=2, other_than="main_issue"),
        aliases=["副類別", "個案副類別"],
        help="最多兩項，不與主類別重複；沒有請填 0。",
        example=("3,10", 0, 12),
    )
    secondary_issues_note = column(
        "個案類別(副)其他說明",
        note("secondary_issues", ISSUES, OTHER_ISSUE),
        aliases=["(副)其他說明", "副類別其他說明"],
        example=(0, 0, 0),
    )
    sessions = column(
        "當月晤談累積次數",
        whole_number(1, 999),
        aliases=["當月晤談累積次數(人次)", "晤談次數", "當月晤談次數"],
        help="當月與該生晤談的總次數。",
        measure="person_times",
        example=(4, 2, 1),
    )

    @rule(says="填了「{value}」，與輔導概況不符：新案請填來源代號，舊案請填 0。")
    def source_only_for_new(sources, status):
        return bool(sources) == (status == NEW)


@sheet(
    "表A-2-輔導教師-服務",
    kind="service",
    title="{period} {unit} 輔導教師工作成果(服務)",
    heading_row=2,
    first_row=4,
)
class Service:
    """每位教師的每一種服務項目、每一種對象填一列。"""

    teacher_code = column(
        "教師編碼",
        own_code(),
        aliases=["教師代碼", "教師代號"],
        help="與個案表相同的教師代號。",
        example=("範例T1", "範例T2"),
    )
    counsellor_type = column("身分", one_of(COUNSELLOR_TYPES), aliases=["教師身分", "輔導教師身分"], example=(1, 2))
    item = column("服務項目", one_of(SERVICE_ITEMS), example=(2, 17))
    item_note = column(
        "其他說明",
        note("item", SERVICE_ITEMS, OTHER_ITEM),
        aliases=["服務項目其他說明"],
        example=(0, "新生適應活動"),
    )
    audience = column("對象", one_of(AUDIENCES), aliases=["服務對象"], help="一列只填一種對象。", example=(7, 14))
    male = column(
        "服務人次(男)",
        whole_number(0, 99999),
        aliases=["人次(男)", "服務人次(生理男)", "人次(生理男)"],
        help="沒有請填 0。",
        measure="person_times",
        example=(14, 6),
    )
    female = column(
        "服務人次(女)",
        whole_number(0, 99999),
        aliases=["人次(女)", "服務人次(生理女)", "人次(生理女)"],
        help="沒有請填 0。",
        measure="person_times",
        example=(13, 11),
    )
    other = column(
        "服務人次(其他)",
        whole_number(0, 99999),
        aliases=["人次(其他)"],
        help="沒有請填 0。",
        measure="person_times",
        example=(0, 0),
    )

    plausible = audience_fits_item

    @rule(says="各性別人次都是 0。沒有服務的項目不必填列；有服務請填實際人次。")
    def somebody_was_served(male, female, other):
        return male + female + other > 0


SEX = Table(
    name="sex",
    numeral="viii",
    title="個案性別",
    kind="case",
    rows="sex",
    filters=("counsellor_type", "grade", "status"),
    by_sex=False,
)


TEMPLATE = Template(
    "113",
    "113學年度表格",
    serves=school_years(113),
    sheets=[Case, Service],
    rules=[same_teacher_same_type],
    guide_name="填報說明-A-輔導教師",
    tables=[SEX],
)


@hookimpl
def tianbao_templates():
    return [TEMPLATE]
