"""What every channel keeps to. A channel's test module makes one and runs these."""

import asyncio
from collections.abc import Callable, Sequence

from alert_events import event

from schemas.alerts import AlertEvent
from streams.channels import AlreadyDelivered, Channel, Delivered

Open = Callable[[], Channel]
Received = Callable[[], Sequence[AlertEvent]]


class ChannelContract:
    """Subclass it and give the fixtures `open_channel` and `received`.

    `open_channel` makes a channel to an end that stays the same, as after a restart; `received`
    says what has come out there.
    """

    remembers_over_restarts = True

    def test_an_alert_comes_out_as_it_went_in(self, open_channel: Open, received: Received) -> None:
        channel = open_channel()
        assert asyncio.run(channel.deliver(event(1))) == Delivered()
        assert list(received()) == [event(1)]
        channel.close()

    def test_an_alert_given_twice_comes_out_once(
        self, open_channel: Open, received: Received
    ) -> None:
        channel = open_channel()
        outcomes = [asyncio.run(channel.deliver(event(n))) for n in (1, 2, 1)]
        assert outcomes == [Delivered(), Delivered(), AlreadyDelivered()]
        assert list(received()) == [event(1), event(2)]
        channel.close()

    def test_alerts_keep_their_order(self, open_channel: Open, received: Received) -> None:
        channel = open_channel()
        for number in range(20):
            asyncio.run(channel.deliver(event(number)))
        assert list(received()) == [event(number) for number in range(20)]
        channel.close()

    def test_text_in_any_script_comes_out_unchanged(
        self, open_channel: Open, received: Received
    ) -> None:
        channel = open_channel()
        asyncio.run(channel.deliver(event(1, text="Ọ̀jọ́ ní Ábújá – „Reise“\u2028 \n 東京 🕊")))
        assert (
            next(iter(received())).data.evidence[0].text == "Ọ̀jọ́ ní Ábújá – „Reise“\u2028 \n 東京 🕊"
        )
        channel.close()

    def test_after_a_restart_it_remembers_if_it_says_so(self, open_channel: Open) -> None:
        first = open_channel()
        asyncio.run(first.deliver(event(1)))
        first.close()
        again = open_channel()
        outcome = asyncio.run(again.deliver(event(1)))
        again.close()
        assert (outcome == AlreadyDelivered()) is self.remembers_over_restarts

    def test_its_name_lasts(self, open_channel: Open) -> None:
        first = open_channel()
        first.close()
        second = open_channel()
        second.close()
        assert first.name == second.name
        assert first.name

    def test_closing_twice_is_no_fault(self, open_channel: Open) -> None:
        channel = open_channel()
        channel.close()
        channel.close()
