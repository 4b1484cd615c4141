"""What the doctor says of the workers' group, by what brokers tell of it."""

from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from streams.shell.doctor.cluster import of_group

WANTED: Any = {
    "parse": [TopicPartition("stories.raw.v1", 0), TopicPartition("stories.raw.v1", 1)],
    "read": [TopicPartition("stories.v1", 0), TopicPartition("stories.v1", 1)],
}
OK = [("ok", "2 in the group desk")]
NONE_READS = "2 in the group desk, but nobody reads stories.v1 for read"


def member(**has: list[int]) -> dict[str, Any]:
    assignment = [(name.replace("_", "."), numbers) for name, numbers in has.items()]
    return {"member_assignment": ConsumerProtocolMemberAssignment(0, assignment, b"").encode()}


FRESH = {"member_assignment": b""}
RAW, READ = member(stories_raw_v1=[0, 1]), member(stories_v1=[0, 1])

CASES: dict[str, tuple[str, list[dict[str, Any]], list[tuple[str, str]]]] = {
    "nobody": ("Empty", [], [("wrong", "none is in the group desk")]),
    "each_hop_has_one": ("Stable", [RAW, READ], OK),
    "shared_out_between_two": (
        "Stable",
        [member(stories_raw_v1=[0, 1], stories_v1=[1]), member(stories_v1=[0])],
        OK,
    ),
    "a_hop_that_nobody_runs": ("Stable", [RAW, FRESH], [("wrong", NONE_READS)]),
    "a_partition_that_nobody_has": (
        "Stable",
        [RAW, member(stories_v1=[0])],
        [("wrong", NONE_READS)],
    ),
    "still_shared_out": (
        "PreparingRebalance",
        [FRESH, FRESH],
        [("ok", "2 in the group desk, which shares out its partitions")],
    ),
}


@pytest.mark.parametrize(("state", "members", "told"), CASES.values(), ids=CASES)
def test_each_hop_has_a_worker_that_reads_its_topics(
    state: str, members: list[dict[str, Any]], told: list[tuple[str, str]]
) -> None:
    found = of_group("desk", {"state": state, "members": members}, WANTED)

    assert [(each.state, each.told) for each in found] == told
    assert all(bool(each.remedy) == (each.state == "wrong") for each in found)
