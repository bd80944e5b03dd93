"""A second computation of what reports count, from a fleet's git history
alone, in the plainest way."""
import collections
import datetime
import glob
import json
import os
import zoneinfo

import ledger
import standing
from ledger import DAY, UTC, moment

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def same_boot(one, other):
    """The boot id of Windows is a time, told anew at each look."""
    times = [b[5:] for b in (one, other)
             if b.startswith("boot-") and b[5:].isdigit()]
    return one == other or (
        len(times) == 2 and abs(int(times[0]) - int(times[1])) <= 2)


def end_of(document):
    """The last second of its last day."""
    until = document["until"]
    return moment(until + "T23:59:59Z" if len(until) == 10 else until)


def hold_of(host):
    """Why it is held; None: it is not."""
    hold = host.get("hold")
    return hold["reason"] if isinstance(hold, dict) else hold


class Year:
    def __init__(self, fleet, reports, truth, shipped):
        self.hosts = ledger.hosts_of(fleet)
        self.catalogue = ledger.Catalogue(shipped, fleet)
        self.evidence, self.facts = ledger.evidence_and_facts(
            ledger.Git(fleet))
        with open(os.path.join(fleet, "hotfleet.json"),
                  encoding="utf-8") as file:
            self.settings = json.load(file)
        with open(truth, encoding="utf-8") as file:
            self.truth = json.load(file)
        self.now = moment(self.truth["at"])
        self.fleet, self.reports, self.bad = fleet, reports, False
        self.exceptions = [e for e in self.files("exceptions")
                           if end_of(e) >= self.now]
        self.open_, self.closed = {}, {}
        for host in self.hosts:
            seen = self.look(host)
            self.closed[host] = seen.closed()
            self.open_[host] = {c for row in seen.rows
                                for c in row.get("cves", [])}
            self.open_[host] -= self.closed[host]

    def files(self, folder):
        for name in sorted(glob.glob(
                os.path.join(self.fleet, folder, "*.json"))):
            with open(name, encoding="utf-8") as file:
                yield json.load(file)

    def report(self, name):
        with open(os.path.join(self.reports, name + ".json"),
                  encoding="utf-8") as file:
            return json.load(file)

    def same(self, name, wanted, got):
        """Shows the first difference of what should be equal."""
        if wanted == got:
            print("ok", name)
            return
        self.bad = True
        if isinstance(wanted, dict) and isinstance(got, dict):
            wanted, got = ({k: v for k, v in one.items() if other.get(k) != v}
                           for one, other in ((wanted, got), (got, wanted)))
        elif isinstance(wanted, list) and isinstance(got, list):
            pairs = [p for p in zip(wanted, got) if p[0] != p[1]]
            wanted, got = pairs[0] if pairs else (len(wanted), len(got))
        print("not ok %s: wanted: %.600s; got: %.600s" % (name, wanted, got))

    def last(self, host):
        return self.facts[host][-1][1]

    def look(self, host):
        return standing.look(self.last(host), self.catalogue, self.now)

    def release_times(self, since, until):
        """When something came out in the time, and its beginning."""
        return sorted({r["out"] for rows in self.catalogue.rows.values()
                       for r in rows if since < r["out"] <= until} | {since})

    def stand_now(self, host, stands):
        """Who is excused today counts as that; of former days nobody does."""
        stand = stand_at(stands, self.now)
        excused = any(host in e["for"]["hosts"] for e in self.exceptions)
        return (*stand[:3], "excepted") if stand and excused else stand

    def next_baseline(self):
        return next(d for d in release_days(self) if d.month % 3 == 1)

    def count_exposed(self, hosts):
        """What is open on any of them."""
        of = [self.open_[host] for host in hosts]
        return dict(count_open(self, set().union(*of)), hosts=len(of),
                    exposed=sum(bool(o) for o in of),
                    attacked=sum(bool(count_open(self, o)["exploited"])
                                 for o in of))


# ---- savings ----


def what_went(put_in, level):
    """What a rollback from a level took back: [level, when it was counted]."""
    at_level = [p for p in put_in if p[0] == level]
    counted = [p for p in put_in if p[1]]
    return (at_level or counted or [None])[-1]


def count_saved(runs):
    """Of one host: (when, what) for everything that counts."""
    put_in = []
    for run in runs:
        boot = run.get("boot_id", {})
        same_boot = boot.get("before") == boot.get("after")
        verified = run["outcome"] == "verified"
        failed = [c["name"] for c in run.get("criteria", [])
                  if c["verdict"] == "block"]
        when = moment(run["ended"])
        if not same_boot:
            yield when, "restarts"
        if run["action"] == "apply":
            proven = (verified and same_boot and "track" not in failed
                      and run["price"]["restart"] != "yes")
            put_in.append((run["to"], when if proven else None))
            if "track" in failed:
                yield when, "fallbacks"
            elif proven:
                yield when, "hotpatches"
        elif run["action"] == "rollback" and verified:
            yield when, "rollbacks"
            gone = what_went(put_in, run["from"])
            if gone:
                put_in.remove(gone)
            if gone and gone[1]:
                yield gone[1], "taken_back"


