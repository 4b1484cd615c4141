"""The installed `dragoman api` as a child process, and clients of it, for tests."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import httpx
from worker_process import Place, until

from streams.shell.api.keys import Scope, entry, new_key

DRAGOMAN = str(Path(sys.executable).with_name("dragoman"))


class ApiProcess:
    """One API with a key for each scope. Leaves no process behind when used as a context."""

    def __init__(self, place: Place, **more: str) -> None:
        scopes: tuple[Scope, ...] = ("read", "calendar", "subscriptions", "admin")
        self.keys: dict[str, str] = {scope: new_key() for scope in scopes}
        file = place.directory / "keys.toml"
        file.write_text("\n".join(entry(s, f"tests of {s}", [s], self.keys[s]) for s in scopes))
        self.log = place.directory / "api.log"
        self._from = self.log.stat().st_size if self.log.exists() else 0
        environment = (
            {"DRAGOMAN_API_PORT": "0"}
            | place.environment()
            | {"DRAGOMAN_API_KEYS_FILE": str(file), **more}
        )
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [DRAGOMAN, "api"], env=environment, stdout=out, stderr=out
            )

    def __enter__(self) -> "ApiProcess":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def address(self) -> str:
        """Where it answers."""
        return until("the API answers", self._address)

    def _address(self) -> str | None:
        assert self.process.poll() is None, self.log.read_text()
        for line in self.log.read_text()[self._from :].splitlines():
            if "the API is at " in line and line.endswith("}"):
                return str(json.loads(line)["message"].removeprefix("the API is at "))
        return None

    def wait_ready(self) -> "ApiProcess":
        """Until its view has caught up."""

        def ready() -> bool:
            return self.ask("/readyz", scope=None).status_code == 200

        until("the API is ready", ready)
        return self

    def ask(
        self, path: str, scope: str | None = "read", method: str = "GET", **more: Any
    ) -> httpx.Response:
        """An answer, asked for with the key of a scope."""
        headers = dict(more.pop("headers", {}))
        if scope is not None:
            headers["Authorization"] = f"Bearer {self.keys[scope]}"
        return httpx.request(method, self.address + path, headers=headers, timeout=30, **more)

    def get(self, path: str, scope: str | None = "read", **query: Any) -> Any:
        """The JSON of an answer that is there."""
        found = self.ask(path, scope, params=query)
        assert found.status_code == 200, found.text
        return found.json()

    @contextmanager
    def stream(self, last_event_id: str | None = None, **query: Any) -> Iterator["SseClient"]:
        """A client that follows alerts until it is left."""
        headers = {"Authorization": f"Bearer {self.keys['read']}"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        with httpx.stream(
            "GET",
            self.address + "/v1/alerts/stream",
            headers=headers,
            params=query,
            timeout=httpx.Timeout(10, read=60),
        ) as reply:
            assert reply.status_code == 200, reply.read()
            yield SseClient(reply)

    def stop(self) -> int:
        """Exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


class SseClient:
    """Reads as the HTML standard says: an id counts when its block ends, with or without data."""

    def __init__(self, reply: httpx.Response) -> None:
        self.last_event_id = ""
        self._found: Queue[dict[str, Any]] = Queue()
        self.marks: Queue[str] = Queue()
        threading.Thread(target=self._read, args=(reply,), daemon=True).start()

    def _read(self, reply: httpx.Response) -> None:
        data: list[str] = []
        id_ = None
        try:
            for line in reply.iter_lines():
                name, _, value = line.partition(": ")
                if name == "data":
                    data.append(value)
                elif name == "id":
                    id_ = value
                elif not line:
                    if data:
                        self._found.put({"id": id_, "event": json.loads("\n".join(data))})
                    elif id_ is not None:
                        self.marks.put(id_)
                    data = []
        except (httpx.HTTPError, RuntimeError, ValueError):
            return  # it was left

    def begun(self) -> "SseClient":
        """Once the first id has come."""
        self.last_event_id = self.marks.get(timeout=20)
        return self

    def next(self) -> Any:
        """The next event; its id is then the last."""
        try:
            found = self._found.get(timeout=20)
        except Empty:
            raise AssertionError("no event came") from None
        self.last_event_id = found["id"]
        return found["event"]

    def is_quiet(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._found.empty()


class Follower:
    """A client that drops out again and again, and comes back with the id of the last event."""

    def __init__(self, api: ApiProcess, begin: str) -> None:
        self._api, self._at = api, begin
        self.told: list[str] = []

    def take(self, count: int) -> None:
        """Comes, takes so many alerts and drops out, with more on the way or not."""
        with self._api.stream(self._at) as client:
            for _ in range(count):
                self.told.append(client.next()["id"])
            self._at = client.last_event_id
