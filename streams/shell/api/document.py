"""The OpenAPI document as a file, for other programs; made without brokers, the same each time."""

import json

from streams.core.knowledge import Knowledge
from streams.shell.api.app import build, description
from streams.shell.api.backing import Api
from streams.shell.api.keys import Keys
from streams.shell.api.run import now
from streams.shell.settings import Settings

OPENAPI_FILE = "openapi.json"


def openapi_document() -> bytes:
    """The bytes of `OPENAPI_FILE`."""
    api = Api(Settings.model_validate({}), nobody_known(), Keys(), now)
    told = description(build(api))
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def nobody_known() -> Knowledge:
    """Of an API that knows nothing: the document does not depend on who is known."""
    return Knowledge(
        version="",
        leaders=(),
        countries=(),
        cities=(),
        seats=(),
        organisations=(),
        titles=(),
        topics=(),
        beside=(),
        lexicons={},
        forests={},
        topic_weights={},
    )
