#!/bin/sh
# Prints the path of a Python 3.11 that can make environments, or says how to get one.
set -u

# The one that made the environment is asked first: it has what is needed.
home=$(sed -n 's/^home = //p' .venv/pyvenv.cfg 2>/dev/null)
if [ -z "${MILEPOST_PYTHON:-}" ] && [ -n "$home" ]; then
    "$home/python3" -c '
import sys
if sys.version_info[:2] != (3, 11):
    sys.exit(1)
print(sys.executable)
' 2>/dev/null && exit 0
fi

works() {
    [ -n "${1:-}" ] && "$1" -c '
import sys, venv, ensurepip, ssl, sqlite3
sys.exit(sys.version_info[:2] != (3, 11))
' >/dev/null 2>&1
}

accept() {
    if works "$1"; then
        "$1" -c 'import sys; print(sys.executable)'
        exit 0
    fi
}

for name in ${MILEPOST_PYTHON:-} python3 python3.11; do
    found=$(command -v "$name" 2>/dev/null) && accept "$found"
done

versions=""
if command -v pyenv >/dev/null 2>&1; then
    versions=$(pyenv root 2>/dev/null)
fi
for root in "$versions" "${PYENV_ROOT:-}" "${HOME:-}/.pyenv"; do
    [ -d "$root/versions" ] || continue
    for found in "$root"/versions/3.11.*/bin/python3; do
        [ -x "$found" ] && accept "$found"
    done
done

if command -v uv >/dev/null 2>&1; then
    accept "$(uv python find 3.11 2>/dev/null)"
    echo "Fetching Python 3.11 with uv ..." >&2
    uv python install 3.11 >&2 && accept "$(uv python find 3.11 2>/dev/null)"
fi

echo "missing  Python 3.11 with its venv and ensurepip modules.
         Looked for: python3, python3.11, pyenv's versions folder, uv.
         Any one of these gets it:
           Debian, Ubuntu:  apt-get install python3.11 python3.11-venv
           pyenv:           pyenv install 3.11
           uv:              uv python install 3.11
         Or name one: MILEPOST_PYTHON=/path/to/python3.11 make run" >&2
exit 1
