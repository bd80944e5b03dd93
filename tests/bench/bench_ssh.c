/*
 * What a host costs the console: connect, host key, login, one command. The
 * transport beside a bare libssh loop (the floor: the same bytes, nothing
 * else) and beside one OpenSSH client process for each host, all against the
 * same sshd. Ratios of one run are what counts; times depend on the machine.
 *
 *   bench_ssh [--json] [HOSTS]
 */
#include <fcntl.h>
#include <libssh/libssh.h>
#include <malloc.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/ssh/hostkey.h"
#include "backend/ssh/transport.h"
#include "tests/ssh/sshd.h"

#define COMMAND "echo x"

extern char **environ;

static struct sshd server;

struct cost {
    const char *name, *title;
    int hosts;
    double cpu_ms, wall_ms; /* for each host */
};

static double
cpu_ms(int who)
{
    struct rusage use;

    getrusage(who, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
}

static void
die(const char *what)
{
    fprintf(stderr, "bench_ssh: %s\n", what);
    sshd_stop(&server);
    exit(1);
}

/* ---- the floor ---- */

static void
check_key(ssh_session session, const char *pinned)
{
    ssh_key key = NULL;
    char *text;

    if (ssh_get_server_publickey(session, &key) != SSH_OK)
        die("no host key");
    text = hf_hostkey_text(key);
    if (strcmp(text, pinned) != 0)
        die("wrong host key");
    free(text);
    ssh_key_free(key);
}

static void
run_command(ssh_session session)
{
    ssh_channel channel = ssh_channel_new(session);
    char out[256];

    if (ssh_channel_open_session(channel) != SSH_OK ||
        ssh_channel_request_exec(channel, COMMAND) != SSH_OK)
        die("no command");
    ssh_channel_send_eof(channel);
    while (ssh_channel_read(channel, out, sizeof(out), 0) > 0)
        ;
    if (ssh_channel_get_exit_status(channel) != 0)
        die("command failed");
    ssh_channel_close(channel);
    ssh_channel_free(channel);
}

static void
bare_host(ssh_key key, const char *pinned)
{
    ssh_session session = ssh_new();
    int no = 0, yes = 1;

    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1");
    ssh_options_set(session, SSH_OPTIONS_PORT, &server.port);
    ssh_options_set(session, SSH_OPTIONS_USER, server.user);
    ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    ssh_options_set(session, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519");
    ssh_options_set(session, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256");
    ssh_options_set(session, SSH_OPTIONS_NODELAY, &yes);
    if (ssh_connect(session) != SSH_OK)
        die(ssh_get_error(session));
    check_key(session, pinned);
    if (ssh_userauth_publickey(session, NULL, key) != SSH_AUTH_SUCCESS)
        die(ssh_get_error(session));
    run_command(session);
    ssh_disconnect(session);
    ssh_free(session);
}

static void
bare_libssh(struct cost *cost)
{
    struct hf_err err;
    ssh_key key = NULL;
    char *pinned = NULL;

    if (ssh_pki_import_privkey_file(server.id, NULL, NULL, NULL, &key) !=
            SSH_OK ||
        hf_hostkey_parse(&pinned, server.hostkey, &err) < 0)
        die("no key");
    for (int i = 0; i < cost->hosts; i++)
        bare_host(key, pinned);
    ssh_key_free(key);
    free(pinned);
}

/* ---- the transport ---- */

static long session_bytes; /* heap of one open session */

static struct hf_result *
next_result(struct hf_queue *results)
{
    struct pollfd p = {.fd = hf_queue_fd(results), .events = POLLIN};
    struct hf_result *r;

    while (!(r = hf_queue_pop(results)))
        poll(&p, 1, -1);
    return r;
}

static void
transport(struct cost *cost)
{
    const struct hf_transport_options options = {.agent_sock = ""};
    const struct hf_link_spec spec = {
        .name = "bench",
        .address = "127.0.0.1",
        .port = server.port,
        .user = server.user,
        .identity = server.id,
        .hostkey = server.hostkey,
    };
    struct hf_queue *results = hf_queue_new(NULL);
    struct hf_transport *t = NULL;
    struct hf_err err = HF_ERR_INIT;
    long before = (long)mallinfo2().uordblks;
    uint32_t link;

    if (hf_transport_new(&t, &options, results, &err) < 0)
        die(err.text);
    for (int i = 0; i < cost->hosts; i++) {
        struct hf_request request = {.command = COMMAND};

        if (hf_transport_open(t, &link, &spec, &err) < 0)
            die(err.text);
        hf_transport_submit(t, link, &request);
    }
    for (int i = 0; i < cost->hosts; i++) {
        struct hf_result *r = next_result(results);

        if (r->outcome != HF_NET_DONE || r->exit_status != 0)
            die(r->error.text);
        hf_result_free(r);
    }
    session_bytes = ((long)mallinfo2().uordblks - before) / cost->hosts;
    hf_transport_free(t); /* closes them all */
    hf_queue_free(results);
}

/* ---- the client program ---- */

static void
client(struct cost *cost, const char *kex)
{
    char port[16], known[128], target[64];
    const char *const argv[] = {"ssh",
                                "-F",
                                "none",
                                "-p",
                                port,
                                "-i",
                                server.id,
                                "-o",
                                known,
                                "-o",
                                "GlobalKnownHostsFile=/dev/null",
                                "-o",
                                "IdentitiesOnly=yes",
                                "-o",
                                "BatchMode=yes",
                                "-o",
                                kex,
                                target,
                                COMMAND,
                                NULL};
    char *list = sshd_path(&server, "known");
    FILE *f = fopen(list, "w");
    posix_spawn_file_actions_t files;

    snprintf(port, sizeof(port), "%d", server.port);
    snprintf(known, sizeof(known), "UserKnownHostsFile=%s", list);
    snprintf(target, sizeof(target), "%s@127.0.0.1", server.user);
    fprintf(f, "[127.0.0.1]:%d %s\n", server.port, server.hostkey);
    fclose(f);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    for (int i = 0; i < cost->hosts; i++) {
        pid_t pid;
        int status;

        if (posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)argv,
                         environ) != 0 ||
            waitpid(pid, &status, 0) != pid || status != 0)
            die("ssh failed");
    }
    posix_spawn_file_actions_destroy(&files);
    free(list);
}

static void
client_default(struct cost *cost)
{
    client(cost, "LogLevel=ERROR");
}

static void
client_curve25519(struct cost *cost)
{
    client(cost, "KexAlgorithms=curve25519-sha256");
}

/* ---- report ---- */

static void
measure(struct cost *cost, void (*run)(struct cost *), int who)
{
    double cpu = cpu_ms(who);
    int64_t wall = hf_mono();

    run(cost);
    cost->cpu_ms = (cpu_ms(who) - cpu) / cost->hosts;
    cost->wall_ms = (double)(hf_mono() - wall) / cost->hosts;
}

static void
print_text(const struct cost *costs, size_t n)
{
    printf("%-34s %6s %12s %12s %8s\n", "one host: connect, login, command",
           "hosts", "CPU ms/host", "wall ms/host", "floor x");
    for (size_t i = 0; i < n; i++)
        printf("%-34s %6d %12.2f %12.2f %8.2f\n", costs[i].title,
               costs[i].hosts, costs[i].cpu_ms, costs[i].wall_ms,
               costs[i].cpu_ms / costs[0].cpu_ms);
    printf("memory of one open session: %.1f KiB\n",
           (double)session_bytes / 1024);
}

static void
print_json(const struct cost *costs, size_t n)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *rows = hf_json_add_arr(doc, "rows");
    char *text;

    hf_json_add_str(doc, "bench", "ssh");
    hf_json_add_int(doc, "session_bytes", session_bytes);
    for (size_t i = 0; i < n; i++) {
        cJSON *row = cJSON_CreateObject();

        hf_json_add_str(row, "name", costs[i].name);
        hf_json_add_int(row, "hosts", costs[i].hosts);
        cJSON_AddNumberToObject(row, "cpu_ms", costs[i].cpu_ms);
        cJSON_AddNumberToObject(row, "wall_ms", costs[i].wall_ms);
        cJSON_AddNumberToObject(row, "ratio",
                                costs[i].cpu_ms / costs[0].cpu_ms);
        cJSON_AddItemToArray(rows, row);
    }
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    int hosts = argc > 1 + json ? atoi(argv[1 + json]) : 200;
    struct cost costs[] = {
        {.name = "libssh", .title = "bare libssh (the floor)"},
        {.name = "transport", .title = "hotfleet's transport"},
        {.name = "ssh-curve25519", .title = "ssh process, curve25519"},
        {.name = "ssh", .title = "ssh process"},
    };
    static void (*const runs[])(struct cost *) = {
        bare_libssh, transport, client_curve25519, client_default};

    if (hosts < 1 || sshd_start(&server, "") != 0)
        die("no sshd");
    ssh_init();
    for (size_t i = 0; i < HF_COUNT(costs); i++) {
        int own = i < 2; /* processes are slow: fewer of them */

        costs[i].hosts = own ? hosts : (hosts + 9) / 10;
        measure(&costs[i], runs[i], own ? RUSAGE_SELF : RUSAGE_CHILDREN);
    }
    (json ? print_json : print_text)(costs, HF_COUNT(costs));
    sshd_stop(&server);
    return 0;
}
