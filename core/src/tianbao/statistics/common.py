"""The tables of statistics that core brings: one for each coded column that means something."""

from tianbao.canon import STAFF
from tianbao.templates.tables import Reading, Table

_CASE = ("counsellor_type", "grade", "status")
_SERVICE = ("counsellor_type", "audience")

COMMON = (
    Table(
        name="issue",
        numeral="i",
        title="學校輔導議題",
        kind="case",
        rows=(
            Reading("both", "主+副類別", "issues"),
            Reading("main", "主類別", "main_issue"),
            Reading("secondary", "副類別", "secondary_issues"),
        ),
        filters=_CASE,
    ),
    Table(
        name="source",
        numeral="ii",
        title="個案來源",
        kind="case",
        rows="sources",
        filters=_CASE,
        note="個案來源只有新案填寫；舊案計入「無」。",
    ),
    Table(
        name="grade", numeral="iii", title="個案年級", kind="case", rows="grade", filters=("counsellor_type", "status")
    ),
    Table(name="identity", numeral="iv", title="學生身分", kind="case", rows="identity", filters=_CASE),
    Table(
        name="counsellor",
        numeral="v",
        title="輔導人力",
        kind="case",
        rows="counsellor_type",
        filters=("grade", "status"),
    ),
    Table(
        name="status", numeral="vi", title="新舊案", kind="case", rows="status", filters=("counsellor_type", "grade")
    ),
    Table(name="referral", numeral="vii", title="轉介概況", kind="case", rows="referral", filters=_CASE),
    Table(name="item", numeral="i", title="服務項目", kind="service", rows="item", filters=_SERVICE),
    Table(
        name="audience",
        numeral="ii",
        title="服務對象",
        kind="service",
        rows="audience",
        filters=("counsellor_type", "item"),
    ),
    Table(
        name="grade",
        numeral="iii",
        title="服務學生年級",
        kind="service",
        rows="audience",
        only=range(1, STAFF),
        filters=("counsellor_type", "item"),
        note="只計對象為學生的服務；教職員、家長、專業人員不在內。",
    ),
    Table(
        name="counsellor",
        numeral="iv",
        title="服務輔導人力",
        kind="service",
        rows="counsellor_type",
        filters=("audience", "item"),
    ),
)
"""The official numbering is known of 表i/I only [M]; the rest go on from there [ours]."""
