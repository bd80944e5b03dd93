"""schedule_check.py SEED...: calendars made at random, expanded by the program
and, independently, by dateutil and zoneinfo; iCalendar files written by the
icalendar package and read by the program, and the reverse. Prints 'ok NAME' or
'not ok NAME: why'."""
import datetime as dt
import json
import os
import random
import subprocess
import sys
import zoneinfo

import icalendar
from dateutil import rrule

UTC = dt.timezone.utc
PROGRAM = os.environ["HOTFLEET_BINARY"]
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
         "Asia/Kolkata", "Pacific/Apia"]
RANGES = [("2011-10-01", "2012-05-01"),  # Apia loses a day; leap year
          ("2025-12-01", "2027-11-15"), ("2027-12-20", "2028-04-20"),
          ("2047-01-01", "2048-12-31")]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday"]
MONTHS = ["january", "february", "march", "april", "may", "june", "july",
          "august", "september", "october", "november", "december"]
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
       "last": -1}
bad = 0


def verdict(name, why=None):
    global bad
    bad |= why is not None
    print(f"ok {name}" if why is None else f"not ok {name}: {why}", flush=True)


def moment(naive, zone, later=False):
    """RFC 5545 3.3.5: the offset before a gap; of two, the first or later."""
    first = naive.replace(tzinfo=zone, fold=0)
    second = naive.replace(tzinfo=zone, fold=1)
    at = first.astimezone(UTC)
    exists = at.astimezone(zone).replace(tzinfo=None) == naive
    twice = exists and first.utcoffset() != second.utcoffset()
    return (second.astimezone(UTC) if twice and later else at), exists, twice


def parse_span(text):
    n, unit = int(text[:-1]), text[-1]
    return dt.timedelta(minutes={"m": 1, "h": 60, "d": 1440}[unit] * n)


def starts(rule, low, high):
    """The days on which a rule begins, by dateutil."""
    if "dates" in rule:
        return [dt.datetime.fromisoformat(d) for d in sorted(rule["dates"])]
    if "weekly" in rule:
        days = range(7) if "day" in rule["weekly"] else [
            DAYS.index(d) for d in rule["weekly"]]
        found = rrule.rrule(rrule.WEEKLY, low, byweekday=list(days),
                            until=high)
    else:
        words = rule["monthly"].split()
        nth = NTH[words[0]]
        months = [MONTHS.index(m) + 1 for m in rule.get("months", MONTHS)]
        if words[1] == "day":
            found = rrule.rrule(rrule.MONTHLY, low.replace(day=1),
                                bymonthday=nth, bymonth=months, until=high)
        else:
            day = rrule.weekday(DAYS.index(words[1]), nth)
            found = rrule.rrule(rrule.MONTHLY, low.replace(day=1),
                                byweekday=day, bymonth=months, until=high)
        plus = int(words[2] + words[3]) if len(words) > 2 else 0
        found = [d + dt.timedelta(days=plus) for d in found]
    keep = list(found)
    if "from" in rule:
        keep = [d for d in keep if d >= dt.datetime.fromisoformat(rule["from"])]
    if "to" in rule:
        keep = [d for d in keep if d <= dt.datetime.fromisoformat(rule["to"])]
    return keep


def expand(rule, host_zone, low, high):
    zone = zoneinfo.ZoneInfo(rule.get("timezone", host_zone))
    freeze = "kind" not in rule
    pairs = []
    if not {"dates", "weekly", "monthly"} & set(rule):
        end = dt.datetime.fromisoformat(rule["to"])
        if "T" not in rule["to"]:
            end += dt.timedelta(days=1)
        pairs.append((dt.datetime.fromisoformat(rule["from"]), end,
                      dt.timedelta()))
    else:
        at = rule.get("at", "00:00").split(":")
        at = dt.timedelta(hours=int(at[0]), minutes=int(at[1]))
        length = parse_span(rule.get("length", "1d"))
        whole = dt.timedelta(days=length.days)
        margin = dt.timedelta(days=70)
        midnight = low.replace(tzinfo=None, hour=0, minute=0)
        for day in starts(rule, midnight - margin,
                          high.replace(tzinfo=None) + margin):
            start = day + at
            pairs.append((start, start + whole if length.days else None,
                          length - whole))
    out = []
    for start, end, rest in pairs:
        begin, exists, twice = moment(start, zone)
        until = (moment(end, zone, freeze)[0] if end else begin) + rest
        if until <= begin or (out and (begin <= out[-1][1] or
                                       until <= out[-1][2])):
            continue
        out.append((rule["name"], begin, until, not exists, twice))
    return [o for o in out if o[1] < high and o[2] > low]


