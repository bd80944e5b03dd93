"""year_check.py FLEET REPORTS TRUTH SHIPPED: every number of the reports in
the folder REPORTS (compliance.json, ...) against a second computation from the
fleet's git history, and against what the simulation knows."""
import collections
import datetime
import json
import os
import sys
import zoneinfo

import ledger
import standing
from ledger import DAY, UTC, moment

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


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
        self.reports = reports
        self.bad = False

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


def check_savings(year):
    report = year.report("savings")
    since, until = moment(report["from"]), moment(report["until"])
    total, months = collections.Counter(), collections.defaultdict(
        collections.Counter)
    for runs in year.evidence.values():
        for when, what in count_saved(runs):
            if since <= when <= until:
                total[what] += 1
                months[when.strftime("%Y-%m")][what] += 1
    year.same("savings_all", saved(total), report["all"])
    year.same("savings_by_month",
              {m["month"]: dict(saved(months[m["month"]]), month=m["month"])
               for m in report["months"]},
              {m["month"]: m for m in report["months"]})
    year.same("months_add_up_to_the_whole", report["all"]["avoided"],
              sum(m["avoided"] for m in report["months"]))
    year.same("every_month_of_the_year_is_there", set(months), set(months)
              & {m["month"] for m in report["months"]})
    check_money(year, report, saved(total), (until - since) / DAY)
    restarts = sum(h["restarts"] for h in year.truth["hosts"].values())
    year.same("restarts_are_those_of_the_simulation", restarts,
              report["all"]["restarts"])
    bad = [a for a in year.truth["acts"] if a.get("bad")]
    year.same("the_bad_patch_is_taken_off", len(bad) > 0,
              report["all"]["taken_back"] > 0)


