/*
 * Sends the real probe through the real dialect to the PowerShell engine, for
 * each scenario, and prints what the driver makes of the answer: facts,
 * findings, status. "bed ENGINE CATALOGUE-FOLDER WORK-FOLDER SCENARIO..."
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "tui/rows/host.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define TODAY "2026-08-20"

struct engine {
    pid_t pid;
    FILE *to, *from;
};

static void
die(const char *what)
{
    (void)fprintf(stderr, "bed: %s\n", what);
    exit(1);
}

/* ---- the catalogue ---- */

static int
index_of(const char *const *names, const char *name)
{
    for (int i = 0; name && names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return 0;
}

static void
read_product(struct hf_catalogue *c, const char *folder, const char *id)
{
    static const char *const none[] = {NULL};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};
    char *path = hf_xasprintf("%s/%s.json", folder, id);
    struct hf_release *rows = (struct hf_release *)c->releases;
    struct hf_product *p = (struct hf_product *)&c->products[c->products_len++];
    cJSON *doc, *row;

    if (hf_file_read(&text, path, 1 << 20, &err) < 0 ||
        hf_json_parse(&doc, hf_buf_str(&text), text.len, &err) < 0)
        die(err.text);
    p->id = id;
    p->complete_until = hf_json_str(doc, "complete_until");
    cJSON_ArrayForEach(row, hf_json_get(doc, "releases"))
    {
        struct hf_release *r = &rows[c->releases_len++];

        r->product = id;
        r->type = (enum hf_release_type)index_of(hf_release_type_names,
                                                 hf_json_str(row, "type"));
        r->line = (enum hf_release_line)index_of(hf_release_line_names,
                                                 hf_json_str(row, "line"));
        r->month = hf_json_str(row, "month");
        r->kb = hf_json_str(row, "kb");
        r->build = hf_json_str(row, "build");
        r->incident = hf_json_str(row, "incident");
        r->certainty = hf_json_str(row, "certainty");
        r->cves = none;
        (void)hf_time_parse(&r->released, hf_json_str(row, "released"));
    }
    free(path);
    hf_buf_release(&text); /* `doc` lives as long as the program */
}

static void
read_catalogue(struct hf_catalogue *c, const char *folder)
{
    c->releases = hf_xcalloc(1000, sizeof(struct hf_release));
    c->products = hf_xcalloc(10, sizeof(struct hf_product));
    for (size_t i = 0; hf_product_ids[i]; i++) {
        if (strcmp(hf_product_ids[i], "linux") != 0)
            read_product(c, folder, hf_product_ids[i]);
    }
    qsort((void *)c->releases, c->releases_len, sizeof(struct hf_release),
          hf_release_compare);
}

/* ---- the engine ---- */

static void
start(struct engine *e, const char *program)
{
    int in[2], out[2];

    if (pipe(in) < 0 || pipe(out) < 0 || (e->pid = fork()) < 0)
        die("cannot start the engine");
    if (e->pid == 0) {
        (void)dup2(in[0], 0);
        (void)dup2(out[1], 1);
        for (int i = 0; i < 2; i++) {
            (void)close(in[i]);
            (void)close(out[i]);
        }
        execl(program, program, "serve", (char *)NULL);
        _exit(127);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    e->to = fdopen(in[1], "w");
    e->from = fdopen(out[0], "r");
}

static void
ask(struct engine *e, const char *work, const char *scenario,
    const struct hf_buf *input, struct hf_buf *reply)
{
    char *asked = hf_xasprintf("%s/input", work);
    char *answered = hf_xasprintf("%s/output", work);
    struct hf_err err = HF_ERR_INIT;
    char line[64];

    if (hf_file_write(asked, input->data, input->len, 0644, &err) < 0)
        die(err.text);
    (void)fprintf(e->to, "%s %s %s %s\n", scenario, asked, answered,
                  hf_dialect_powershell.command);
    (void)fflush(e->to);
    if (!fgets(line, sizeof(line), e->from))
        die("the engine died");
    hf_buf_clear(reply);
    if (hf_file_read(reply, answered, 1 << 20, &err) < 0)
        die(err.text);
    free(asked);
    free(answered);
}

/* ---- what comes out ---- */

static void
show(const struct hf_state *st)
{
    const struct hf_standing *s = &st->status;
    const struct hf_facts *facts = &hf_state_record(st)->facts;
    const struct hf_findings *all = hf_state_findings(st);

    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        if (strcmp(f->key, "clock") != 0)
            (void)printf("%s%s %s\n", f->key, f->value ? "" : "?",
                         f->value ? f->value : f->why);
    }
    (void)puts("");
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_finding *f = &all->v[i];

        if (strcmp(f->name, "clock") != 0)
            (void)printf("%-8s%-11s %s\n", hf_verdict_names[f->verdict],
                         f->name, f->found);
    }
    (void)printf("\nproduct  %s\nlevel    %s\ntarget   %s\n",
                 s->product ? s->product : "-", s->level, s->target);
    (void)printf("coverage %s: %s\npatch    %s: %s\nreboot   %s %s\n",
                 hf_coverage_names[s->coverage], s->coverage_why,
                 hf_patch_names[s->patch], s->patch_why,
                 hf_reboot_names[s->reboot], s->reboot_why);
}

