"""`python -m firstcall`: the command line without an installed script."""

import sys

from firstcall.web.cli.main import main

sys.exit(main())
