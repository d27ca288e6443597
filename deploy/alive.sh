#!/bin/sh
# The health check of a worker: its watchdog touches this file as long as it makes progress.
test -n "$(find "${TOCSIN_ALIVE_FILE:-/tmp/alive}" -newermt '-60 seconds' 2>/dev/null)"