def when(r, rule):
    """Random days for a rule whose length is up to a day."""
    kind = r.randrange(4)
    if kind == 0:
        rule["weekly"] = r.sample(DAYS, r.randint(1, 3)) if r.random() < .8 \
            else ["day"]
    elif kind == 1:
        plus = r.choice(["", "", f" + {r.randint(1, 20)} days",
                         f" - {r.randint(1, 20)} days"])
        rule["monthly"] = f"{r.choice(list(NTH))} {r.choice(DAYS)}{plus}"
        if r.random() < .4:
            rule["months"] = r.sample(MONTHS, r.randint(1, 4))
    elif kind == 2:
        rule["monthly"] = r.choice(["first day", "last day"]) + r.choice(
            ["", " + 14 days", " - 3 days"])
    else:
        years = [2011, 2012, 2026, 2027, 2028, 2047, 2048]
        rule["dates"] = sorted({str(dt.date(r.choice(years), 1, 1) +
                                    dt.timedelta(r.randrange(366)))
                                for _ in range(12)} | {"2011-12-30"})
    if kind != 3 and r.random() < .3:
        rule["from"] = f"{r.choice([2011, 2026])}-{r.randint(1, 12):02}-15"
        if r.random() < .5:
            rule["to"] = f"{r.choice([2027, 2047])}-{r.randint(1, 12):02}-15"


def make_rule(r, i, freeze):
    rule = {"name": f"r{i}"}
    if not freeze:
        rule["kind"] = r.choice(["change", "restart"])
    if r.random() < .3:
        rule["timezone"] = r.choice(ZONES)
    if r.random() < .1:
        rule["from"] = r.choice(["2026-03-29T02:30", "2026-03-08"])
        rule["to"] = r.choice(["2026-10-25T02:30", "2027-01-06",
                               "2026-11-01T01:15"])
        return rule
    when(r, rule)
    if not freeze or r.random() < .5:
        rule["at"] = f"{r.choice([0, 1, 2, 3, 22, 23]):02}:" \
                     f"{r.choice([0, 15, 30]):02}"
        rule["length"] = r.choice(["15m", "1h", "4h", "8h", "23h", "1d"])
    return rule


def git(*args):
    subprocess.run(["git", *args], check=True, stdout=subprocess.DEVNULL)


def commit(calendar):
    with open("calendar.json", "w", encoding="utf-8") as f:
        json.dump(calendar, f)
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "calendar")


def schedule(host, low, high, *more):
    done = subprocess.run([PROGRAM, "schedule", host, "--from", low, "--to",
                           high, *more], stdout=subprocess.PIPE, check=False)
    return done.stdout


def periods(host, low, high):
    doc = json.loads(schedule(host, low, high, "--json"))
    return [(p["name"], dt.datetime.fromisoformat(p["from"][:19] + "+00:00"),
             dt.datetime.fromisoformat(p["to"][:19] + "+00:00"),
             p["skipped_by_the_clock"], p["twice_by_the_clock"])
            for p in doc["periods"]]


def difference(mine, theirs):
    mine, theirs = set(mine), set(theirs)
    if mine == theirs:
        return None
    return "; ".join(f"{who} {[str(x) for x in sorted(left)[0]]}"
                     for who, left in (("only ours:", mine - theirs),
                                       ("only dateutil's:", theirs - mine))
                     if left)


def range_of(low, high, host):
    zone = zoneinfo.ZoneInfo(host)
    return (moment(dt.datetime.fromisoformat(low), zone)[0],
            moment(dt.datetime.fromisoformat(high) + dt.timedelta(days=1),
                   zone, True)[0])


def check_rules(seed):
    r = random.Random(seed)
    windows = [make_rule(r, i, False) for i in range(40)]
    freezes = [make_rule(r, i, True) for i in range(100, 115)]
    commit({"windows": windows, "freezes": freezes})
    seen, why = 0, None
    for i, zone in enumerate(ZONES):
        for low, high in RANGES:
            begin, end = range_of(low, high, zone)
            theirs = [p for rule in windows + freezes
                      for p in expand(rule, zone, begin, end)]
            mine = periods(f"h{i}", low, high)
            seen += len(mine)
            why = why or difference(mine, theirs)
    verdict(f"rules_are_expanded_as_dateutil_does_{seed}",
            why or (None if seen > 3000 else f"only {seen} periods"))


def event(uid, zone, start, rule, left_out):
    e = icalendar.Event()
    clock = {"TZID": zone}
    e.add("uid", uid)
    e.add("summary", f"event {uid}, with; signs and a title that is longer "
                     "than one line of the format may be")
    e.add("dtstart", start, parameters=clock)
    e.add("duration", dt.timedelta(hours=1))
    e.add("rrule", rule)
    e.add("exdate", left_out, parameters=clock)
    return e


