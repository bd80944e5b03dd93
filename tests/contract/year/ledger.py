"""The history of a fleet, read with git alone: what reports are recomputed
from. Nothing of the program's own code or caches is used."""
import datetime
import glob
import json
import os
import re
import subprocess

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)


def moment(text):
    """A time as our documents write it; a plain day is its midnight."""
    if len(text) == 10:
        text += "T00:00:00Z"
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def milliseconds(span):
    return round(span / datetime.timedelta(milliseconds=1))


def release_day(month, later=0):
    """18:00 UTC on the second Tuesday of "2027-06", months later."""
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 + later
    first = datetime.datetime(number // 12, number % 12 + 1, 1, 18, tzinfo=UTC)
    return first + ((1 - first.weekday()) % 7 + 7) * DAY


class Git:
    def __init__(self, repository):
        self.repository = repository

    def run(self, *words):
        return subprocess.run(["git", "-C", self.repository, *words],
                              check=True, stdout=subprocess.PIPE).stdout

    def documents(self, blobs):
        """Parsed, each of the object ids once."""
        out = {}
        asked = subprocess.run(
            ["git", "-C", self.repository, "cat-file", "--batch"], check=True,
            input="\n".join(blobs).encode() + b"\n",
            stdout=subprocess.PIPE).stdout
        at = 0
        for blob in blobs:
            end = asked.index(b"\n", at)
            size = int(asked[at:end].split()[2])
            out[blob] = json.loads(asked[end + 1:end + 1 + size])
            at = end + size + 2
        return out

    def changes(self, branch, folder):
        """Every version of every file below a folder: (path, object id), in
        the order of the commits."""
        raw = self.run("log", "--reverse", "--root", "--raw", "--no-abbrev",
                       "-r", "--format=", branch, "--", folder).decode()
        for line in raw.splitlines():
            about, path = line.split("\t", 1)
            yield path, about.split()[3]


def evidence_and_facts(git):
    """Records of runs by host, in order of their end, and facts by host:
    [(since when they were so, document)]."""
    changes = list(git.changes("ledger", "hosts"))
    documents = git.documents(list(dict.fromkeys(b for _, b in changes)))
    evidence, facts = {}, {}
    for path, blob in changes:
        host = path.split("/")[2]
        document = documents[blob]
        if path.endswith("/facts.json"):
            times = [moment(f["at"]) for f in document["facts"].values()]
            times.append(moment(document["net"]["at"]))
            facts.setdefault(host, {})[max(times)] = document
        elif "/break-glass/" not in path:
            evidence.setdefault(host, {})[path] = document
    for host, runs in evidence.items():
        evidence[host] = sorted(runs.values(), key=lambda r: moment(r["ended"]))
    return evidence, {h: sorted(v.items()) for h, v in facts.items()}


def revision(build):
    return int(build.split(".")[1])


def build_order(row):
    return tuple(int(part) for part in row.get("build", "0").split("."))


class Catalogue:
    """What the program ships, and over it what the fleet says."""

    def __init__(self, shipped, fleet):
        self.rows, self.cves, self.ends, rows = {}, {}, {}, {}
        files = sorted(glob.glob(os.path.join(shipped, "*.json")))
        files += sorted(glob.glob(os.path.join(fleet, "catalogue", "*.json")))
        for name in files:
            with open(name, encoding="utf-8") as file:
                document = json.load(file)
            for cve in document.get("cves", []):
                self.cves[cve["id"]] = cve
            if "ends" in document:
                self.ends[document["product"]] = document["ends"]
            for row in document.get("releases", []):
                row["product"] = document["product"]
                row["out"] = moment(row["released"])
                key = tuple(row.get(k, "") for k in (
                    "product", "kernel", "patch", "kb", "build"))
                rows[key] = row
        for row in rows.values():
            self.rows.setdefault(row["product"], []).append(row)
        for all_rows in self.rows.values():
            all_rows.sort(key=lambda r: (
                r.get("kernel", ""), r["out"], r.get("patch", ""),
                build_order(r), r.get("kb", "")))
            for number, row in enumerate(all_rows):
                row["number"] = number

    def known(self, product, now):
        return [r for r in self.rows.get(product, []) if r["out"] <= now]

    def worst(self, rows):
        order = ["unknown", "low", "moderate", "important", "critical"]
        named = [self.cves.get(c, {}).get("severity", "unknown")
                 for r in rows for c in r.get("cves", [])]
        return max(named, key=order.index, default="unknown")

    def is_exploited(self, rows):
        return any(self.cves.get(c, {}).get("exploited")
                   for r in rows for c in r.get("cves", []))


def hosts_of(fleet):
    out = {}
    pattern = os.path.join(fleet, "hosts", "**", "*.json")
    for name in glob.glob(pattern, recursive=True):
        with open(name, encoding="utf-8") as file:
            host = json.load(file)
        out[host["name"]] = host
    return out


def words(facts, key):
    value = facts.get(key, {}).get("value", "")
    return [] if value == "none" else re.split(r"\s+", value.strip())
