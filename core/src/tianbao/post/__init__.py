"""The post room (寄信紀錄): what went out and what waits, to whom, in which words; and holding it back.

`tianbao.outbox` is what is queued, `tianbao.delivery` sends it; here people look after it.
"""
