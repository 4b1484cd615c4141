"""How an item came in is read from the headers of its message."""

from types import SimpleNamespace
from typing import Any

import pytest
from plain_wire import EPOCH

from streams.core.wire import Arrival
from streams.shell.agents.parse import UNKNOWN_FEED, arrival_of


def event(**headers: str) -> Any:
    said = [(name, value.encode()) for name, value in headers.items()]
    return SimpleNamespace(message=SimpleNamespace(headers=said, timestamp=EPOCH.timestamp()))


@pytest.mark.parametrize(
    ("headers", "arrival"),
    [
        pytest.param({}, Arrival(UNKNOWN_FEED, EPOCH), id="no_headers"),
        pytest.param({"received_at": "noon"}, Arrival(UNKNOWN_FEED, EPOCH), id="no_time"),
        pytest.param(
            {"feed": "a", "format": "text", "source": "B", "language": "fr", "trust": "low"},
            Arrival("a", EPOCH, "text", "B", "fr", "low"),
            id="all_of_them",
        ),
        pytest.param(
            {"feed": "a", "language": "fr-CA"}, Arrival("a", EPOCH, language="fr"), id="long_tag"
        ),
        pytest.param({"feed": "a", "language": "!"}, Arrival("a", EPOCH), id="no_language"),
        pytest.param(
            {"feed": "a", "trust": "hihg"},
            Arrival("a", EPOCH, trust="low"),
            id="a_trust_that_is_not_known_is_low",
        ),
    ],
)
def test_an_arrival_has_what_the_headers_say(headers: dict[str, str], arrival: Arrival) -> None:
    assert arrival_of(event(**headers)) == arrival
