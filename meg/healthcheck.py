"""`python -m meg.healthcheck`: exits 0 when the web server of this container is ready, else 1, saying why."""

import os
import sys
import urllib.error
import urllib.request


def main(port: int = 8000) -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".*") or "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz/", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own address
            return 0
    except urllib.error.HTTPError as error:
        with error:
            sys.stdout.write(error.read().decode(errors="replace"))
    except OSError as error:
        sys.stdout.write(str(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())
