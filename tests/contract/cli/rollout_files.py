"""JUnit XML and Prometheus text of a run against its JSON report.

usage: rollout_files.py REPORT.json JUNIT.xml METRICS.prom
Prints one line for each thing that is wrong; silent when nothing is.
"""
import collections
import json
import re
import sys
import xml.etree.ElementTree as xml

ELEMENT = {
    "failed": "failure", "unverified": "error", "unreachable": "error",
    "not-seen": "error", "refused": "error", "locked": "error",
    "under-way": "error", "tried-again": "error", "asleep": "error",
    "skipped": "skipped", "ineligible": "skipped", "waiting": "skipped",
    "cancelled": "skipped", "closed": "skipped", "called-off": "skipped",
}
COUNTERS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL}(?:,{LABEL})*)?)\}})? (-?[0-9]+)")


def check_junit(report, path):
    root = xml.parse(path).getroot()
    if root.tag != "testsuites":
        yield f"the root is {root.tag}"
    rings = [ring["name"] for ring in report["rings"]]
    names = [suite.get("name") for suite in root]
    if names[:len(rings)] != rings:
        yield f"suites are {names}"
    cases = {}
    for suite in root:
        own = list(suite)
        if int(suite.get("tests")) != len(own):
            yield f"{suite.get('name')}: counts {suite.get('tests')} tests"
        for counter, tag in COUNTERS.items():
            found = sum(case.find(tag) is not None for case in own)
            if int(suite.get(counter)) != found:
                yield f"{suite.get('name')}: {counter} is not {found}"
        for case in own:
            if case.get("name") in cases:
                yield f"{case.get('name')} stands there twice"
            cases[case.get("name")] = (suite.get("name"), case)
    for counter in ("failures", "errors", "tests"):
        if int(root.get(counter)) != sum(int(s.get(counter)) for s in root):
            yield f"{counter} of all suites do not add up"
    for host in report["hosts"]:
        ring, case = cases.get(host["name"], (None, None))
        if ring != host["ring"]:
            yield f"{host['name']} is in suite {ring}"
            continue
        want = ELEMENT.get(host["outcome"])
        tags = [child.tag for child in case]
        if tags != ([want] if want else []):
            yield f"{host['name']}: {host['outcome']}, but {tags}"
        elif want and not case[0].get("message").startswith(host["outcome"]):
            yield f"{host['name']}: says {case[0].get('message')}"
        if float(case.get("time")) < 0:
            yield f"{host['name']} took {case.get('time')}"


def read_metrics(path):
    """(name, labels) -> value; raises ValueError at the first wrong line."""
    values, helped, typed = {}, set(), {}
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    if not text.endswith("\n") or "\r" in text:
        raise ValueError("lines do not end in newlines")
    for line in text[:-1].split("\n"):
        if line.startswith("# "):
            _, what, name, rest = line.split(" ", 3)
            if what == "HELP" and name not in helped and rest:
                helped.add(name)
            elif what == "TYPE" and name not in typed and rest == "gauge":
                typed[name] = rest
            else:
                raise ValueError(line)
            last = name
            continue
        match = SAMPLE.fullmatch(line)
        if not match or match[1] not in helped or match[1] not in typed:
            raise ValueError(line)
        if match[1] != last:
            raise ValueError(f"{match[1]} stands in two places")
        labels = tuple(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2]))
        if (match[1], labels) in values:
            raise ValueError(f"twice: {line}")
        values[match[1], labels] = int(match[3])
    return values


def check_metrics(report, path):
    try:
        values = read_metrics(path)
    except ValueError as error:
        yield str(error)
        return
    hosts, states = collections.Counter(), {}
    for (name, labels), value in values.items():
        of = dict(labels)
        if of["run"] != report["run"] or of["fleet"] != report["fleet"]:
            yield f"{name} is about another run"
        if name == "hotfleet_run_hosts":
            hosts[of["ring"], of["outcome"]] += value
        elif name == "hotfleet_run_state":
            states[of["state"]] = value
    if [state for state, value in states.items() if value] != [report["state"]]:
        yield f"states are {states}"
    want = collections.Counter(
        (host["ring"], host["outcome"]) for host in report["hosts"])
    for key in want.keys() | hosts.keys():
        if want[key] != hosts[key]:
            yield f"{hosts[key]} hosts {key}, not {want[key]}"
    names = {name for name, _ in values}
    for name in ("hotfleet_run_budget_spent", "hotfleet_run_budget_allowed",
                 "hotfleet_run_began_timestamp_seconds",
                 "hotfleet_run_written_timestamp_seconds"):
        if name not in names:
            yield f"no {name}"
    ended = "hotfleet_run_ended_timestamp_seconds" in names
    if ended != (report["state"] == "over"):
        yield "says when it ended, or not, although it did not, or did"


def main():
    report_path, junit, metrics = sys.argv[1:]
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    wrong = [*check_junit(report, junit), *check_metrics(report, metrics)]
    print("\n".join(wrong), end="")
    sys.exit(bool(wrong))


main()
