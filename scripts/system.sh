#!/bin/sh
# Debian packages that `make run` (sandbox) and `make test` (sandbox, browser, ocr) need beside Python.
# Root: installs what is missing. Anyone else: prints the command; what needs them is skipped with the reason.
set -eu
missing=""
for need in "$@"; do
    case "$need" in
    sandbox) command -v bwrap >/dev/null 2>&1 || missing="$missing bubblewrap" ;;
    ocr) command -v tesseract >/dev/null 2>&1 || missing="$missing tesseract-ocr" ;;
    browser) command -v chromium >/dev/null 2>&1 || missing="$missing chromium" ;;
    *) echo "system.sh: unknown need '$need'" >&2; exit 2 ;;
    esac
done
[ -n "$missing" ] || exit 0
install="apt-get update && apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Missing:$missing. Install with: sudo sh -c '$install'" >&2
fi
