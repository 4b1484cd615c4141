"""What every channel keeps to. A channel's test module says where it leads, and runs these."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from alert_events import event
from parcels import parcel

from streams.channels import AlreadyDelivered, Channel, Delivered, Parcel

SCRIPTS = "Ọ̀jọ́ ní Ábújá – „Reise“\u2028 \n 東京 🕊 <b>& سفر"


class End(Protocol):
    """Where a channel leads, the same after a restart."""

    def running(self) -> AbstractAsyncContextManager[object]:
        """While it can be reached."""

    def open(self) -> Channel: ...

    def sentences(self) -> list[str]:
        """The evidence of the alerts that came out, in the order in which people or programs read
        it."""


def numbered(*numbers: int) -> Parcel:
    return parcel(*(event(number, text=f"Sentence {number}.") for number in numbers))


class ChannelContract:
    """Subclass it and give the fixture `end`."""

    remembers = False
    remembers_over_restarts = False
    is_verbatim = True
    """White space comes out as it went in."""

    def test_an_alert_comes_out(self, end: End) -> None:
        async def scenario() -> None:
            async with end.running():
                channel = end.open()
                assert await channel.deliver(numbered(1)) == Delivered()
                await channel.close()

        asyncio.run(scenario())
        assert end.sentences() == ["Sentence 1."]

    def test_many_alerts_come_out_in_the_order_of_their_parcel(self, end: End) -> None:
        order = [*range(20, 40), *range(20)]

        async def scenario() -> None:
            async with end.running():
                channel = end.open()
                assert await channel.deliver(numbered(*order)) == Delivered()
                assert await channel.deliver(numbered(99)) == Delivered()
                await channel.close()

        asyncio.run(scenario())
        assert end.sentences() == [f"Sentence {number}." for number in (*order, 99)]

    def test_a_parcel_given_twice_comes_out_once_where_the_channel_remembers(
        self, end: End
    ) -> None:
        async def scenario() -> None:
            async with end.running():
                channel = end.open()
                await channel.deliver(numbered(1, 2))
                again = await channel.deliver(numbered(1, 2))
                assert again == (AlreadyDelivered() if self.remembers else Delivered())
                await channel.close()

        asyncio.run(scenario())
        assert len(end.sentences()) == (2 if self.remembers else 4)

    def test_after_a_restart_it_remembers_if_it_says_so(self, end: End) -> None:
        async def scenario() -> None:
            async with end.running():
                first = end.open()
                await first.deliver(numbered(1))
                await first.close()
                second = end.open()
                again = await second.deliver(numbered(1))
                await second.close()
                assert (again == AlreadyDelivered()) is self.remembers_over_restarts

        asyncio.run(scenario())

    def test_text_in_any_script_comes_out_unchanged(self, end: End) -> None:
        async def scenario() -> None:
            async with end.running():
                channel = end.open()
                assert await channel.deliver(parcel(event(1, text=SCRIPTS))) == Delivered()
                await channel.close()

        asyncio.run(scenario())
        assert end.sentences() == [SCRIPTS if self.is_verbatim else " ".join(SCRIPTS.split())]

    def test_closing_twice_is_no_fault_also_where_nothing_was_brought(self, end: End) -> None:
        async def scenario() -> None:
            channel = end.open()
            await channel.close()
            await channel.close()

        asyncio.run(scenario())
