"""A mail server in a process of its own that takes everything and keeps nothing: ``python mail_sink.py``; prints its port."""

# ruff: noqa: ARG002, N802 -- the names and arguments are aiosmtpd's; what it prints is what it is for

import asyncio

from aiosmtpd.smtp import SMTP


class Sink:
    async def handle_DATA(self, smtp, session, envelope):
        return "250 2.0.0 taken"


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), loop=loop, hostname="mail.example.edu.tw"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
