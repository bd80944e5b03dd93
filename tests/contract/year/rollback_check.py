"""report rollback a second time: what each host would fall back to, what would
be open again, and from when on."""
import collections
import copy

import recount
from ledger import DAY, milliseconds, moment
from recount import saturday


def level(row):
    return "%s (%s, %s %s)" % (row["build"], row["kb"], row["type"],
                               row["month"])


def last_put_in(runs):
    """The run that put in what is there; one that failed may have."""
    last = None
    for run in runs:
        if run["action"] == "apply":
            last = run["run"]
        elif (run["action"] in ("rollback", "restart-update")
              and run["outcome"] == "verified"):
            last = None
    return last


def measured(year):
    """Whole minutes that it took in the mean, by the restart it was priced
    with."""
    took = collections.defaultdict(list)
    for runs in year.evidence.values():
        for run in runs:
            if (run["action"], run["outcome"]) == ("rollback", "verified"):
                took[run["price"]["restart"]].append(milliseconds(
                    moment(run["ended"]) - moment(run["started"])))
    return {restart: -(-(sum(v) // len(v)) // milliseconds(DAY / 24 / 60))
            for restart, v in took.items()}


def windows(year, seen):
    """Back to the baseline, with a restart, and off the track."""
    after = copy.copy(seen)
    after.row = seen.base
    return after, {"release": seen.row["kb"], "from": level(seen.row),
                   "to": level(seen.base), "restart": "yes", "off_track": True,
                   "off_track_until": year.next_baseline()}


def linux(_, seen):
    after = copy.copy(seen)
    after.active = []
    return after, {"release": " ".join(seen.active),
                   "from": " + ".join([seen.kernel, *seen.active]),
                   "to": seen.kernel, "restart": "no", "off_track": False}


def back(year, host, minutes):
    seen = year.look(host)
    after, out = (linux if seen.product == "linux" else windows)(year, seen)
    lost = recount.count_open(year, seen.closed() - after.closed())
    out.update(cves=lost["open"], exploited=lost["exploited"])
    out["measured"] = out["restart"] in minutes
    if out["measured"]:
        out["minutes"] = minutes[out["restart"]]
    run = last_put_in(year.evidence.get(host, []))
    if run:
        out["run"] = run
    excused = (recount.hold_of(year.hosts[host]) or any(
        host in e["for"]["hosts"] for e in year.exceptions))
    out["can"] = "blocked" if excused else "yes"
    if out["restart"] == "yes" and not excused:
        out["opens"] = saturday(year.now)
    return out


def check_groups(year, report, name, groups, key):
    """Sums over the hosts that it can be taken back from, or if there are none
    over all."""
    of = collections.defaultdict(list)
    for host in report["hosts"]:
        of[host.get(key)].append(host)
    wanted, got = {}, {}
    for group in groups:
        hosts = of[group.get("name")]
        can = [h for h in hosts if h["can"] == "yes"] or hosts
        wanted[group.get("name")] = (
            len(hosts), sum(h["can"] == "yes" for h in hosts),
            sum(h["restart"] == "yes" for h in can),
            sum(h["off_track"] for h in can),
            sum("opens" in h for h in can))
        got[group.get("name")] = (
            group["hosts"], group["yes"], group.get("restarts", 0),
            group.get("off_track", 0), group.get("waiting", 0))
    year.same("what_taking_back_costs_by_" + name, wanted, got)
    year.same("no_host_is_missing_by_" + name, len(year.hosts),
              sum(g["hosts"] for g in groups))


def check(year):
    report = year.report("rollback")
    keys = ("can", "release", "from", "to", "restart", "off_track", "cves",
            "exploited", "run", "measured", "minutes")
    minutes, got = measured(year), {}
    for host in report["hosts"]:
        if not host["measured"]:  # a guess of the drivers
            del host["minutes"]
        got[host["name"]] = {k: host[k] for k in keys if k in host}
        for key in ("opens", "off_track_until"):
            if key in host:
                got[host["name"]][key] = moment(host[key])
    year.same("what_can_be_taken_back_and_at_what_price",
              {host: back(year, host, minutes) for host in year.hosts}, got)
    check_groups(year, report, "release", report["releases"], "release")
    check_groups(year, report, "run", report["runs"], "run")
    check_groups(year, report, "ring", report["rings"], "ring")
