"""Delivers what waits in the outbox, inside ``tianbao serve`` or by ``tianbao worker`` alone.

The order of things is the whole of it: lease a message, hand it to its channel, and write down what became of it as
soon as the channel has answered. A worker that dies between the two leaves one message of which nobody knows whether it
was taken; when its lease has run out, it is sent again with the same Message-ID. So no message is ever missing, and
there is at most one extra copy for each crash.
"""

from tianbao.delivery.loop import DeliveryLoop
from tianbao.delivery.settings import DeliverySettings
from tianbao.delivery.worker import Worker, compose

__all__ = ["DeliveryLoop", "DeliverySettings", "Worker", "compose"]
