"""The organiser's year: takes the Ministry's list, mends a school, announces, and puts the presentation beside the form."""

import pytest
from playwright.sync_api import expect

from ..papers import PDF

pytestmark = pytest.mark.browser

LIST = "學年度,代碼,學校名稱,縣市名稱,地址\n" + "".join(
    f"114,0145{n:02},市立第{n}國中,[01]新北市,[242]新北市新莊區中正路{n}號\n" for n in range(1, 21)
)


def test_a_list_is_taken_and_a_school_of_it_mended(visit, site):
    page = visit(site.organiser)
    page.get_by_role("link", name="系統管理").click()
    page.get_by_role("link", name="單位名錄").last.click()
    page.get_by_role("link", name="匯入學校名錄").click()
    page.get_by_label("名錄檔案").set_input_files(
        {"name": "j1_new.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp950")}
    )
    page.get_by_role("button", name="預覽變動").click()
    expect(page.get_by_role("row", name="新增 20")).to_be_visible()
    page.get_by_role("button", name="確認匯入").click()
    expect(page.get_by_role("status").filter(has_text="名錄匯入完成")).to_be_visible()
    page.get_by_label("名稱或代碼").fill("第7國中")
    page.get_by_role("button", name="查詢").click()
    page.get_by_role("link", name="市立第7國中").click()
    page.get_by_role("link", name="修改單位資料").click()
    page.get_by_label("名稱").fill("市立第七國中")
    page.get_by_role("button", name="儲存").click()
    expect(page.get_by_role("heading", name="市立第七國中")).to_be_visible()
    expect(page.get_by_text("市立第7國中，用到")).to_be_visible()


def test_what_is_announced_and_handed_out_reaches_the_schools(visit, site):
    page = visit(site.organiser)
    page.goto("/announcements/new")
    page.get_by_label("標題").fill("新表格上線")
    page.get_by_label("內文").fill("請下載新表格。")
    page.get_by_label("也顯示在登入頁").check()
    page.get_by_role("button", name="發布").click()
    page.get_by_role("link", name="上傳說明檔").click()
    page.get_by_label("填報表格說明簡報").check()
    page.get_by_label("檔案", exact=True).set_input_files(
        {"name": "簡報.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="上傳").click()
    expect(page.get_by_role("status").filter(has_text="檔案已上傳")).to_be_visible()

    visitor = visit()
    visitor.goto("/sign-in")
    visitor.get_by_text("新表格上線").click()
    expect(visitor.get_by_text("請下載新表格。")).to_be_visible()

    school = visit(site.officer)
    school.goto("/filing/guide")
    expect(school.get_by_text("新表格上線")).to_be_visible()
    with school.expect_download() as saved:
        school.get_by_role("link", name="下載填報表格說明簡報").click()
    assert saved.value.suggested_filename == "簡報.pdf"
    assert saved.value.path().read_bytes() == PDF
