"""The log channel: to a file, which remembers over crashes, and to a stream."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from alert_events import event
from parcels import parcel
from pydantic import TypeAdapter

from schemas.alerts import AlertEvent
from schemas.codec import decode_as, encode
from streams.channels import AlreadyDelivered, Channel, ChannelError, Delivered, NotDelivered
from streams.channels.log import LogChannel, StreamLogChannel
from tests.channels.channel_contract import ChannelContract, End

_EVENT = TypeAdapter(AlertEvent)


def events_in(data: bytes) -> list[AlertEvent]:
    return [decode_as(_EVENT, line) for line in data.split(b"\n")[:-1]]


@dataclass
class Lines:
    """JSON lines, wherever they go."""

    open: Callable[[], Channel]
    content: Callable[[], bytes]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        yield

    def sentences(self) -> list[str]:
        return [each.data.evidence[0].text for each in events_in(self.content())]


class TestToAFile(ChannelContract):
    remembers = True
    remembers_over_restarts = True

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "alerts.jsonl"

    @pytest.fixture
    def end(self, path: Path) -> End:
        return Lines(lambda: LogChannel(path), path.read_bytes)

    def test_of_a_parcel_that_is_there_in_part_only_the_rest_is_written(self, path: Path) -> None:
        path.write_bytes(encode(event(2)) + b"\n")

        async def scenario() -> None:
            channel = LogChannel(path)
            assert await channel.deliver(parcel(1, 2, 3)) == Delivered()
            assert await channel.deliver(parcel(1, 2, 3)) == AlreadyDelivered()
            await channel.close()

        asyncio.run(scenario())
        assert events_in(path.read_bytes()) == [event(2), event(1), event(3)]

    @pytest.mark.parametrize("cut", [1, 10, 40, 200], ids=lambda cut: f"{cut}_bytes_short")
    def test_a_torn_last_line_is_cut_and_its_alert_comes_again(self, path: Path, cut: int) -> None:
        whole = encode(event(1)) + b"\n"
        path.write_bytes(whole + (encode(event(2)) + b"\n")[:-cut])
        channel = LogChannel(path)
        assert path.read_bytes() == whole
        assert asyncio.run(channel.deliver(parcel(1))) == AlreadyDelivered()
        assert asyncio.run(channel.deliver(parcel(2))) == Delivered()
        asyncio.run(channel.close())
        assert events_in(path.read_bytes()) == [event(1), event(2)]

    @pytest.mark.parametrize(
        "content",
        [b"alert: no JSON\n", b'{"no": "id"}\n', b"[1]\n", b"a shopping list", b'{"id": 1'],
        ids=["no_json", "no_id", "no_object", "text_without_a_line_end", "other_json_torn"],
    )
    def test_a_file_that_is_no_alert_log_is_refused_and_not_touched(
        self, path: Path, content: bytes
    ) -> None:
        path.write_bytes(content)
        with pytest.raises(ChannelError, match="line 1"):
            LogChannel(path)
        assert path.read_bytes() == content

    def test_a_second_writer_is_refused(self, path: Path) -> None:
        channel = LogChannel(path)
        with pytest.raises(ChannelError, match="another process"):
            LogChannel(path)
        asyncio.run(channel.close())

    def test_a_directory_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ChannelError, match="DRAGOMAN_ALERT_LOG"):
            LogChannel(tmp_path / "nowhere" / "alerts.jsonl")


class TestToAStream(ChannelContract):
    remembers = True

    @pytest.fixture
    def end(self) -> End:
        stream = io.StringIO()
        return Lines(lambda: StreamLogChannel(stream), lambda: stream.getvalue().encode())

    def test_a_full_disk_is_no_delivery_and_says_so(self) -> None:
        full = Path("/dev/full")
        if not full.exists():
            pytest.skip("needs /dev/full")
        stream = full.open("w")
        outcome = asyncio.run(StreamLogChannel(stream).deliver(parcel(1)))
        with pytest.raises(OSError, match="No space left"):
            stream.close()
        assert outcome == NotDelivered("the alert stream: No space left on device")
