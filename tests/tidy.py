"""clang-tidy over every source of the project, once each, on all cores; findings in headers are counted once.

    tests/tidy.py BUILD_FOLDER [FILE_FOR_COUNTS]

BUILD_FOLDER holds compile_commands.json (cmake --preset tidy). Prints every finding and a summary by check; ends with 1 if there
is any, or if it scanned nothing. FILE_FOR_COUNTS gets "passed failed skipped" in sources.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("lib", "kb", "importers", "apps", "tests")
FINDING = re.compile(r"^(/[^:]+):(\d+):(\d+): (?:warning|error): (.*) \[([^\]]+)\]$")


def sources(build):
    """Sources of ours in the compile database, by path from the root."""
    files = {pathlib.Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    ours = [path.relative_to(ROOT) for path in files if path.is_relative_to(ROOT)]
    return sorted(path for path in ours if path.parts[0] in FOLDERS)


def findings_of(build, path):
    """(finding as "path:line:column: message", its check) of each finding; what clang-tidy says otherwise when it fails."""
    done = subprocess.run(["clang-tidy-14", "-p", build, "--quiet", ROOT / path], capture_output=True, text=True)
    found = []
    for line in done.stdout.splitlines():
        match = FINDING.match(line)
        if match:
            where, row, column, message, check = match.groups()
            found.append((f"{os.path.relpath(where, ROOT)}:{row}:{column}: {message}", check))
    if done.returncode != 0 and not found:
        found.append((f"{path}: clang-tidy ended with {done.returncode}: {done.stderr[-500:]}", "clang-tidy"))
    return found


def main(build, counts=None):
    build = pathlib.Path(build).resolve()
    files = sources(build)
    if len(files) < 20:
        sys.exit(f"tidy: found only {len(files)} sources of ours in {build}; wrong folder?")
    seen, checks, faulty = set(), collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, found in zip(files, pool.map(lambda path: findings_of(build, path), files)):
            faulty += bool(found)
            for finding in found:
                if finding not in seen:
                    seen.add(finding)
                    checks[finding[1]] += 1
                    print(f"{finding[0]} [{finding[1]}]", flush=True)
    for check, count in checks.most_common():
        print(f"{count:6} {check}")
    print(f"tidy: {len(files)} sources, {len(seen)} findings")
    if counts:
        pathlib.Path(counts).write_text(f"{len(files) - faulty} {faulty} 0\n")
    sys.exit(1 if seen else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
