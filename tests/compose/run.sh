#!/bin/sh
# `make test-compose`: brings the whole service up in containers, plays the bundled stream, kills processes, checks.
# Needs Docker's engine with compose; leaves nothing behind.
set -eu
cd "$(dirname "$0")/../.."
TOCSIN_TEST_COMPOSE=1 exec "${PYTHON:-python}" -m pytest tests/compose -v -s "$@"
