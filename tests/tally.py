#!/usr/bin/env python3
"""Counts single checks: tally.py [--strict] REPORT.xml, or --lines FILE.

REPORT.xml is ctest's JUnit output. A check is a cmocka test or a line
'ok NAME', 'not ok NAME: why', 'skip NAME: why'; a program that printed none
counts as one. With --strict a skip is a failure. The last line printed is
'N passed, N failed, N skipped'; the exit code is 1 when any failed.
"""
import argparse
import re
import sys
import xml.etree.ElementTree as xml

KINDS = (
    ("passed", re.compile(r"^(?:ok |\[       OK \] )(.*)")),
    ("failed", re.compile(r"^(?:not ok |\[  FAILED  \])(.*)")),
    ("skipped", re.compile(r"^(?:skip |\[  SKIPPED \])(.*)")),
)
# cmocka repeats the names of failed and skipped tests below its summary
SUMMARY = re.compile(r"^\[  (?:PASSED|FAILED|SKIPPED) *\] \d+ test\(s\)")
GROUP = re.compile(r"^\[==========\] Running ")


def checks(text):
    """The (kind, name) of every check that the text reports."""
    found, repeated = [], False
    for line in text.splitlines():
        if GROUP.match(line):
            repeated = False
        elif SUMMARY.match(line):
            repeated = True
        for kind, pattern in KINDS:
            hit = pattern.match(line)
            if hit and not repeated:
                found.append((kind, hit.group(1).strip()))
    # a cmocka test says why it skips itself just before cmocka does
    said = {name.split(":")[0] for kind, name in found
            if kind == "skipped" and ":" in name}
    return [c for c in found if c[0] != "skipped" or c[1] not in said]


def of_case(case):
    """The checks of one ctest test."""
    name, status = case.get("name"), case.get("status")
    if case.find("skipped") is not None or status == "disabled":
        skips = [c for c in checks(case.findtext("system-out") or "")
                 if c[0] == "skipped"]
        return skips or [("skipped", name)]
    listed = checks(case.findtext("system-out") or "")
    if status == "run":
        return listed or [("passed", name)]
    if not any(kind == "failed" for kind, _ in listed):
        why = case.find("failure")
        text = why.get("message") if why is not None else ""
        listed.append(("failed", f"{name}: ended badly {text or ''}".strip()))
    return listed


def read(options):
    """Every check as (kind, test, name)."""
    if options.lines:
        with open(options.file, encoding="utf-8", errors="replace") as text:
            return [(k, "", n) for k, n in checks(text.read())]
    try:
        root = xml.parse(options.file).getroot()
    except (OSError, xml.ParseError) as error:
        return [("failed", "", f"no report of the tests: {error}")]
    return [(kind, case.get("name"), name)
            for case in root.iter("testcase") for kind, name in of_case(case)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("file")
    options = parser.parse_args()

    count = {"passed": 0, "failed": 0, "skipped": 0}
    for kind, test, name in read(options):
        if kind != "passed":
            print(f"{kind}: {test + ': ' if test else ''}{name}")
        if options.strict and kind == "skipped":
            kind = "failed"
        count[kind] += 1
    print(", ".join(f"{number} {kind}" for kind, number in count.items()))
    return 1 if count["failed"] or not count["passed"] else 0


sys.exit(main())
