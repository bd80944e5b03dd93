/*
 * A real sshd on a free loopback port, with throwaway keys in a temporary
 * folder. Everything is gone after sshd_stop.
 */
#ifndef HF_TEST_SSHD_H
#define HF_TEST_SSHD_H

#include <sys/types.h>

struct sshd {
    char dir[64]; /* temporary folder; all names below are in it */
    int port;
    pid_t pid;
    char *hostkey;     /* "ssh-ed25519 AAAA..." as in the .pub file */
    char *rsa_hostkey; /* of a type that this sshd does not offer */
    char *user;        /* who may log in: the one who runs the test */
    char *id;          /* private key that is authorized */
    char *secret_id;   /* the same with the passphrase "open sesame" */
    char *stranger;    /* private key that is not authorized */
    char *log;         /* the sshd's log file */
};

/* `extra`: more lines for sshd_config, or "". 0, or -1 with a message on
 * stderr. Returns 1 when this machine has no sshd: skip. */
int sshd_start(struct sshd *s, const char *extra);
void sshd_stop(struct sshd *s);
/* How often `text` stands in the log. */
int sshd_logged(const struct sshd *s, const char *text);
/* "<dir>/<name>": the caller's. */
char *sshd_path(const struct sshd *s, const char *name);
/* Whole file, the caller's; NULL when it cannot be read. */
char *slurp(const char *path);
/* First line of "<private key>.pub"; the caller's. */
char *public_key(const char *private_key);
/* "type base64" of "type base64 comment"; the caller's. */
char *without_comment(const char *key);
/* Starts argv without a shell, output appended to a file; -1 on failure. */
pid_t spawn(const char *const argv[], const char *output);
/* Runs argv without a shell, output to the null device; its exit status. */
int run_quiet(const char *const argv[]);

#endif
