/* Starting and stopping the sshd of a test. */
#include "sshd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"

extern char **environ;

static const char sshd_binary[] = "/usr/sbin/sshd";

pid_t
spawn(const char *const argv[], const char *output)
{
    posix_spawn_file_actions_t files;
    pid_t pid = -1;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, output,
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    if (posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)argv,
                     environ) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

int
run_quiet(const char *const argv[])
{
    pid_t pid = spawn(argv, "/dev/null");
    int status = -1;

    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

char *
sshd_path(const struct sshd *s, const char *name)
{
    return hf_path_join(s->dir, name);
}

char *
slurp(const char *path)
{
    struct hf_buf text = {0};
    struct hf_err err;

    if (hf_file_read(&text, path, 64u << 20, &err) < 0) {
        hf_buf_release(&text);
        return NULL;
    }
    return hf_buf_take(&text);
}

/* Makes a key pair; returns the private key's path. */
static char *
make_key(const struct sshd *s, const char *name, const char *type,
         const char *passphrase)
{
    char *path = sshd_path(s, name);
    const char *const argv[] = {"ssh-keygen", "-q",       "-t", type,
                                "-N",         passphrase, "-f", path,
                                "-C",         "test",     NULL};

    if (run_quiet(argv) != 0)
        fprintf(stderr, "ssh-keygen failed for %s\n", path);
    return path;
}

char *
public_key(const char *private_key)
{
    char *path = hf_xasprintf("%s.pub", private_key);
    char *text = slurp(path);

    free(path);
    if (text)
        text[strcspn(text, "\n")] = '\0';
    return text ? text : hf_xstrdup("");
}

static void
make_keys(struct sshd *s)
{
    char *host = make_key(s, "host", "ed25519", "");
    char *rsa = make_key(s, "host_rsa", "rsa", "");
    char *list = sshd_path(s, "authorized"), *a, *b, *both;
    struct hf_err err;

    s->hostkey = public_key(host);
    s->rsa_hostkey = public_key(rsa);
    s->id = make_key(s, "id", "ed25519", "");
    s->secret_id = make_key(s, "secret_id", "ed25519", "open sesame");
    s->stranger = make_key(s, "stranger", "ed25519", "");
    a = public_key(s->id);
    b = public_key(s->secret_id);
    both = hf_xasprintf("%s\n%s\n", a, b);
    hf_file_write(list, both, strlen(both), 0600, &err);
    free(host);
    free(rsa);
    free(list);
    free(a);
    free(b);
    free(both);
}

static int
free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&at, len) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        at.sin_port = 0;
    close(fd);
    return ntohs(at.sin_port);
}

static char *
write_config(const struct sshd *s, const char *extra)
{
    char *path = sshd_path(s, "sshd_config");
    char *text = hf_xasprintf("%s\n" /* the first value of a key counts */
                              "Port %d\n"
                              "ListenAddress 127.0.0.1\n"
                              "HostKey %s/host\n"
                              "AuthorizedKeysFile %s/authorized\n"
                              "PidFile none\n"
                              "UsePAM no\n"
                              "StrictModes no\n"
                              "PasswordAuthentication no\n"
                              "KbdInteractiveAuthentication no\n"
                              "PermitRootLogin yes\n"
                              "PermitUserEnvironment no\n"
                              "SetEnv SHLVL=5\n"
                              "MaxStartups 2000\n"
                              "LogLevel VERBOSE\n",
                              extra, s->port, s->dir, s->dir);
    struct hf_err err;

    hf_file_write(path, text, strlen(text), 0600, &err);
    free(text);
    return path;
}

/* Does the port answer with a banner? */
static int
answers(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {.tv_sec = 5};
    char byte;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    yes = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
          recv(fd, &byte, 1, 0) == 1 && byte == 'S';
    close(fd);
    return yes;
}

/* Waits until it answers; 0, or -1 when it ended instead. */
static int
wait_until_up(struct sshd *s)
{
    const struct timespec tick = {.tv_nsec = 10 * 1000 * 1000};
    int64_t until = hf_mono() + 10000;

    while (hf_mono() < until) {
        if (answers(s->port))
            return 0;
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid)
            break;
        nanosleep(&tick, NULL);
    }
    s->pid = -1;
    return -1;
}

static int
launch(struct sshd *s, const char *extra)
{
    char *config;
    const char *argv[] = {sshd_binary, "-D", "-e", "-f", NULL, NULL};

    s->port = free_port();
    config = write_config(s, extra);
    argv[4] = config;
    s->pid = spawn(argv, s->log);
    free(config);
    return s->pid < 0 ? -1 : wait_until_up(s);
}

int
sshd_start(struct sshd *s, const char *extra)
{
    *s = (struct sshd){.pid = -1};
    if (access(sshd_binary, X_OK) < 0)
        return 1;
    if (geteuid() == 0)
        (void)mkdir("/run/sshd", 0755); /* sshd's separation folder */
    strcpy(s->dir, "/tmp/hf-sshd-XXXXXX");
    if (!mkdtemp(s->dir)) {
        perror(s->dir);
        return -1;
    }
    s->user = hf_xstrdup(getpwuid(geteuid())->pw_name);
    s->log = sshd_path(s, "log");
    make_keys(s);
    for (int tries = 0; tries < 3; tries++) { /* the port may be taken */
        if (launch(s, extra) == 0)
            return 0;
    }
    char *log = slurp(s->log);
    fprintf(stderr, "sshd does not start: %s\n", log ? log : "");
    free(log);
    sshd_stop(s);
    return -1;
}

void
sshd_stop(struct sshd *s)
{
    struct hf_err err;

    if (s->pid > 0) {
        kill(s->pid, SIGTERM);
        waitpid(s->pid, NULL, 0);
    }
    if (s->dir[0])
        hf_rmtree(s->dir, &err);
    free(s->hostkey);
    free(s->rsa_hostkey);
    free(s->user);
    free(s->id);
    free(s->secret_id);
    free(s->stranger);
    free(s->log);
    *s = (struct sshd){.pid = -1};
}

int
sshd_logged(const struct sshd *s, const char *text)
{
    char *log = slurp(s->log);
    int n = 0;

    for (const char *p = log; p && (p = strstr(p, text)); p++)
        n++;
    free(log);
    return n;
}

char *
without_comment(const char *key)
{
    const char *end = strrchr(key, ' ');

    return hf_xstrndup(key, (size_t)(end - key));
}
