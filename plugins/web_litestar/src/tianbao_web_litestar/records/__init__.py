"""Records (填報紀錄) between pages and `tianbao.records`: what forms ask for, what pages show, what goes out."""
