"""clang-tidy over every source of the project, once each, on all cores; findings in headers are counted once.

    cmake --preset tidy && tests/tidy.py build/tidy [lib/packed kb/check.cpp ...]

Prints every finding and a summary by check; ends with 1 if there is any, or if it scanned nothing.
"""
import argparse
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


def sources(build, wanted):
    """Sources of ours in the compile database, by path from the root: those below or equal to one of `wanted`."""
    files = {pathlib.Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    ours = [path.relative_to(ROOT) for path in files if path.is_relative_to(ROOT)]
    return sorted(path for path in ours if any(path.is_relative_to(each) for each in wanted))


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


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path, help="folder with compile_commands.json")
    arguments.add_argument("wanted", nargs="*", default=FOLDERS, help="folders or sources, from the repository's root")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments.add_argument("--counts", type=pathlib.Path, help="gets how many sources passed, failed and were skipped")
    options = arguments.parse_args()
    build = options.build.resolve()
    files = sources(build, options.wanted)
    if not files:
        sys.exit(f"tidy: no source of ours in {build}; wrong folder?")
    seen, checks, faulty = set(), collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(lambda path: findings_of(build, path), files):
            faulty += bool(found)
            for finding in found:
                if finding not in seen:
                    seen.add(finding)
                    checks[finding[1]] += 1
                    print(f"{finding[0]} [{finding[1]}]", flush=True)
    for check, count in checks.most_common():
        print(f"{count:6} {check}")
    print(f"tidy: {len(files)} sources, {len(seen)} findings")
    if options.counts:
        options.counts.write_text(f"{len(files) - faulty} {faulty} 0\n")
    sys.exit(1 if seen else 0)


if __name__ == "__main__":
    main()
