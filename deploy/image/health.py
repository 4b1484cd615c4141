"""Whether the process of this container answers: exit code 0 if its page /healthz does.

`health.py [PORT]`, by default the worker's. Alone in a file, so that a check every few seconds
imports nothing of ours. Whether it has caught up is /readyz' business, not this one's.
"""

import http.client
import os
import sys


def main() -> int:
    port = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DRAGOMAN_WEB_PORT") or 6066)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return 0 if connection.getresponse().status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"nothing answers on port {port}: {error}\n")
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
