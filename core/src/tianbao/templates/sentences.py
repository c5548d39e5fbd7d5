"""What findings say, by their codes. A code is never reused for another mistake.

The order of a sentence: what was found, what is allowed, what to do. Where it stands (sheet, cell, heading) travels beside
it. ``{value}`` is what the user wrote; the other names are given by whoever found the fault.
"""

from collections.abc import Mapping

SAYS: Mapping[str, str] = {
    # a cell
    "required": "未填寫。{allowed}",
    "error-value": "是錯誤值「{value}」，不是資料。請改填正確的值。",
    "formula-without-value": "是尚未計算的公式「{value}」，讀不到結果。請直接填入值（複製後「選擇性貼上」→「值」）。",
    "not-a-code": "填了「{value}」，不在代號表中。{allowed}{guess}",
    "code-and-word-differ": "填了「{value}」，代號與文字不一致：{first}與{second}是不同項目。請只填代號。",
    "one-code-only": "填了「{value}」，但這一欄只能填一個代號。請只留最主要的一項。",
    "too-many-codes": "填了 {count} 項（「{value}」），最多只能填 {at_most} 項。請只留最主要的 {at_most} 項。",
    "repeated-code": "填了「{value}」，其中{code}重複。請刪去重複的代號。",
    "none-with-others": "填了「{value}」，但 {none} 代表「無」，不能與其他代號並列。請擇一填寫。",
    "looks-like-a-date": "「{value}」被試算表當成日期了。填多個代號時，請先把儲存格設為「文字」格式，再以半形逗號分隔填寫，例如 {example}。",
    "not-whole": "填了「{value}」，不是整數。{allowed}{guess}",
    "out-of-range": "填了「{value}」，超出範圍。{allowed}",
    "zero-is-no-code": "填了「0」，但這一欄必須有編碼，不能填 0。請填學校自編的代號。",
    "code-became-a-date": "「{value}」被試算表當成日期了，不是原來的代號。請先把儲存格設為「文字」格式，再重新填寫代號。",
    "too-long": "有 {count} 個字，超過上限 {longest} 個字。請縮短。",
    "control-characters": "含有換行或看不見的控制字元。請重新輸入這一格。",
    "national-id": "看起來是身分證字號或居留證號（已遮蔽顯示），屬個人資料，不可填報。若為學校自編的代號，請改用不同的格式，例如在前面再加一個英文字母。",
    "telephone": "看起來是電話號碼（已遮蔽顯示），屬個人資料，不可填報。若為學校自編的代號，請改用不同的格式，例如在前面加一個英文字母。",
    "looks-like-name": "看起來是姓名（已遮蔽顯示），屬個人資料，不可填報。請改用學校自編、無法辨識個人的代號，例如 S001。",
    "not-a-date": "填了「{value}」，不是日期。請填如 113/9/5 或 2024-09-05。",
    "date-out-of-range": "填了「{value}」，不在 {first} 至 {last} 之間。請確認年份。",
    "note-expected": "未填說明，但「{of}」選了{code}。請用文字簡述是哪一種情形。",
    "note-unexpected": "填了「{value}」，但「{of}」沒有選{code}。不需說明時請填 0。",
    "level-may-not": "填了「{value}」，但{code}{only}填報，貴單位為{level}。請改選其他代號。",
    "grade-not-of-level": "填了「{value}」，但{level}的年級為 {first}～{last}。請確認學生年級。",
    "same-as": "填了「{value}」，與「{other}」重複。主類別已填的項目，副類別不必再填；沒有其他類別請填 0。",
    # a row
    "total-row": "這一列像是合計（「{value}」），不是一筆資料；合計由系統計算。請刪除這一整列。",
    "not-a-row": "這一列像是標題或填寫說明，不是一筆資料。若不是資料，請刪除這一整列；若是，請在各欄填寫代號與數字。",
    "duplicate-row": "與第 {first} 列重複：同一份表中「{what}」不可出現兩次。請合併為一列，或確認代號是否填錯。",
    "merged-across": "位於跨欄合併的儲存格（{area}），無法判斷各欄的值。請取消合併後逐格填寫。",
    "merged-count": "位於合併的儲存格（{area}），數字不能由多列共用，以免重複計算。請取消合併後逐列填寫。",
    # a sheet
    "sheet-missing": "缺少工作表「{sheet}」。沒有資料也請保留這張工作表；可重新下載空白表格後貼上資料。",
    "sheet-twice": "有兩張工作表都像是「{sheet}」（{names}），無法判斷要採用哪一張。請只保留一張。",
    "column-missing": "缺少「{heading}」這一欄。請重新下載空白表格，把資料貼到對應的欄位。",
    "column-twice": "「{heading}」這一欄出現了兩次（{columns}）。請只保留一欄。",
    "too-many-rows": "有 {count} 列資料，超過上限 {at_most} 列。請確認是否貼到了不相干的資料。",
    "title-period": "標題寫的是 {title}，但這次填報的月份是 {period}。請確認檔案是否為當月資料；若是，請更正標題的年月。",
    # a hint: it is said, and blocks nothing
    "hidden-rows": "有 {count} 列被隱藏或篩選掉，仍會一併檢核與填報（第 {rows} 列）。",
    "hidden-sheet": "這張工作表被隱藏了，其中的資料仍會一併檢核與填報。",
    "extra-column": "多出{heading}這一欄，其中的資料不會填報。",
    "not-filed-before": "輔導概況填「舊案」，但系統中沒有這個學生代號先前的紀錄。請確認代號前後一致。",
    "filed-before": "輔導概況填「新案」，但系統中已有這個學生代號先前的紀錄。請確認是否應為「舊案」。",
    "same-teacher-differs": "教師編碼「{teacher}」在這一列填 {value}，在別列填 {other}。同一位教師通常只有一種身分，請確認。",
}
