"""``python -m banner``."""

import sys

from .cli.main import main

sys.exit(main())