def saved(counts):
    kinds = ("hotpatches", "taken_back", "fallbacks", "unproven", "restarts",
             "rollbacks")
    out = {kind: counts.get(kind, 0) for kind in kinds}
    out["avoided"] = out["hotpatches"] - out["taken_back"]
    return out


def saved_between(year, since, until):
    """Of all the time, and by month."""
    total, months = collections.Counter(), collections.defaultdict(
        collections.Counter)
    for runs in year.evidence.values():
        for when, what in count_saved(
                r for r in runs if since <= moment(r["ended"]) <= until):
            total[what] += 1
            months[when.strftime("%Y-%m")][what] += 1
    return saved(total), months


def money_of(costs, counts, since, until):
    days = -(-(until - since) // DAY)
    month = costs["cores"] * costs["licence_core_cents"] // 100
    out = {
        "licence_month": month,
        "worth_low": counts["avoided"] * costs["restart_low"],
        "worth_high": counts["avoided"] * costs["restart_high"],
        "minutes": counts["avoided"] * costs["restart_minutes"],
        "licence": month * 12 * days // 365,
        "rollbacks": counts["rollbacks"] * costs["rollback"],
        "fallbacks": counts["fallbacks"] * costs["fallback"],
        "break_even_low": -(-month // costs["restart_high"]),
        "break_even_high": -(-month // costs["restart_low"]),
    }
    out["costs"] = out["licence"] + out["rollbacks"] + out["fallbacks"]
    for end in ("low", "high"):
        out["net_" + end] = out["worth_" + end] - out["costs"]
    return out


# ---- compliance ----


def stands_of(year, host, times):
    """[(from, product, coverage, counted)]: as recorded facts and what was
    out by then tell, whenever one of them moved."""
    history, out = year.facts.get(host, []), []
    for i, (at, document) in enumerate(history):
        end = history[i + 1][0] if i + 1 < len(history) else None
        for when in [at] + [t for t in times
                            if t > at and (end is None or t < end)]:
            seen = standing.look(document, year.catalogue, when)
            counted = standing.counted_as(document, seen,
                                          document.get("recent", {}))
            out.append((when, seen.product, seen.coverage, counted))
    return out


def stand_at(stands, when):
    found = None
    for stand in stands:
        if stand[0] > when:
            break
        found = stand
    return found


def tally(stands):
    counts = collections.Counter(s[3] if s else "unknown" for s in stands)
    kinds = ("excepted", "unreachable", "ineligible", "unverified", "current",
             "behind", "unknown")
    covered = [s for s in stands if s and s[2] == "covered"]
    return {"hosts": len(stands), "recorded": sum(1 for s in stands if s),
            "covered": len(covered),
            "covered_current": sum(s[3] == "current" for s in covered),
            "by": {kind: counts[kind] for kind in kinds}}


def releases_between(year, since, until):
    """What came out on one day for one product, by product and day."""
    out = collections.defaultdict(list)
    for product in sorted(year.catalogue.rows):
        for row in year.catalogue.rows[product]:
            if since < row["out"] <= until and row.get("type") != "companion":
                out[product, row["out"]].append(row)
    return out


def goals_of(year, stands, since, until):
    """(state, tally) by the first release of the day and its product."""
    goal, out = year.settings["goal"], {}
    for (product, day), rows in releases_between(year, since, until).items():
        due = day + goal["days"] * DAY
        of = [s for s in (stand_at(all_, min(due, until))
                          for all_ in stands.values())
              if s and s[1] == product]
        if not of:
            continue
        counts = tally(of)
        met = counts["covered"] and (counts["covered_current"] * 100
                                     >= goal["percent"] * counts["covered"])
        out[rows[0].get("kb") or rows[0]["patch"], product] = (
            "met" if met else "running" if due > until else
            "missed" if counts["covered"] else "nothing-to-judge", counts)
    return out


# ---- exposure ----


def count_open(year, cves):
    about = [year.catalogue.cves.get(c, {}) for c in cves]
    severities = collections.Counter(
        a.get("severity", "unknown") for a in about)
    return {"open": len(cves),
            "exploited": sum(bool(a.get("exploited")) for a in about),
            "severity": {s: severities[s] for s in
                         ("unknown", "low", "moderate", "important",
                          "critical")}}


# ---- the calendar ----


def saturday(after):
    """The next restart window: Saturdays at 22:00 by the clock of Berlin."""
    day = after.astimezone(BERLIN).date()
    while True:
        opens = datetime.datetime.combine(day, datetime.time(22), BERLIN)
        if day.weekday() == 5 and opens.astimezone(UTC) + DAY / 4 > after:
            return max(opens.astimezone(UTC), after)
        day += DAY


def release_days(year):
    """Those to come, for more than a year."""
    month = year.now.strftime("%Y-%m")
    for later in range(16):
        day = ledger.release_day(month, later)
        if day > year.now:
            yield day
