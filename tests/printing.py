"""Whether pages for the wall can be drawn where the tests run."""

import pytest

from bot.notices.page import REMEDY, can_print

needs_pango = pytest.mark.skipif(not can_print(), reason=f"no Pango here; as root: {REMEDY}")
"""For tests that look at a drawn page. CI fails by itself where they are left out (`.ci/run`)."""
