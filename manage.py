#!/usr/bin/env python
"""Django's command line: it finds the servers that run, or starts some for its own time, before Django reads them."""

import os
import sys

from meg.embedded.refusal import Refusal
from meg.embedded.servers import servers_for


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meg.settings")
    from django.core.management import execute_from_command_line

    try:
        with servers_for(sys.argv[1] if len(sys.argv) > 1 else "help"):
            execute_from_command_line(sys.argv)
    except Refusal as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
