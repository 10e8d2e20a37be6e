#!/bin/sh
# Takes every package registry's address out of uv.lock: names, versions and hashes pin the packages, and each machine
# fetches them from whatever index it is configured for.
set -eu
cd "$(dirname "$0")/../.."
sed -E -i \
    -e 's#registry = "https?://[^"]*"#registry = "https://index.invalid/simple"#g' \
    -e 's#url = "https?://[^"]*/([^/"]+)"#url = "https://files.invalid/\1"#g' \
    uv.lock
