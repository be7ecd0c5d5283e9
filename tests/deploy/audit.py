"""`uv audit` over the lock file. No network is said, and fails nothing: a weakness found does.

`python -m tests.deploy.audit [UV]`, from the root. Ends with 1 where a locked package has a known weakness.
"""

import subprocess
import sys

AWAY = ("dns error", "client error (connect)", "request failed", "timed out", "error sending request")
"""What uv says where the database of weaknesses can't be reached."""


def away(told: str) -> bool:
    """Whether it was the network, and no answer came."""
    return "error: " in told and any(one in told.lower() for one in AWAY)


def main(uv: str) -> int:
    """Run it; 0 where nothing is known, or nobody could be asked."""
    words = [uv, "audit", "--frozen", "--preview-features", "audit-command"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode and away(done.stderr):
        print("The audit was left out: the database of known weaknesses (api.osv.dev) can't be reached from here.")
        return 0
    print(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ["uv"]))