def check_money(year, report, counts, days):
    costs, money = year.settings["costs"], report["money"]
    wanted = {
        "worth_low": counts["avoided"] * costs["restart_low"],
        "worth_high": counts["avoided"] * costs["restart_high"],
        "minutes": counts["avoided"] * costs["restart_minutes"],
        "licence": int(costs["licence_month"] * 12 * days // 365),
        "rollbacks": counts["rollbacks"] * costs["rollback"],
        "fallbacks": counts["fallbacks"] * costs["fallback"],
        "break_even_low": -(-costs["licence_month"] // costs["restart_high"]),
        "break_even_high": -(-costs["licence_month"] // costs["restart_low"]),
    }
    wanted["costs"] = (wanted["licence"] + wanted["rollbacks"]
                       + wanted["fallbacks"])
    for end in ("low", "high"):
        wanted["net_" + end] = wanted["worth_" + end] - wanted["costs"]
    year.same("money", wanted, money)


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


def check_closings(year, report, stands, releases):
    waits = collections.defaultdict(list)
    until = moment(report["until"])
    for (product, out), rows in releases.items():
        kinds = [year.catalogue.worst(rows)]
        if year.catalogue.is_exploited(rows):
            kinds.append("exploited")
        for all_ in stands.values():
            before = stand_at(all_, out)
            if not before or before[1] != product or before[3] == "current":
                continue
            done = next((s[0] for s in all_
                         if s[0] >= out and s[3] == "current"), None)
            for kind in kinds:
                waits[kind].append((done - out, True) if done
                                   else (until - out, False))
    for line in report["release_to_in_effect"]:
        kind = line.get("severity", "exploited")
        done = sorted(w for w, ended in waits[kind] if ended)
        still = [w for w, ended in waits[kind] if not ended]
        wanted = dict(line, in_effect=len(done), open=len(still))
        if done:
            wanted["median_ms"] = ledger.milliseconds(
                done[(len(done) - 1) // 2])
            wanted["p95_ms"] = ledger.milliseconds(
                done[-(-len(done) * 95 // 100) - 1])
        if still:
            wanted["oldest_open_ms"] = ledger.milliseconds(max(still))
        year.same("days_from_release_to_in_effect_" + kind, wanted, line)


def check_goals(year, report, stands, releases):
    goal, until = year.settings["goal"], moment(report["until"])
    wanted = {}
    for (product, out), rows in releases.items():
        due = out + goal["days"] * DAY
        of = [s for s in (stand_at(all_, min(due, until))
                          for all_ in stands.values())
              if s and s[1] == product]
        if not of:
            continue
        counts = tally(of)
        met = counts["covered"] and (counts["covered_current"] * 100
                                     >= goal["percent"] * counts["covered"])
        wanted[rows[0].get("kb") or rows[0]["patch"], product] = (
            "met" if met else "running" if due > until else
            "missed" if counts["covered"] else "nothing-to-judge", counts)
    year.same("goals", wanted, {
        (g.get("kb") or g["patch"], g["product"]): (g["state"], g["tally"])
        for g in report["goals"]})


def check_compliance(year):
    report = year.report("compliance")
    since, until = moment(report["from"]), moment(report["until"])
    times = sorted({r["out"] for rows in year.catalogue.rows.values()
                    for r in rows if since < r["out"] <= until} | {since})
    stands = {h: stands_of(year, h, times) for h in year.hosts}
    now = {h: stand_at(stands[h], until) for h in stands}
    year.same("compliance_now", tally(list(now.values())), report["now"])
    groups = collections.defaultdict(list)
    for host, stand in now.items():
        for axis, name in (("ring", year.hosts[host].get("ring")),
                           ("site", year.hosts[host].get("site")),
                           ("product", stand[1])):
            groups[axis, name].append(stand)
    year.same("compliance_by_ring_site_and_product",
              {key: tally(of) for key, of in groups.items()},
              {(g["by"], g["name"]): g["tally"] for g in report["groups"]})
    year.same("compliance_on_each_day_of_the_year",
              [tally([stand_at(s, moment(d["at"])) for s in stands.values()])
               for d in report["days"]],
              [d["tally"] for d in report["days"]])
    releases = releases_between(year, since, until)
    check_closings(year, report, stands, releases)
    check_goals(year, report, stands, releases)


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


def check_exposure(year):
    report = year.report("exposure")
    open_, closed = {}, {}
    for host in year.hosts:
        seen = year.look(host)
        closed[host] = seen.closed()
        open_[host] = {c for r in seen.rows for c in r.get("cves", [])}
        open_[host] -= closed[host]
    sets = report["sets"]
    year.same("open_cves_of_each_host", open_,
              {h["name"]: set(sets[h["set"]]["cves"])
               for h in report["hosts"]})
    year.same("closed_cves_of_each_host",
              {h: len(c) for h, c in closed.items()},
              {h["name"]: sets[h["set"]]["closed"] for h in report["hosts"]})
    for line in report["lines"]:
        member = {"all": lambda h: True,
                  "ring": lambda h: h["ring"] == line["name"],
                  "hold": lambda h: h.get("hold") == line["name"]}[line["of"]]
        of = [open_[n] for n, h in year.hosts.items() if member(h)]
        wanted = count_open(year, set().union(*of))
        wanted.update(hosts=len(of), exposed=sum(bool(o) for o in of),
                      attacked=sum(bool(count_open(year, o)["exploited"])
                                   for o in of))
        year.same("exposure_of_" + line.get("name", "all").replace(" ", "_"),
                  wanted, {key: line[key] for key in wanted})
    on = collections.Counter(c for o in open_.values() for c in o)
    year.same("hosts_by_cve", dict(on),
              {c["id"]: c["hosts"] for c in report["cves"]})


# ---- restarts ----


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


def forced_restarts(year, host):
    """(kind, when) for the year ahead, by the vendor's rule."""
    seen = year.look(host)
    if seen.product == "linux":
        yield "support-ends", seen.until
        return
    ends = year.catalogue.ends.get(seen.product)
    ends = ledger.release_day(ends, 1) if ends else None
    eligible = seen.coverage == "covered"
    if not eligible:
        yield "update", seen.ordinary["out"]
    for day in release_days(year):
        if day.month % 3 == 1:
            yield "baseline", day
        elif not eligible or (ends and day > ends):
            yield "update", day
        elif ends and day == ends:
            yield "programme-ends", day


def check_reboots(year):
    report = year.report("reboots")
    listed = {h["name"]: h for h in report["hosts"]}
    first, weeks = {}, collections.Counter()
    horizon = moment(report["weeks"][-1]["monday"]) + 7 * DAY
    for host in year.hosts:
        forced = list(forced_restarts(year, host))
        first[host] = forced[0]
        for kind, when in forced:
            opens = saturday(max(when, year.now))
            if kind == "support-ends":
                opens = moment(listed[host]["window"]["from"])
            opens = opens.astimezone(BERLIN)
            monday = (opens - opens.weekday() * DAY).date().isoformat()
            if opens < horizon:
                weeks[monday] += 1
    year.same("the_first_forced_restart_of_each_host", first,
              {n: (h["force"], moment(h["from"])) for n, h in listed.items()})
    year.same("restarts_by_week",
              [(w["monday"], weeks[w["monday"]]) for w in report["weeks"]],
              [(w["monday"], w["restarts"]) for w in report["weeks"]])
    year.same("groups_add_up", len(year.hosts),
              sum(report["groups"].values()))
    overdue = sum(when <= year.now for _, when in first.values())
    year.same("what_is_past_is_overdue", overdue, report["groups"]["overdue"])
    windows = {n: moment(h["window"]["from"]) for n, h in listed.items()
               if h["force"] != "support-ends"}
    year.same("windows_of_the_calendar",
              {n: saturday(max(first[n][1], year.now)) for n in windows},
              windows)
    late = [n for n, h in listed.items() if h["force"] == "support-ends"
            and moment(h["window"]["to"]) > moment(h["from"])]
    year.same("what_ends_has_a_window_before_its_end", [], late)


# ---- the ledger and the simulation ----


def check_truth(year):
    levels, wanted = {}, {}
    for host, truth in year.truth["hosts"].items():
        seen = year.look(host)
        wanted[host] = truth["level"].split(" + ")
        levels[host] = (
            [year.last(host)["facts"]["kernel.release"]["value"]]
            + seen.active if seen.product == "linux" else [seen.build])
    year.same("recorded_levels_are_those_of_the_simulation", wanted, levels)
    year.same("each_job_left_one_record",
              {h: t["jobs"] for h, t in year.truth["hosts"].items()},
              {h: len([r for r in year.evidence.get(h, [])
                       if r.get("job", {}).get("started")])
               for h in year.hosts})


def check_runs(year, fleet):
    """The end of each run, as recorded, against its hosts' evidence."""
    git = ledger.Git(fleet)
    ends = {path.split("/")[2]: blob for path, blob
            in git.changes("ledger", "runs") if path.endswith("/end.json")}
    ends = {run: document for run, document in zip(
        ends, git.documents(list(dict.fromkeys(ends.values()))).values())}
    counts = collections.defaultdict(collections.Counter)
    for runs in year.evidence.values():
        for run in runs:
            counts[run["run"]][run["outcome"]] += 1
    acts = [a for a in year.truth["acts"] if "run" in a]
    year.same("each_run_ends_with_the_counts_of_its_hosts",
              {a["run"]: dict(counts[a["run"]]) for a in acts},
              {a["run"]: ends[a["run"]]["counts"] for a in acts})
    year.same("only_the_bad_one_halted",
              {a["run"]: a["bad"] for a in acts},
              {a["run"]: ends[a["run"]]["exit"] == 3 for a in acts})


def main():
    fleet = sys.argv[1]
    year = Year(*sys.argv[1:5])
    check_truth(year)
    check_runs(year, fleet)
    check_savings(year)
    check_compliance(year)
    check_exposure(year)
    check_reboots(year)
    return 1 if year.bad else 0


if __name__ == "__main__":
    sys.exit(main())
