/* The ready-made fleet: hosts, keys, repository and the running simulator. */
#include "backend/sim/fleet.h"

#include <errno.h>
#include <libssh/libssh.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"

#define LEAST_HOSTS 40
#define MOST_HOSTS 1000000

struct hf_sim_fleet {
    struct hf_sim_host *hosts;
    struct hf_sim_member *members;
    size_t n;
    struct hf_sim *sim;
};

int
hf_sim_login_new(char **line, const char *path, struct hf_err *err)
{
    ssh_key key = NULL;
    char *base64 = NULL;
    int ok =
        ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) == SSH_OK &&
        ssh_pki_export_privkey_file(key, NULL, NULL, NULL, path) == SSH_OK &&
        chmod(path, 0600) == 0 &&
        ssh_pki_export_pubkey_base64(key, &base64) == SSH_OK;

    if (ok)
        *line = hf_xasprintf("ssh-ed25519 %s", base64);
    ssh_key_free(key);
    ssh_string_free_char(base64);
    return ok ? HF_OK : hf_fail(err, HF_EIO, "cannot make key '%s'", path);
}

/* The folder must be new or without a repository; *dir is absolute then. */
static int
make_folders(char **dir, char **keys, const char *wanted, struct hf_err *err)
{
    char *git;
    int rc;

    if ((rc = hf_mkdirs(wanted, 0755, err)) < 0)
        return rc;
    *dir = realpath(wanted, NULL);
    if (!*dir)
        return hf_fail_errno(err, errno, "cannot use '%s'", wanted);
    git = hf_path_join(*dir, ".git");
    if (hf_path_exists(git))
        rc = hf_fail(err, HF_EEXISTS, "'%s' is a repository already", *dir);
    free(git);
    if (rc < 0)
        return rc;
    *keys = hf_path_join(*dir, ".keys");
    return hf_mkdirs(*keys, 0700, err);
}

static int
start(struct hf_sim_fleet *f, const char *login,
      const struct hf_sim_options *speed, struct hf_err *err)
{
    struct hf_sim_options o = {
        .hosts = f->hosts, .hosts_len = f->n, .login_key = login};

    if (speed) {
        o.port = speed->port;
        o.reply_ms = speed->reply_ms;
        o.job_ms = speed->job_ms;
        o.rate = speed->rate;
        o.wire = speed->wire;
        o.ahead = speed->ahead;
        o.ctx = speed->ctx;
    }
    return hf_sim_new(&f->sim, &o, err);
}

/* The caller's hosts, or those of the roster. */
static void
choose_hosts(struct hf_sim_fleet *f, const struct hf_sim_options *speed)
{
    static const struct hf_sim_options usual = {0};
    const struct hf_sim_options *o = speed ? speed : &usual;

    f->hosts = hf_xcalloc(f->n, sizeof(*f->hosts));
    f->members = hf_xcalloc(f->n, sizeof(*f->members));
    if (o->hosts)
        memcpy(f->hosts, o->hosts, f->n * sizeof(*f->hosts));
    hf_sim_roster(f->hosts, f->members, f->n, o);
    hf_sim_afflict(f->hosts, f->n, o->faults_per_mille, o->seed);
}

int
hf_sim_fleet_new(struct hf_sim_fleet **out, const char *dir, size_t n,
                 const struct hf_sim_options *speed, struct hf_err *err)
{
    struct hf_sim_fleet *f = NULL;
    char *at = NULL, *keys = NULL, *identity = NULL, *login = NULL;
    int given = speed && speed->hosts;
    int rc;

    *out = NULL;
    if (given)
        n = speed->hosts_len;
    if (n < (given ? 1 : LEAST_HOSTS) || n > MOST_HOSTS)
        return hf_fail(err, HF_EINVALID,
                       "a simulated fleet has %d to %d hosts, not %zu",
                       LEAST_HOSTS, MOST_HOSTS, n);
    if ((rc = make_folders(&at, &keys, dir, err)) < 0)
        goto out;
    identity = hf_path_join(keys, "id_ed25519");
    f = HF_NEW(struct hf_sim_fleet);
    f->n = n;
    choose_hosts(f, speed);
    if ((rc = hf_sim_login_new(&login, identity, err)) < 0 ||
        (rc = start(f, login, speed, err)) < 0)
        goto out;
    rc = hf_sim_files_write(
        &(struct hf_sim_files){.dir = at,
                               .identity = identity,
                               .hosts = f->hosts,
                               .members = f->members,
                               .n = n,
                               .sim = f->sim,
                               .furnished = speed && speed->furnished},
        err);
    if (rc == HF_OK) {
        *out = f;
        f = NULL;
    }
out:
    hf_sim_fleet_free(f);
    free(at);
    free(keys);
    free(identity);
    free(login);
    return rc;
}

struct hf_sim *
hf_sim_fleet_sim(struct hf_sim_fleet *f)
{
    return f->sim;
}

const struct hf_sim_host *
hf_sim_fleet_hosts(const struct hf_sim_fleet *f, size_t *n)
{
    *n = f->n;
    return f->hosts;
}

void
hf_sim_fleet_free(struct hf_sim_fleet *f)
{
    if (!f)
        return;
    hf_sim_free(f->sim);
    free(f->hosts);
    free(f->members);
    free(f);
}
