"""`python -m imagecraft_desktop`: the same as the command `imagecraft-desktop`."""

import sys

from imagecraft_desktop.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
