"""A worker with the plain reader, as a process of its own: `python tests/plain_worker.py`.

Says `web ADDRESS` and `ready ADDRESS` on standard output. Settings are the environment's.
`--only=HOPS` runs some hops. `--rules` reads with the rules of the package. `--without-hook` leaves
out what mends Faust's recovery, and `--slow-offsets=SECONDS` makes the broker's answer to a
question for committed offsets as late. `--drop-fetched` fetches after a rebalance, before anything
is sought, and drops it. `--lose=search` and `--lose=heartbeat` have aiokafka lose the group's
coordinator on SIGUSR1, in the two ways that were seen (docs/decisions/0021).
"""

import asyncio
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from typing import Any

from aiokafka.errors import NodeNotReadyError
from plain_wire import PlainReader

from streams.shell.agents import HOPS
from streams.shell.app import Dragoman, build_app
from streams.shell.settings import load_settings
from streams.shell.worker import run


def main() -> int:
    parser = ArgumentParser()
    parser.add_argument("--only", default=",".join(HOPS))
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--without-hook", action="store_true")
    parser.add_argument("--slow-offsets", type=float, default=0.0)
    parser.add_argument("--drop-fetched", action="store_true")
    parser.add_argument("--slow-sends", type=float, default=0.0)
    parser.add_argument("--lose", choices=("search", "heartbeat"))
    asked = parser.parse_args()

    def build(*args: Any, **kwargs: Any) -> Dragoman:
        app = build_app(*args, **kwargs, with_recovery_hook=not asked.without_hook)
        if asked.slow_offsets:
            slow_offsets(app, asked.slow_offsets)
        if asked.drop_fetched:
            app.on_rebalance_complete.connect(partial(drop_fetched, app))
        if asked.slow_sends:
            slow_sends(app, asked.slow_sends)
        if asked.lose:
            lose_on_signal(app, asked.lose)
        return app

    return run(
        load_settings(),
        [hop for hop in HOPS if hop in asked.only.split(",")],
        reader=None if asked.rules else PlainReader(),
        build=build,
        on_web=lambda address: print("web", address, flush=True),
        on_ready=lambda address: print("ready", address, flush=True),
    )


def slow_offsets(app: Dragoman, seconds: float) -> None:
    """Stands for a busy broker. Works on Faust's consumer, which is there once we have one."""

    async def slow(*_: object, **__: object) -> None:
        at_once = app.consumer.seek_to_committed

        async def later() -> Mapping[Any, int]:
            await asyncio.sleep(seconds)
            return await at_once()

        app.consumer.seek_to_committed = later

    app.on_partitions_assigned.connect(slow)


async def drop_fetched(app: Dragoman, *_: object, **__: object) -> None:
    """What a fetch from before a rebalance does that takes what comes after it, without the luck:
    Faust hears of the rebalance and does not wait for what its thread finds."""
    thread = app.consumer._thread
    client = thread._consumer
    paused = client.paused()
    client.resume(*paused)
    while not await thread.call_thread(client.getmany, timeout_ms=1000):
        pass
    client.pause(*paused)


def slow_sends(app: Dragoman, seconds: float) -> None:
    """Stands for a broker that is far away, or waits for its replicas."""

    async def slow(*_: object, **__: object) -> None:
        app.on_partitions_assigned.disconnect(slow)
        client = app.producer._producer.client
        at_once = client.send

        async def later(*request: Any, **options: Any) -> Any:
            await asyncio.sleep(seconds)
            return await at_once(*request, **options)

        client.send = later

    app.on_partitions_assigned.connect(slow)


def lose_on_signal(app: Dragoman, what: str) -> None:
    """What a connection that is lost while it is written to does to aiokafka, without the luck."""

    def lose() -> None:
        thread = app.consumer._thread
        client, coordinator = thread._consumer._client, thread._consumer._coordinator

        async def search(*_: object) -> Any:
            raise NodeNotReadyError

        async def heartbeat() -> Any:
            raise RuntimeError("the handler is closed")

        def in_its_thread() -> None:
            if what == "search":
                # The task that renews metadata ends. The search fails once, and then waits for it.
                client._sync_task.cancel()
                client.coordinator_lookup = search
                coordinator.coordinator_dead()
            else:
                coordinator._do_heartbeat = heartbeat
                # As when nobody waits for records just then: who does is told, and crashes.
                coordinator._subscription.abort_waiters = lambda _: None

        thread.thread_loop.call_soon_threadsafe(in_its_thread)

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lose)


if __name__ == "__main__":
    sys.exit(main())
