"""Sees to what tests need besides Python packages: Debian packages, where that can be done. Standard library only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# What shows that a package is there → the package.
PACKAGES = {
    "/usr/lib/rabbitmq": "rabbitmq-server",
    "/usr/lib/postgresql": "postgresql",
    "/usr/bin/softhsm2-util": "softhsm2",
    "/usr/bin/pkcs11-tool": "opensc",
    "/usr/bin/xmlsec1": "xmlsec1",
    "/usr/bin/xmllint": "libxml2-utils",
    "/usr/bin/chromium": "chromium",
    "/usr/bin/sftp": "openssh-client",
    "/usr/bin/openssl": "openssl",
}


def main() -> None:
    missing = [package for path, package in PACKAGES.items() if not Path(path).exists()]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"not here, and not to be installed without root on Debian: {', '.join(missing)}")
        print("tests that need them are skipped and say so")
        return
    print(f"installing for the tests: {', '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A package's own service must not start: tests run private instances.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
            done = subprocess.run(["apt-get", *arguments], env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"apt-get {arguments[0]} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
    finally:
        if ours:
            policy.unlink()


if __name__ == "__main__":
    main()
