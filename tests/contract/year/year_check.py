"""year_check.py FLEET REPORTS TRUTH SHIPPED: every number of the reports in
the folder REPORTS (compliance.json, ...) against a second computation from the
fleet's git history, and against what the simulation knows."""
import collections
import sys

import ledger
import memory_check
import review_check
import rollback_check
from ledger import DAY, moment
from recount import (BERLIN, Year, goals_of, hold_of, money_of,
                     release_days, releases_between, saturday, saved,
                     saved_between, stand_at, stands_of, tally)


# ---- savings ----


def check_savings(year):
    report = year.report("savings")
    since, until = moment(report["from"]), moment(report["until"])
    total, months = saved_between(year, since, until)
    year.same("savings_all", total, report["all"])
    year.same("savings_by_month",
              {m["month"]: dict(saved(months[m["month"]]), month=m["month"])
               for m in report["months"]},
              {m["month"]: m for m in report["months"]})
    year.same("months_add_up_to_the_whole", report["all"]["avoided"],
              sum(m["avoided"] for m in report["months"]))
    year.same("every_month_of_the_year_is_there", set(months), set(months)
              & {m["month"] for m in report["months"]})
    year.same("money", money_of(year.settings["costs"], total, since, until),
              report["money"])
    restarts = sum(h["restarts"] for h in year.truth["hosts"].values())
    year.same("restarts_are_those_of_the_simulation", restarts,
              report["all"]["restarts"])
    bad = [a for a in year.truth["acts"] if a.get("bad")]
    year.same("the_bad_patch_is_taken_off", len(bad) > 0,
              report["all"]["taken_back"] > 0)


# ---- compliance ----


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


def check_compliance(year):
    report = year.report("compliance")
    since, until = moment(report["from"]), moment(report["until"])
    times = year.release_times(since, until)
    stands = {h: stands_of(year, h, times) for h in year.hosts}
    now = {h: year.stand_now(h, stands[h]) for h in stands}
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
               for d in report["days"][:-1]] + [report["now"]],
              [d["tally"] for d in report["days"]])
    year.same("the_trend_is_of_every_day", -(-(until - since) // DAY) + 1,
              len(report["days"]))
    check_closings(year, report, stands,
                   releases_between(year, since, until))
    year.same("goals", goals_of(year, stands, since, until), {
        (g.get("kb") or g["patch"], g["product"]): (g["state"], g["tally"])
        for g in report["goals"]})


# ---- exposure ----


def check_exposure(year):
    report = year.report("exposure")
    open_, closed = year.open_, year.closed
    sets = report["sets"]
    year.same("open_cves_of_each_host", open_,
              {h["name"]: set(sets[h["set"]]["cves"])
               for h in report["hosts"]})
    year.same("closed_cves_of_each_host",
              {h: len(c) for h, c in closed.items()},
              {h["name"]: sets[h["set"]]["closed"] for h in report["hosts"]})
    for line in report["lines"]:
        hosts = {"all": lambda: year.hosts,
                 "ring": lambda: [n for n, h in year.hosts.items()
                                  if h.get("ring") == line.get("name")],
                 "hold": lambda: [n for n, h in year.hosts.items()
                                  if hold_of(h) == line["name"]],
                 "exception": lambda: next(
                     e["for"]["hosts"] for e in year.exceptions
                     if e["id"] == line["name"])}[line["of"]]()
        wanted = year.count_exposed(hosts)
        year.same("exposure_of_" + line.get("name", "all").replace(" ", "_"),
                  wanted, {key: line[key] for key in wanted})
    on = collections.Counter(c for o in open_.values() for c in o)
    year.same("hosts_by_cve", dict(on),
              {c["id"]: c["hosts"] for c in report["cves"]})


# ---- restarts ----


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
    review_check.check_quarter(year)
    review_check.check_coverage(year)
    memory_check.check(year)
    rollback_check.check(year)
    return 1 if year.bad else 0


if __name__ == "__main__":
    sys.exit(main())
