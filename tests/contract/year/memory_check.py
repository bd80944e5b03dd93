"""report memory a second time: what hosts told before and after each patch,
and over the time, from the ledger's files."""
import collections

from ledger import DAY, moment
from recount import same_boot

# Fact, and bytes below which nobody stands out (docs/reports.md).
KINDS = {"committed": ("memory.committed", 64 << 20),
         "modules": ("memory.modules", 1 << 20),
         "patches": ("memory.patches", 1 << 20),
         "pool": ("memory.pool", 16 << 20)}
ENOUGH = 5
DISTANCES = 5


def told(facts):
    """Bytes by kind, of what is known."""
    out = {}
    for kind, (fact, _) in KINDS.items():
        value = facts.get(fact, {}).get("value")
        if value is not None:
            out[kind] = int(value)
    return out


def median(values):
    return sorted(values)[(len(values) - 1) // 2]


def spread(growths, kind):
    out = {"known": len(growths), "outliers": 0}
    if growths:
        out["median"] = median(growths)
        out["most"] = max(growths)
    if len(growths) >= ENOUGH:
        away = median([abs(g - out["median"]) for g in growths])
        out["limit"] = out["median"] + max(DISTANCES * away, KINDS[kind][1])
        out["outliers"] = sum(g > out["limit"] for g in growths)
    return out


def patches_of(host, runs, since, until):
    for run in runs:
        if ((run["action"], run["outcome"]) == ("apply", "verified")
                and since <= moment(run["ended"]) <= until):
            boots = run.get("boot_id", {})
            compared = ("before" in boots and "after" in boots
                        and same_boot(boots["before"], boots["after"]))
            yield {"host": host, "run": run["run"], "from": run["ended"],
                   "at": run["ended"], "compared": compared,
                   "before": told(run.get("before", {})),
                   "after": told(run.get("after", {}))}


def moments_of(history, since, until):
    """(when, facts) from the last before the time on."""
    known = [(at, doc["facts"]) for at, doc in history if at <= until]
    before = [m for m in known if m[0] < since]
    return before[-1:] + [m for m in known if m[0] >= since]


def over_time(moments, since):
    """From the first of the newest boot in the time to the last."""
    first = last = None
    for at, facts in moments:
        if not told(facts):
            continue
        boot = facts.get("boot.id", {}).get("value")
        if (not last or at <= since or not boot or not last[1]
                or not same_boot(boot, last[1])):
            first = at, facts
        last = at, boot, facts
    if not last:
        return None
    return {"from": first[0], "at": last[0],
            "compared": bool(last[1]) and last[0] > first[0],
            "before": told(first[1]), "after": told(last[2])}


def means(hosts, when):
    sums, counts = collections.Counter(), collections.Counter()
    for moments in hosts:
        now = [told(facts) for at, facts in moments if at <= when]
        for kind, value in (now[-1] if now else {}).items():
            sums[kind] += value
            counts[kind] += 1
    return {kind: sums[kind] // counts[kind] for kind in counts}


def growths_of(changes, kind):
    return [c["after"][kind] - c["before"][kind] for c in changes
            if c["compared"] and kind in c["after"] and kind in c["before"]]


def line_of(moments, patches, times, days):
    newest = [told(m[-1][1]) for m in moments if m]
    kinds = {}
    for kind in KINDS:
        values = [n[kind] for n in newest if kind in n]
        kinds[kind] = {"told": len(values),
                       "over_patch": spread(growths_of(patches, kind), kind),
                       "over_time": spread(growths_of(times, kind), kind)}
        if values:
            kinds[kind]["median"] = median(values)
    return {"hosts": len(moments), "patches": len(patches),
            "not_compared": sum(not p["compared"] for p in patches),
            "kinds": kinds, "days": [means(moments, day) for day in days]}


def check(year):
    report = year.report("memory")
    since, until = moment(report["from"]), moment(report["until"])
    days = [moment(d["at"]) for d in report["products"][0]["days"]]
    year.same("memory_is_told_of_every_day", [], [
        a for a, b in zip(days, days[1:-1]) if b - a != DAY])
    moments, patches, times, of = {}, {}, {}, collections.defaultdict(list)
    for host in year.hosts:
        of[year.look(host).product].append(host)
        moments[host] = moments_of(year.facts.get(host, []), since, until)
        patches[host] = list(patches_of(host, year.evidence.get(host, []),
                                        since, until))
        times[host] = over_time(moments[host], since)
    year.same("memory_by_product", {
        product: line_of([moments[h] for h in hosts],
                         [p for h in hosts for p in patches[h]],
                         [times[h] for h in hosts if times[h]], days)
        for product, hosts in of.items()}, {
            line["product"]: {
                "hosts": line["hosts"], "patches": line["patches"],
                "not_compared": line["not_compared"], "kinds": line["kinds"],
                "days": [{k: v for k, v in d.items() if k != "at"}
                         for d in line["days"]]}
            for line in report["products"]})
    keys = ("host", "run", "from", "at", "compared", "before", "after")
    year.same("memory_before_and_after_each_patch",
              {(p["host"], p["run"]): p for h in patches for p in patches[h]},
              {(p["host"], p["run"]): {k: p[k] for k in keys}
               for p in report["patches"]})
    year.same("memory_of_each_host_over_the_time",
              {h: t for h, t in times.items() if t},
              {h["host"]: {"from": moment(h["from"]), "at": moment(h["at"]),
                           "compared": h["compared"], "before": h["before"],
                           "after": h["after"]} for h in report["hosts"]})
    limits = {line["product"]: line["kinds"] for line in report["products"]}
    for part, over in (("patches", "over_patch"), ("hosts", "over_time")):
        year.same("who_stands_out_among_" + part, [
            [kind for kind in KINDS if c["compared"]
             and "limit" in limits[c["product"]][kind][over]
             and kind in c["after"] and kind in c["before"]
             and c["after"][kind] - c["before"][kind]
             > limits[c["product"]][kind][over]["limit"]]
            for c in report[part]], [c["outlier"] for c in report[part]])
