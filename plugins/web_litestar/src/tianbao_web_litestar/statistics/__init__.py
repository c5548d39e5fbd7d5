"""Statistics (統計查詢) between pages and `tianbao.statistics`: the steps of the form, the table, its charts."""
