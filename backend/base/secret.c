/* Passphrases: one locked page, wiped before it goes. */
#include "backend/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"

struct hf_secret {
    size_t len;
    char text[HF_SECRET_MAX + 1];
};

struct hf_secret *
hf_secret_new(void)
{
    struct hf_secret *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (s == MAP_FAILED)
        return hf_xrealloc(NULL, (size_t)-1, 2); /* ends the program */
    mlock(s, sizeof(*s)); /* may be refused by a limit: still wiped */
    madvise(s, sizeof(*s), MADV_DONTDUMP);
    return s;
}

void
hf_secret_free(struct hf_secret *s)
{
    if (!s)
        return;
    explicit_bzero(s, sizeof(*s));
    munmap(s, sizeof(*s));
}

int
hf_secret_putc(struct hf_secret *s, char c, struct hf_err *err)
{
    if (c == '\0')
        return hf_fail(err, HF_EINVALID, "the passphrase holds a zero byte");
    if (s->len == HF_SECRET_MAX)
        return hf_fail(err, HF_ELIMIT, "the passphrase is longer than %d bytes",
                       HF_SECRET_MAX);
    s->text[s->len++] = c;
    return HF_OK;
}

void
hf_secret_backspace(struct hf_secret *s)
{
    while (s->len > 0) {
        int inside = ((unsigned char)s->text[--s->len] & 0xc0) == 0x80;

        s->text[s->len] = '\0';
        if (!inside)
            return;
    }
}

const char *
hf_secret_text(const struct hf_secret *s)
{
    return s->text;
}

static void
secret_clear(struct hf_secret *s)
{
    explicit_bzero(s, sizeof(*s));
}

enum {
    KEY_INTERRUPT = 3,
    KEY_END = 4,
    KEY_BS = 8,
    KEY_KILL = 21,
    KEY_DEL = 127
};

/* Takes one key: 1 goes on, 0 is the end of the line, or a code. */
static int
take_key(struct hf_secret *s, char key, struct hf_err *err)
{
    int rc;

    switch (key) {
    case KEY_INTERRUPT:
        return hf_fail(err, HF_ECANCELLED, "no passphrase was given");
    case '\r':
    case '\n':
    case KEY_END:
        return 0;
    case KEY_BS:
    case KEY_DEL:
        hf_secret_backspace(s);
        return 1;
    case KEY_KILL:
        secret_clear(s);
        return 1;
    default:
        rc = hf_secret_putc(s, key, err);
        return rc < 0 ? rc : 1;
    }
}

static int
read_keys(struct hf_secret *s, int fd, struct hf_err *err)
{
    int rc = 1;
    char key;

    while (rc == 1) {
        ssize_t n = read(fd, &key, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = hf_fail_errno(err, errno, "cannot read the passphrase");
        else if (n == 0)
            rc = hf_fail(err, HF_ECANCELLED, "no passphrase was given");
        else
            rc = take_key(s, key, err);
    }
    explicit_bzero(&key, sizeof(key));
    return rc;
}

/*
 * Keys are read one by one and without signals, so that an interrupt cannot
 * leave the terminal without echo.
 */
int
hf_secret_ask(struct hf_secret *s, const char *prompt, struct hf_err *err)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios old, quiet;
    int rc;

    secret_clear(s);
    if (fd < 0 || tcgetattr(fd, &old) < 0) {
        rc = hf_fail(err, HF_EUNSUPPORTED,
                     "cannot ask for a passphrase without a terminal");
        goto out;
    }
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    if (tcsetattr(fd, TCSAFLUSH, &quiet) < 0) {
        rc = hf_fail_errno(err, errno, "cannot turn off the terminal's echo");
        goto out;
    }
    hf_write_all(fd, prompt, strlen(prompt));
    rc = read_keys(s, fd, err);
    tcsetattr(fd, TCSAFLUSH, &old);
    hf_write_all(fd, "\n", 1);
out:
    if (rc < 0)
        secret_clear(s);
    if (fd >= 0)
        close(fd);
    return rc;
}
