"""page_check.py KIND PAGE REPORT PDF: a report as a page, opened in a browser
without a screen: it asks for nothing but itself, shows what the JSON report
says, its plots and their labels can be seen, and it prints."""
import html
import json
import re
import subprocess
import sys

# Runs in a copy of the page, which becomes what was seen in it.
LOOK = """<script>addEventListener('load', () => {
const box = e => e.getBoundingClientRect();
const plot = s => ({
    wide: box(s).width, high: box(s).height,
    marks: [...s.querySelectorAll('path, rect')].map(
        e => box(e).width + box(e).height),
    cut: [...s.querySelectorAll('text')].filter(
        t => box(t).left < box(s).left || box(t).right > box(s).right).map(
        t => t.textContent)});
const seen = {
    asked: performance.getEntriesByType('resource').map(e => e.name),
    overflows: document.documentElement.scrollWidth > innerWidth,
    figures: [...document.querySelectorAll('.figure b')].map(
        e => e.innerText),
    rows: [...document.querySelectorAll('tbody')].map(
        t => [...t.rows].map(r => [...r.cells].map(c => c.innerText))),
    plots: [...document.querySelectorAll('svg')].map(plot),
    text: document.body.innerText};
document.body.innerHTML = '<pre></pre>';
document.querySelector('pre').textContent = JSON.stringify(seen);
})</script></body>"""
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu",
           "--disable-dev-shm-usage", "--disable-background-networking",
           "--disable-component-update", "--no-first-run",
           "--window-size=1100,1600"]


def browser(work, *options):
    return subprocess.run(
        ["chromium", *OPTIONS, "--user-data-dir=" + work, *options],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL, timeout=120).stdout.decode()


def look_at(page):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with open(page + ".copy.html", "w", encoding="utf-8") as file:
        file.write(text.replace("</body>", LOOK))
    dom = browser(page + ".profile", "--dump-dom",
                  "file://" + page + ".copy.html")
    seen = re.search(r"<pre>(.*?)</pre>", dom, re.DOTALL).group(1)
    return text, json.loads(html.unescape(seen))


def share(part, whole):
    """Tenths of a percent, rounded down."""
    tenths = part * 1000 // whole if whole else None
    return "-" if tenths is None else "%d.%d %%" % divmod(tenths, 10)


def both_figures(tally):
    return [share(tally["covered_current"], tally["covered"]),
            share(tally["by"]["current"], tally["hosts"])]


def of_compliance(report):
    groups = [[g["by"], g["name"] or "-"] for g in report["groups"]]
    return both_figures(report["now"]), groups


def of_savings(report):
    money = report["money"]
    months = [[m["month"], str(m["avoided"]), str(m["hotpatches"]),
               str(m["taken_back"])] for m in report["months"]]
    return [str(report["all"]["avoided"]),
            "%d to %d" % (money["net_low"], money["net_high"])], months


def of_quarter(report):
    figures = both_figures(report["in_effect"])
    figures += [str(report["restarts"]["avoided"]),
                str(report["open"]["open"])]
    return figures, [[x["release"]] for x in report["blocks"]]


def of_memory(report):
    kinds = {"committed": "committed memory",
             "modules": "kernel modules and drivers", "pool": "nonpaged pool"}
    rows = [[p["product"], kinds[k], "%d of %d" % (v["told"], p["hosts"])]
            for p in report["products"] for k, v in p["kinds"].items()
            if v["told"] and k in kinds]
    return [str(len(report["patches"]))], rows


WANTED = {"compliance": of_compliance, "savings": of_savings,
          "quarter": of_quarter, "memory": of_memory}
PAGES = {"quarter": 1}


def main():
    kind, page, report, pdf = sys.argv[1:]
    with open(report, encoding="utf-8") as file:
        report = json.load(file)
    bad = False

    def holds(name, good, why):
        nonlocal bad
        bad |= not good
        print("ok" if good else "not ok",
              kind + "_" + name + ("" if good else ": %.300s" % (why,)))

    text, seen = look_at(page)
    holds("asks_for_nothing_else", not seen["asked"], seen["asked"])
    outside = re.findall(r"(?:src|href)=|url\(|@import|https?://", text)
    holds("names_nothing_outside", not outside, outside)
    holds("fits_its_window", not seen["overflows"], "it is wider")
    figures, rows = WANTED[kind](report)
    holds("leads_with_the_figures_of_the_report",
          seen["figures"][:len(figures)] == figures,
          (figures, seen["figures"]))
    shown = [row[:len(rows[0])] for t in seen["rows"] for row in t
             if rows]
    missing = [row for row in rows if row not in shown]
    holds("has_a_row_for_each_of_the_report", not missing, missing)
    holds("says_that_it_is_simulated", "SIMULATED" in seen["text"],
          seen["text"])
    small = [p for p in seen["plots"]
             if p["wide"] < 300 or p["high"] < 40 or not any(p["marks"])]
    holds("shows_its_plots", seen["plots"] and not small, small or "none")
    cut = [label for p in seen["plots"] for label in p["cut"]]
    holds("shows_every_label", not cut, cut)
    browser(page + ".profile", "--no-pdf-header-footer",
            "--print-to-pdf=" + pdf, "file://" + page)
    about = subprocess.run(["pdfinfo", pdf], check=True,
                           stdout=subprocess.PIPE).stdout.decode()
    pages = int(re.search(r"^Pages: +(\d+)$", about, re.MULTILINE).group(1))
    holds("prints_on_few_pages", 1 <= pages <= PAGES.get(kind, 4), pages)
    printed = subprocess.run(["pdftotext", pdf, "-"], check=True,
                             stdout=subprocess.PIPE).stdout.decode()
    missing = [f for f in figures if f not in printed]
    holds("prints_its_figures", not missing, missing)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
