"""report quarter and report coverage a second time, who is excused until when,
and what can be taken back."""
import collections

import recount
from ledger import moment
from recount import same_boot

# What a run did to a host, by its evidence.
NOTED = {
    "failed": lambda r: r["outcome"] == "failed",
    "unverified": lambda r: r["outcome"] == "unverified",
    "taken-back": lambda r: (r["action"], r["outcome"]) == (
        "rollback", "verified"),
    "fallback": lambda r: r["action"] == "apply" and any(
        c["name"] == "track" and c["verdict"] == "block"
        for c in r.get("criteria", [])),
    "break-glass": lambda r: "broken_glass" in r,
}


def runs_lead(runs, seen, at, boot):
    """From the boot that was seen then to the other? One that does not know
    where it came out is taken to."""
    for run in runs:
        ids = run.get("boot_id", {})
        if "before" not in ids or not same_boot(ids["before"], seen):
            continue
        if "after" not in ids:
            if moment(run["ended"]) >= at:
                return True
        elif same_boot(ids["after"], boot):
            return True
        else:
            seen = ids["after"]
    return False


def restarts_by_nobody(year, host, since):
    last = None
    for at, document in year.facts.get(host, []):
        boot = document["facts"].get("boot.id", {}).get("value")
        if not boot:
            continue
        if (last and at >= since and not same_boot(boot, last[1])
                and not runs_lead(year.evidence.get(host, []), last[1],
                                  last[0], boot)):
            yield at
        last = at, boot


def notes_of(year, since, until):
    """(what, host, when) of all that went wrong in the time."""
    for host in year.hosts:
        for at in restarts_by_nobody(year, host, since):
            yield "restart", host, at
        for run in year.evidence.get(host, []):
            when = moment(run["ended"])
            if since <= when <= until:
                for what, is_so in NOTED.items():
                    if is_so(run):
                        yield what, host, when


def check_noted(year, report, since, until):
    notes = sorted(notes_of(year, since, until))
    counts = collections.Counter(what for what, _, _ in notes)
    year.same("what_went_wrong", notes,
              sorted((n["what"], n["host"], moment(n["at"]))
                     for n in report["notes"]))
    year.same("how_often_it_went_wrong",
              {w: counts[w] for w in (*NOTED, "restart")}, report["noted"])


def check_excused(year, report):
    """Who is excused until when, and what that leaves open: from the files of
    the fleet alone."""
    wanted = {}
    for exception in year.exceptions:
        wanted["exception", exception["id"]] = dict(
            year.count_exposed(exception["for"]["hosts"]),
            until=recount.end_of(exception), reason=exception["reason"],
            ticket=exception["ticket"], owner=exception["owner"])
    holds = collections.defaultdict(list)
    for name, host in year.hosts.items():
        if recount.hold_of(host):
            holds[recount.hold_of(host)].append(name)
    for reason, hosts in holds.items():
        wanted["hold", reason] = dict(year.count_exposed(hosts),
                                      reason=reason)
    got = {}
    for line in report["excused"]:
        one = {k: line[k] for k in line if k not in ("of", "name", "unknown",
                                                     "worst")}
        if "until" in one:
            one["until"] = moment(one["until"])
        got[line["of"], line["name"]] = one
    year.same("who_is_excused_until_when_and_what_that_leaves_open", wanted,
              got)
    year.same("somebody_is_excused_and_something_open", True, any(
        line["open"] and line["of"] == "exception"
        for line in report["excused"]))


def check_in_effect(year, report, since, until):
    times = year.release_times(since, until)
    stands = {h: recount.stands_of(year, h, times) for h in year.hosts}
    now = recount.tally([year.stand_now(h, stands[h]) for h in year.hosts])
    del now["recorded"]
    year.same("the_quarter_in_effect", now, report["in_effect"])
    wanted = []
    for day in report["days"]:
        at = moment(day["at"])
        n = now if at == until else recount.tally(
            [recount.stand_at(s, at) for s in stands.values()])
        wanted.append({"at": day["at"], "hosts": n["hosts"],
                       "current": n["by"]["current"], "covered": n["covered"],
                       "covered_current": n["covered_current"]})
    year.same("the_quarter_day_by_day", wanted, report["days"])
    goals = collections.Counter(state for state, _ in recount.goals_of(
        year, stands, since, until).values())
    year.same("the_quarter_against_its_goal",
              dict(year.settings["goal"], **{s: goals[s] for s in (
                  "met", "missed", "running", "nothing-to-judge")}),
              report["goal"])


def check_blocks(year, report):
    year.same("blocked_releases", {
        (b["release"], b.get("kernel"), b["reason"])
        for b in year.files("blocks")
        if "until" not in b or recount.end_of(b) > year.now},
              {(b["release"], b.get("kernel"), b["reason"])
               for b in report["blocks"]})


def check_quarter(year):
    report = year.report("quarter")
    since, until = moment(report["from"]), moment(report["until"])
    check_in_effect(year, report, since, until)
    saved = recount.saved_between(year, since, until)[0]
    restarts = dict(report["restarts"])
    year.same("what_is_due_in_the_quarter", year.report("reboots")["groups"],
              restarts.pop("due"))
    restarts.pop("by_nobody_here")
    year.same("the_quarters_restarts", {
        "avoided": saved["avoided"], "hotpatches": saved["hotpatches"],
        "taken_back": saved["taken_back"], "unproven": saved["unproven"],
        "rollbacks": saved["rollbacks"], "carried_out": saved["restarts"]},
              restarts)
    money = recount.money_of(year.settings["costs"], saved, since, until)
    year.same("the_quarters_worth", {
        "currency": year.settings["costs"]["currency"],
        "net_low": money["net_low"], "net_high": money["net_high"]},
              report["worth"])
    wanted = year.count_exposed(year.hosts)
    year.same("what_is_open_in_the_quarter", wanted,
              {key: report["open"][key] for key in wanted})
    check_noted(year, report, since, until)
    year.same("restarts_by_nobody_here", report["noted"]["restart"],
              report["restarts"]["by_nobody_here"])
    check_excused(year, report)
    check_blocks(year, report)


# ---- coverage ----


def check_coverage(year):
    report, wanted = year.report("coverage"), {}
    for source in year.files("entitlements"):
        known, disagree = {}, 0
        for host in year.hosts:
            seen = year.look(host)
            word = source["hosts"].get(host)
            if word is None and seen.product == "linux":
                continue
            known[host] = "fleet-only" if word is None else "both"
            disagree += (word == "Enabled" and seen.coverage == "ineligible"
                         or word == "Disabled" and seen.coverage == "covered")
        known.update({name: "source-only" for name in source["hosts"]
                      if name not in year.hosts})
        counts = collections.Counter(known.values())
        wanted[source["source"]] = dict(
            {k: counts[k] for k in ("both", "source-only", "fleet-only")},
            names=len(source["hosts"]), disagree=disagree, hosts=known)
    year.same("what_sources_and_fleet_know_of_each_other", wanted, {
        s["source"]: {"names": s["names"], "disagree": s["disagree"],
                      "both": s["both"], "source-only": s["source-only"],
                      "fleet-only": s["fleet-only"],
                      "hosts": {h["name"]: h["known"] for h in s["hosts"]}}
        for s in report["sources"]})
    year.same("each_kind_of_it_is_there", [], [
        k for s in report["sources"]
        for k in ("both", "source-only", "fleet-only", "disagree") if not s[k]])
