"""A mail server in a process of its own: ``python mail_server.py LOG SEED``; prints its port, then what it does.

A message it takes is first written to the log, durably, and then answered with yes. It refuses ``no@`` for good, and does
to others, by the dice, what mail servers do: asks to try later, stalls, cuts the line. It never cuts the line *after* it
has taken a message, unless the address is ``hold@``: the first such message is taken and never answered.
"""

# ruff: noqa: ARG002, N802 -- the names and arguments are aiosmtpd's; what it prints is what it is for

import asyncio
import email
import os
import random
import sys

from aiosmtpd.smtp import SMTP

STAGES = ("mail", "later", "cut", "stall", "no", "taken", "held", "answered")


def say(*words):
    print(*words, flush=True)


class Moody:
    def __init__(self, log, seed):
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._dice = random.Random(seed)
        self._held = False

    async def handle_MAIL(self, smtp, session, envelope, address, options):
        say("mail")
        envelope.mail_from = address
        if self._dice.random() < 0.03:
            say("cut")
            smtp.transport.abort()
        return "250 OK"

    async def handle_RCPT(self, smtp, session, envelope, address, options):
        if address.startswith("no@"):
            say("no")
            return "550 5.1.1 no such mailbox"
        if self._dice.random() < 0.08:
            say("later")
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp, session, envelope):
        mood = self._dice.random()
        if mood < 0.02:
            say("stall")
            await asyncio.Event().wait()
        if mood < 0.06:
            say("cut")
            smtp.transport.abort()
            await asyncio.Event().wait()
        recipient = envelope.rcpt_tos[0]
        message_id = email.message_from_bytes(envelope.original_content)["Message-ID"]
        os.write(self._log, f"{recipient} {message_id}\n".encode())
        os.fsync(self._log)
        say("taken")
        if recipient.startswith("hold@") and not self._held:
            self._held = True
            say("held")
            await asyncio.Event().wait()
        await asyncio.sleep(self._dice.uniform(0, 0.004))  # as long as a server takes to store it
        say("answered")
        return "250 2.0.0 taken"


async def serve(log, seed):
    moody = Moody(log, seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(moody, loop=loop, hostname="mail.example.edu.tw"), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
