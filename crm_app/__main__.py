"""`python -m crm_app`."""

import os
import sys

from crm_app.cli import main

os.umask(0o077)  # what the program writes is read by who runs it and by nobody else
sys.exit(main())
