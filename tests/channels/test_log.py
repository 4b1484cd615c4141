"""The log channel: to a file, which remembers over crashes, and to a stream."""

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from alert_events import event
from pydantic import TypeAdapter

from schemas.alerts import AlertEvent
from schemas.codec import decode_as, encode
from streams.channels import AlreadyDelivered, ChannelError, Delivered, NotDelivered
from streams.channels.log import LogChannel, StreamLogChannel
from tests.channels.channel_contract import ChannelContract, Open, Received

_EVENT = TypeAdapter(AlertEvent)


def events_in(data: bytes) -> Sequence[AlertEvent]:
    return [decode_as(_EVENT, line) for line in data.split(b"\n")[:-1]]


class TestToAFile(ChannelContract):
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "alerts.jsonl"

    @pytest.fixture
    def open_channel(self, path: Path) -> Open:
        return lambda: LogChannel(path)

    @pytest.fixture
    def received(self, path: Path) -> Received:
        return lambda: events_in(path.read_bytes())

    @pytest.mark.parametrize("cut", [1, 10, 40, 200], ids=lambda cut: f"{cut}_bytes_short")
    def test_a_torn_last_line_is_cut_and_its_alert_comes_again(self, path: Path, cut: int) -> None:
        whole = encode(event(1)) + b"\n"
        path.write_bytes(whole + (encode(event(2)) + b"\n")[:-cut])
        channel = LogChannel(path)
        assert path.read_bytes() == whole
        assert asyncio.run(channel.deliver(event(1))) == AlreadyDelivered()
        assert asyncio.run(channel.deliver(event(2))) == Delivered()
        channel.close()
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
        channel.close()

    def test_a_directory_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ChannelError, match="DRAGOMAN_ALERT_LOG"):
            LogChannel(tmp_path / "nowhere" / "alerts.jsonl")


class TestToAStream(ChannelContract):
    remembers_over_restarts = False

    @pytest.fixture
    def stream(self) -> io.StringIO:
        return io.StringIO()

    @pytest.fixture
    def open_channel(self, stream: io.StringIO) -> Open:
        return lambda: StreamLogChannel(stream)

    @pytest.fixture
    def received(self, stream: io.StringIO) -> Received:
        return lambda: events_in(stream.getvalue().encode())

    def test_a_full_disk_is_no_delivery_and_says_so(self) -> None:
        full = Path("/dev/full")
        if not full.exists():
            pytest.skip("needs /dev/full")
        stream = full.open("w")
        outcome = asyncio.run(StreamLogChannel(stream).deliver(event(1)))
        with pytest.raises(OSError, match="No space left"):
            stream.close()
        assert outcome == NotDelivered("the alert stream: No space left on device")