/* The same on the host's screen. */
static void
show_screen(const struct hf_state *st, const struct hf_fleet *fleet,
            int64_t now)
{
    const struct hf_look look = {.cols = 80, .utc = 1, .now = now};
    struct hf_track track = {0};
    struct hf_doc doc = {0};

    hf_track_of(&track, st, fleet, now);
    hf_host_status_rows(&doc, st, fleet, &track, &look);
    (void)printf("\nscreen\n");
    for (size_t i = 0; i < doc.len; i++)
        (void)printf("%s\n", hf_buf_str(&doc.v[i].line.text));
    hf_doc_release(&doc);
    hf_track_release(&track);
}

static void
run(struct engine *e, const char *work, const char *scenario,
    const struct hf_catalogue *catalogue)
{
    static const struct hf_health health[] = {
        {.name = "web", .unit = "W3SVC"},
        {.name = "tls port", .port = 443},
        {.name = "gone", .port = 8443},
    };
    const struct hf_host host = {.name = "host",
                                 .address = "192.0.2.1",
                                 .port = 22,
                                 .ring = "canary",
                                 .platform = "windows",
                                 .health = health,
                                 .health_len = 3};
    struct hf_fleet fleet = {.catalogue = catalogue};
    struct hf_state state;
    struct hf_buf input = {0}, reply = {0};
    struct hf_params params = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply r;
    int64_t now;

    hf_state_init(&state, &host);
    (void)hf_time_parse(&now, TODAY);
    hf_driver_find("windows")->probe_params(&params, &host);
    if (hf_dialect_powershell.encode(
            &input, hf_driver_find("windows")->scripts[HF_SCRIPT_PROBE],
            &params, NONCE, &err) < 0)
        die(err.text);
    ask(e, work, scenario, &input, &reply);
    if (hf_dialect_powershell.decode(&r, hf_buf_str(&reply), reply.len, NONCE,
                                     now, &err) < 0) {
        (void)printf("no reply: %s\n%s\n", err.text, hf_buf_str(&reply));
    } else {
        hf_facts_copy(&hf_state_change(&state)->facts, &r.values);
        hf_reply_release(&r);
        hf_judge(&state, &fleet, now);
        show(&state);
        show_screen(&state, &fleet, now);
    }
    hf_state_release(&state);
    hf_params_release(&params);
    hf_buf_release(&input);
    hf_buf_release(&reply);
}

int
main(int argc, char **argv)
{
    struct hf_catalogue catalogue = {0};
    struct engine engine;
    int status = 0;

    if (argc < 5)
        die("usage: bed ENGINE CATALOGUE WORK SCENARIO...");
    read_catalogue(&catalogue, argv[2]);
    start(&engine, argv[1]);
    for (int i = 4; i < argc; i++) {
        char *name =
            strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
        char *to =
            hf_xasprintf("%s/%.*s.txt", argv[3], (int)strcspn(name, "."), name);

        if (!freopen(to, "w", stdout))
            die("cannot write");
        run(&engine, argv[3], argv[i], &catalogue);
        (void)fflush(stdout);
        free(to);
    }
    (void)fclose(engine.to);
    (void)waitpid(engine.pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