RULES = [
    ({"freq": "monthly", "byday": ["mo", "tu", "we", "th", "fr"],
      "bysetpos": -1}, "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    ({"freq": "weekly", "interval": 2, "byday": ["sa"], "count": 40},
     "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;COUNT=40"),
    ({"freq": "monthly", "byday": "2tu",
      "until": dt.datetime(2028, 6, 30, tzinfo=UTC)},
     "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20280630T000000Z"),
    ({"freq": "yearly", "bymonth": 2, "bymonthday": -1},
     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
    ({"freq": "daily", "count": 500, "bymonth": [3, 10, 11]},
     "FREQ=DAILY;COUNT=500;BYMONTH=3,10,11"),
]


def check_reading():
    """Each rule by another clock, which the file names and does not define."""
    low, high = "2026-01-01", "2027-12-31"
    begin, end = range_of(low, high, ZONES[0])
    cal, theirs = icalendar.Calendar(), []
    cal.add("version", "2.0")
    cal.add("prodid", "-//test//")
    for i, (rule, text) in enumerate(RULES):
        zone = zoneinfo.ZoneInfo(ZONES[i])
        start = dt.datetime(2026, 1, 6, 2, 30)
        days = list(rrule.rrulestr(
            text.replace("T000000Z", "T000000"), dtstart=start))[:2000] \
            if "COUNT" in text or "UNTIL" in text else list(
                rrule.rrulestr(text, dtstart=start).between(
                    start - dt.timedelta(1), dt.datetime(2028, 6, 1), True))
        left_out = days[2]
        cal.add_component(event(f"u{i}", ZONES[i], start, rule, left_out))
        for day in days:
            at = moment(day, zone)[0]
            if day != left_out:
                theirs.append((at, at + dt.timedelta(hours=1)))
    os.makedirs("calendars", exist_ok=True)
    with open("calendars/x.ics", "wb") as f:
        f.write(cal.to_ical())
    commit({"freezes": [{"name": "x", "ics": "calendars/x.ics"}]})
    mine = {p[1:3] for p in periods("h0", low, high)}
    merged = []
    for pair in sorted(t for t in theirs if t[0] < end and t[1] > begin):
        if merged and pair[0] < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], pair[1]))
        else:
            merged.append(pair)
    verdict("rules_of_icalendar_files_are_those_of_dateutil",
            difference(mine, merged) or
            (None if len(mine) > 100 else f"only {len(mine)}"))


def check_writing():
    """Read by another parser, and by the program itself again."""
    low, high = "2026-11-01", "2027-02-28"
    r = random.Random(7)
    commit({"windows": [make_rule(r, i, False) for i in range(12)],
            "freezes": [{"name": "year; end, \"x\" \u00e4\u65e5",
                         "from": "2026-12-18", "to": "2027-01-06"}]})
    doc = json.loads(schedule("h0", low, high, "--json"))
    want = sorted((p["from"], p["to"]) for p in doc["periods"]
                  if not p["frozen"])
    text = schedule("h0", low, high, "--ics")
    cal = icalendar.Calendar.from_ical(text)
    events = list(cal.walk("VEVENT"))
    got = sorted(tuple(e.decoded(k).astimezone(UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ") for k in ("dtstart", "dtend")) for e in events)
    why = None if got == want else f"{len(got)} events for {len(want)} periods"
    if not why and len({str(e["uid"]) for e in events}) != len(events):
        why = "a UID stands twice"
    if not why and not any("year; end, \"x\" \u00e4\u65e5" in str(e["summary"])
                           for e in events):
        why = "a title is lost"
    if not why and any(len(line) > 75 for line in text.split(b"\r\n")):
        why = "a line is not folded"
    verdict("what_is_written_is_read_by_another_parser", why)
    with open("calendars/ours.ics", "wb") as f:
        f.write(text)
    commit({"freezes": [{"name": "ours", "ics": "calendars/ours.ics"}]})
    merged = []
    for start, end in want:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    doc = json.loads(schedule("h0", low, high, "--json"))
    again = [(p["from"], p["to"]) for p in doc["periods"]]
    verdict("what_is_written_is_read_again",
            None if again == merged else f"{len(again)} for {len(merged)}")


os.makedirs("hosts", exist_ok=True)
for number, name in enumerate(ZONES):
    with open(f"hosts/h{number}.json", "w", encoding="utf-8") as host_file:
        json.dump({"name": f"h{number}", "address": f"192.0.2.{number + 1}",
                   "timezone": name}, host_file)
for argument in sys.argv[1:]:
    check_rules(int(argument))
check_reading()
check_writing()
sys.exit(bad)
