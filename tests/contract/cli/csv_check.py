"""csv_check.py FOLDER: the tables KIND.csv of reports, as any program reads
them, against KIND.json of the same moment: docs/reports.md says how they are
written. Prints 'ok NAME' or 'not ok NAME: why'."""
import csv
import json
import pathlib
import re
import sys

NUMBER = r"(-?[0-9]+(\.[0-9])?)?"
TIME = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{3})?Z)?"
# Every column that is no number is declared here.
TYPES = {
    "at": TIME, "by": TIME, "from": TIME, "off_track_until": TIME,
    "opens": TIME, "window_from": TIME, "window_to": TIME,
    "month": r"[0-9]{4}-[0-9]{2}",
    "can": r"[a-z-]+", "compared": r"yes|no", "measured": r"(yes|no)?",
    "off_track": r"(yes|no)?", "over": r"patch|time", "restart": r"[a-z]*",
    "staged": r"[a-z]+",
    "known_in": r"both|source-only|fleet-only",
}
TYPES.update({kind + "_odd": r"yes|no"
              for kind in ("committed", "modules", "patches", "pool")})
TEXTS = {
    "coverage", "figure", "force", "group", "host", "kb", "level", "more",
    "name", "part", "product", "release", "restarted", "ring", "run", "says",
    "site", "source", "sure", "unit", "unknown", "why", "window", "worst",
}
# Words that a column means otherwise in one of the tables.
OF_KIND = {
    ("compliance", "by"): r"all|ring|site|product",
    ("compliance", "unknown"): NUMBER,
    ("rollback", "from"): r".*", ("rollback", "to"): r".*",
}


def pattern(kind, column):
    if (kind, column) in OF_KIND:
        return OF_KIND[kind, column]
    if column in TEXTS:  # a dash stands for nothing on the screen alone
        return r"(?!-$).*"
    return TYPES.get(column, NUMBER)


def flaw(kind, heads, rows):
    """The first thing that a program would stumble over."""
    bad = [h for h in heads if not re.fullmatch(r"[a-z][a-z0-9_]*", h)]
    if bad or len(set(heads)) != len(heads) or not rows:
        return "heads %s, of %d rows" % (heads, len(rows))
    for row in rows:
        if len(row) != len(heads):
            return "a row has %d cells: %s" % (len(row), row)
        for column, cell in zip(heads, row):
            if not re.fullmatch(pattern(kind, column), cell, re.DOTALL):
                return "%s is '%s'" % (column, cell)
    return ""


def percent(part, whole):
    return "%d.%d" % divmod(part * 1000 // whole, 10) if whole else ""


def of_compliance(doc):
    for by, name, n in [("all", "", doc["now"])] + [
            (g["by"], g.get("name", ""), g["tally"]) for g in doc["groups"]]:
        yield dict(
            {kind: str(count) for kind, count in n["by"].items()},
            by=by, name=name, hosts=str(n["hosts"]), covered=str(n["covered"]),
            covered_current=str(n["covered_current"]),
            percent_of_covered=percent(n["covered_current"], n["covered"]),
            percent_of_all=percent(n["by"]["current"], n["hosts"]))


def of_savings(doc):
    for month in doc["months"]:
        yield {key: str(value) for key, value in month.items()}


def of_exposure(doc):
    for host in doc["hosts"]:
        counts = doc["sets"][host["set"]] if "set" in host else None
        worst = counts.get("worst", {}) if counts else {}
        yield {
            "host": host["name"], "ring": host.get("ring", ""),
            "unknown": host.get("unknown", ""),
            "open": str(counts["open"]) if counts else "",
            "closed": str(counts["closed"]) if counts else "",
            "exploited": str(counts["exploited"]) if counts else "",
            "worst": worst.get("id", ""), "score": worst.get("score", "")}


def of_reboots(doc):
    for host in doc["hosts"]:
        window = host.get("window", {})
        yield {"host": host["name"], "group": host["group"],
               "force": host["force"], "sure": host["sure"],
               "from": host.get("from", ""), "by": host.get("by", ""),
               "kb": host.get("kb", ""), "window": window.get("name", ""),
               "window_from": window.get("from", ""),
               "window_to": window.get("to", "")}


def of_rollback(doc):
    for host in doc["hosts"]:
        yield {"host": host["name"], "can": host["can"],
               "why": host.get("why", ""), "release": host.get("release", ""),
               "minutes": str(host.get("minutes", "")),
               "cves": str(host.get("cves", "")),
               "exploited": str(host.get("exploited", "")),
               "off_track_until": host.get("off_track_until", ""),
               "opens": host.get("opens", "")}


def of_coverage(doc):
    for source in doc["sources"]:
        for host in source["hosts"]:
            yield {"source": source["source"], "name": host["name"],
                   "known_in": host["known"], "says": host.get("says", ""),
                   "coverage": host.get("coverage", "")}


def of_memory(doc):
    for over, changes in (("patch", doc["patches"]), ("time", doc["hosts"])):
        for change in changes:
            yield {"over": over, "host": change["host"],
                   "run": change.get("run", ""), "from": change["from"],
                   "at": change["at"]}


def of_quarter(doc):
    n, restarts, open_ = doc["in_effect"], doc["restarts"], doc["open"]
    due = restarts["due"]
    for part, figure, number, unit in [
            ("in effect", "of covered hosts",
             percent(n["covered_current"], n["covered"]), "%"),
            ("in effect", "of all hosts in scope",
             percent(n["by"]["current"], n["hosts"]), "%"),
            ("restarts", "avoided", restarts["avoided"], ""),
            ("restarts", "carried out", restarts["carried_out"], ""),
            ("restarts", "by nobody here", restarts["by_nobody_here"], ""),
            ("restarts", "due", sum(due[k] for k in (
                "overdue", "due", "scheduled", "no-window")), ""),
            ("restarts", "to come", due["forecast"], ""),
            ("worth", "net, at the least", doc["worth"]["net_low"],
             doc["worth"]["currency"]),
            ("worth", "net, at the most", doc["worth"]["net_high"],
             doc["worth"]["currency"]),
            ("open", "CVEs", open_["open"], ""),
            ("open", "exploited", open_["exploited"], "")] + [
            ("went wrong", what, doc["noted"][what], "") for what in (
                "failed", "unverified", "taken-back", "fallback",
                "break-glass")] + [
            ("blocked", "releases", len(doc["blocks"]), "")]:
        yield {"part": part, "figure": figure, "number": str(number),
               "unit": unit}


def difference(kind, heads, rows, doc):
    """Where the table says otherwise than the document."""
    wanted = list(globals()["of_" + kind](doc))
    if len(wanted) != len(rows):
        return "%d rows instead of %d" % (len(rows), len(wanted))
    for want, row in zip(wanted, rows):
        got = dict(zip(heads, row))
        for column, cell in want.items():
            if got[column] != cell:
                return "%s is '%s', not '%s', in %s" % (
                    column, got[column], cell, row)
    return ""


def main():
    bad = False
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            heads, *rows = csv.reader(file, strict=True)
        doc = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        for name, why in (
                ("programs_can_read_the_table_of_", flaw(path.stem, heads,
                                                         rows)),
                ("the_document_says_the_same_as_the_table_of_",
                 difference(path.stem, heads, rows, doc))):
            print("not ok" if why else "ok", name + path.stem
                  + (": " + why if why else ""))
            bad |= bool(why)
    return bad


if __name__ == "__main__":
    sys.exit(main())
