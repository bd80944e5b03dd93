"""Where a host stands by what it said of itself, worked out in the plainest
way that the documents allow."""
from ledger import moment, revision, words

BASELINES = ("baseline", "unplanned-baseline")


def line_of(row):
    """What taking it does to the track."""
    if "line" in row:
        return row["line"]
    if row["type"] in BASELINES:
        return "kept"
    return "hotpatch" if row["type"] == "hotpatch" else "restart"


def product_of(facts):
    if "kernel.release" in facts:
        return "linux"
    build = facts["os.build"]["value"]
    if facts["os.installation"]["value"] == "Server":
        return {"20348": "ws2022-azure", "26100": "ws2025"}[build]
    return {"26100": "w11-24h2", "26200": "w11-25h2"}[build]


def newest_baseline(rows):
    return [r for r in rows if r["type"] in BASELINES][-1]


class Windows:
    """A host on the line of its product at a time."""

    def __init__(self, facts, catalogue, now):
        self.product = product_of(facts)
        self.rows = [r for r in catalogue.known(self.product, now)
                     if r["type"] != "companion"]
        self.build = "%s.%s" % (facts["os.build"]["value"],
                                facts["os.ubr"]["value"])
        kbs = words(facts, "updates")
        mine = [r for r in self.rows if r["build"] == self.build]
        if len(mine) > 1:
            mine = [r for r in mine if r["kb"] in kbs]
        self.row = mine[-1] if mine else None
        newest = newest_baseline(self.rows)
        self.late = self.rows[-1]
        self.ordinary = [r for r in self.rows if line_of(r) != "hotpatch"][-1]
        self.target = [r for r in self.rows if line_of(r) != "restart"][-1]
        self.base = self.stray = None
        if self.row:
            self.base = newest_baseline(self.rows[:self.rows.index(self.row)
                                                  + 1])
            for row in self.rows:
                if (line_of(row) == "restart" and row["kb"] in kbs
                        and row["out"] >= self.base["out"]):
                    self.stray = row
            off = self.stray or line_of(self.row) == "restart"
            old = self.base is not newest
        else:
            off = True
            above = [r for r in self.rows
                     if revision(r["build"]) > revision(self.build)]
            old = bool(above) and above[0]["number"] <= newest["number"]
        self.coverage = ("restart-due" if old else
                         "off-track" if off else "covered")
        if facts["vbs.status"]["value"] != "2":
            self.coverage = "ineligible"

    def missing(self):
        """What it lacks, or None."""
        covered = self.coverage == "covered"
        if not covered and self.row["month"] < self.late["month"]:
            return (self.target
                    if self.ordinary["month"] < self.target["month"]
                    else self.ordinary)
        newest = (self.target if covered or line_of(self.row) == "hotpatch"
                  else self.ordinary)
        return newest if newest["number"] > self.row["number"] else None

    def patch(self, recent):
        if not self.row:
            if self.coverage == "restart-due":
                return "behind"
            return "behind" if revision(self.build) < min(
                revision(r["build"]) for r in self.rows
                if r["month"] == self.late["month"]) else "unknown"
        missing = self.missing()
        if not missing:
            return "current"
        if (recent.get("action"), recent.get("outcome")) == (
                "apply", "unverified") and (
                missing["out"] <= moment(recent["at"])
                and recent["level"].split(" ")[0] == self.build):
            return "unverified"
        return "behind"

    def contains(self, update, row):
        """Does a cumulative update bring what that row brings?"""
        if row["month"] != update["month"] or row is update:
            return row["month"] <= update["month"]
        if row["type"] == "oob":
            return False
        return (line_of(row) == "hotpatch"
                or revision(row["build"]) <= revision(update["build"]))

    def closed(self):
        """CVEs, by the releases whose fixes are in effect."""
        hot = line_of(self.row) == "hotpatch"
        update = self.base if hot else self.row
        return {c for r in self.rows for c in r.get("cves", [])
                if self.contains(update, r)
                or (hot and line_of(r) == "hotpatch"
                    and revision(r["build"]) <= revision(self.build))}


class Linux:
    def __init__(self, facts, catalogue, now):
        self.product = "linux"
        self.kernel = kernel = facts["kernel.release"]["value"]
        self.rows = [r for r in catalogue.known("linux", now)
                     if r["kernel"] == kernel]
        self.active = words(facts, "patches")
        self.boot = facts["boot.id"]["value"]
        self.target = self.rows[-1]
        until = self.target["covered_until"]
        self.until = moment(until[:10] + "T23:59:59Z")
        self.coverage = "covered" if self.until > now else "restart-due"

    def patch(self, recent):
        if (recent.get("outcome") == "unverified"
                and recent["boot_id"] == self.boot):
            return "unverified"
        return "current" if self.target["patch"] in self.active else "behind"

    def closed(self):
        """A patch that is in effect stands for those that it replaced."""
        last = max((i for i, r in enumerate(self.rows)
                    if r["patch"] in self.active), default=-1)
        taken = {r["patch"] for r in self.rows[:last]
                 if last >= 0 and self.rows[last].get("replaces") == "*"}
        taken.update(self.active)
        return {c for r in self.rows if r["patch"] in taken
                for c in r.get("cves", [])}


def look(document, catalogue, now):
    """A host as its facts of then say, by what was out at that time."""
    facts = document["facts"]
    kind = Linux if product_of(facts) == "linux" else Windows
    return kind(facts, catalogue, now)


def counted_as(document, host, recent):
    """One word for a host; the first that holds."""
    if document["net"]["outcome"] != "done":
        return "unreachable"
    if host.coverage == "ineligible":
        return "ineligible"
    return host.patch(recent)
