"""What the brokers allow us, asked before anything is done that would be refused halfway.

Kafka tells with a topic or a group which operations the one who asks may do there (KIP-430). Our
client has that neither for topics nor, as it decodes it, for groups, so the two requests stand here
as in Kafka's protocol guide (Metadata 8, DescribeGroups 3). Brokers that do not know these versions
are taken at their word later. What is to be allowed is `streams.shell.rights`' business.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    IncompatibleBrokerVersion,
)
from aiokafka.protocol.admin import DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from streams.shell.cluster import ClusterError, administering
from streams.shell.rights import Component, Operation, Right, rights_of
from streams.shell.settings import Settings

_BIT: dict[Operation, int] = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Describe": 8,
    "DescribeConfigs": 10,
}
"""Of the set of operations, by `org.apache.kafka.common.acl.AclOperation`."""
_NOT_TOLD = -(2**31)
_NONE_AT_ALL = 0
_UNAUTHORISED = (29, 30)
"""Of a topic, of a group."""
_LOOKS, _BETWEEN_LOOKS_S = 50, 0.1
_STRING = String("utf-8")


class _MetadataResponse(Response):
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(("node_id", Int32), ("host", _STRING), ("port", Int32), ("rack", _STRING)),
        ),
        ("cluster_id", _STRING),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", _STRING),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("authorized_operations", Int32),
    )


class _MetadataRequestStruct(RequestStruct):
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", Array(_STRING)),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _MetadataRequest(Request[_MetadataRequestStruct]):
    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_MetadataRequestStruct]) -> _MetadataRequestStruct:
        return request_struct_class(self._topics, False, False, True)


class _DescribeGroupsRequestStruct(RequestStruct):
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3
    SCHEMA = Schema(("groups", Array(_STRING)), ("include_authorized_operations", Boolean))


class _DescribeGroupsRequest(Request[_DescribeGroupsRequestStruct]):
    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(
        self, request_struct_class: type[_DescribeGroupsRequestStruct]
    ) -> _DescribeGroupsRequestStruct:
        return request_struct_class([self._group], True)


async def require_rights(
    settings: Settings, components: Iterable[Component], more: Iterable[Right] = ()
) -> None:
    """Raises `ClusterError` with all that these lack. `more`: rights beside their own."""
    wanted = tuple(components)
    missing = await missing_rights(settings, (*rights_of(wanted, settings), *more))
    if missing:
        who = settings.sasl_username or "this client"
        raise ClusterError(
            f"the brokers do not allow {who} all it needs; missing: "
            f"{'; '.join(map(str, missing))}. `dragoman acls {' '.join(wanted)} --user "
            f"{settings.sasl_username or 'NAME'}` prints the commands that allow it."
        )


async def missing_rights(settings: Settings, wanted: Iterable[Right]) -> tuple[Right, ...]:
    """Those of the wanted rights that the brokers say they do not grant.

    None where they do not tell. Raises `ClusterError` where they cannot be reached.
    """
    rights = tuple(wanted)
    async with administering(settings) as admin:
        granted = await _granted(admin, rights)
    return tuple(right for right in rights if not _is_granted(right, granted))


async def _granted(
    admin: AIOKafkaAdminClient, rights: Iterable[Right]
) -> Mapping[tuple[str, str], int]:
    """Sets of operations by kind and name of the resource."""
    topics = sorted({right.name for right in rights if right.resource == "topic"})
    granted: dict[tuple[str, str], int] = {}
    try:
        metadata = await admin._send_request(_MetadataRequest(topics))
    except (NotImplementedError, IncompatibleBrokerVersion):
        return granted  # the client's words for a version that the broker does not know
    answer = metadata.to_object()
    for topic in answer["topics"]:
        granted["topic", topic["topic"]] = _set_of(topic)
    for right in rights:
        if right.resource == "group":
            granted["group", right.name] = await _of_group(admin, right.name)
    return granted


async def _of_group(admin: AIOKafkaAdminClient, group: str) -> int:
    try:
        answer = await described_group(admin, group)
    except GroupAuthorizationFailedError:
        return _NONE_AT_ALL
    return _NOT_TOLD if answer is None else _set_of(answer)


async def described_group(admin: AIOKafkaAdminClient, group: str) -> Mapping[str, Any] | None:
    """What its coordinator tells of a group; `None` where it does not, as an old broker.

    Raises what the client raises, `GroupAuthorizationFailedError` where we may not see it.
    """
    for _ in range(_LOOKS):
        try:
            coordinator = await admin.find_coordinator(group)
            answer = await admin._send_request(_DescribeGroupsRequest(group), coordinator)
            described: Mapping[str, Any] = answer.to_object()["groups"][0]
            if described["error_code"] in _UNAUTHORISED:
                raise GroupAuthorizationFailedError(group)
            return described
        except (NotImplementedError, IncompatibleBrokerVersion):
            return None
        except CoordinatorNotAvailableError:  # it makes its topic when it is first asked
            await asyncio.sleep(_BETWEEN_LOOKS_S)
    return None


def _set_of(answer: Mapping[str, Any]) -> int:
    if answer["error_code"] in _UNAUTHORISED:
        return _NONE_AT_ALL
    return int(answer["authorized_operations"])


def _is_granted(right: Right, granted: Mapping[tuple[str, str], int]) -> bool:
    operations = granted.get((right.resource, right.name), _NOT_TOLD)
    return operations == _NOT_TOLD or bool(operations >> _BIT[right.operation] & 1)
