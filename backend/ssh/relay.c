/* The agent protocol's frames: a 32-bit length, a type byte, data. */
#include "backend/ssh/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "backend/base/buf.h"
#include "backend/base/time.h"
#include "backend/ssh/hostkey.h"

#define FRAME_MAX (256u << 10)

enum { IDENTITIES_ANSWER = 12, SIGN_REQUEST = 13 };

static uint32_t
u32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

/* 1 when fd is ready, 0 on stop, -1 at the deadline. */
static int
wait_for(const struct hf_relay *r, int fd, short events)
{
    struct pollfd p[2] = {{.fd = fd, .events = events},
                          {.fd = r->stop, .events = POLLIN}};
    int64_t left;

    for (;;) {
        if ((left = r->deadline - hf_mono()) <= 0)
            return -1;
        if (poll(p, 2, left < 60000 ? (int)left : 60000) < 0 && errno != EINTR)
            return 0;
        if (p[1].revents)
            return 0;
        if (p[0].revents)
            return 1;
    }
}

/* Reads until `b` holds `len` bytes: 1, or as wait_for; 0 also at the end of
 * the stream. */
static int
fill(const struct hf_relay *r, int fd, struct hf_buf *b, size_t len)
{
    char chunk[4096];
    ssize_t n;
    int rc;

    while (b->len < len) {
        if ((rc = wait_for(r, fd, POLLIN)) != 1)
            return rc;
        n = recv(fd, chunk,
                 len - b->len < sizeof(chunk) ? len - b->len : sizeof(chunk),
                 MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return 0;
        if (n > 0)
            hf_buf_add(b, chunk, (size_t)n);
    }
    return 1;
}

static int
read_frame(const struct hf_relay *r, int fd, struct hf_buf *frame)
{
    int rc;

    hf_buf_clear(frame);
    if ((rc = fill(r, fd, frame, 4)) != 1)
        return rc;
    if (u32(frame->data) == 0 || u32(frame->data) > FRAME_MAX)
        return 0;
    return fill(r, fd, frame, 4 + (size_t)u32(frame->data));
}

static int
write_frame(const struct hf_relay *r, int fd, const struct hf_buf *frame)
{
    size_t done = 0;
    ssize_t n;
    int rc;

    while (done < frame->len) {
        if ((rc = wait_for(r, fd, POLLOUT)) != 1)
            return rc;
        n = send(fd, frame->data + done, frame->len - done,
                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return 0;
        if (n > 0)
            done += (size_t)n;
    }
    return 1;
}

static void
note_question(struct hf_relay *r, const struct hf_buf *frame)
{
    uint32_t len;

    if (frame->len < 9 || frame->data[4] != SIGN_REQUEST ||
        (len = u32(frame->data + 5)) > frame->len - 9)
        return;
    free(r->key);
    r->key = hf_blob_fingerprint(frame->data + 9, len);
}

static void
note_answer(struct hf_relay *r, const struct hf_buf *frame)
{
    if (frame->len >= 9 && frame->data[4] == IDENTITIES_ANSWER)
        r->keys = (int)(u32(frame->data + 5) & 0xffff);
}

static int
connect_agent(struct hf_relay *r)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(r->socket) >= sizeof(to.sun_path)) {
        hf_fail(&r->error, HF_EINVALID, "the path of ssh-agent is too long");
        return -1;
    }
    memcpy(to.sun_path, r->socket, strlen(r->socket));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)&to,
                           sizeof(to)) == 0)
        return fd;
    hf_fail_errno(&r->error, errno, "cannot talk to ssh-agent at '%s'",
                  r->socket);
    hf_hint(&r->error, "is SSH_AUTH_SOCK right, and does the agent run?");
    if (fd >= 0)
        close(fd);
    return -1;
}

/* One question to the agent and its answer back: 1, or as wait_for. */
static int
pass(struct hf_relay *r, int agent, struct hf_buf *frame)
{
    int rc;

    if ((rc = read_frame(r, r->near, frame)) != 1)
        return rc;
    note_question(r, frame);
    if ((rc = write_frame(r, agent, frame)) != 1 ||
        (rc = read_frame(r, agent, frame)) != 1) {
        r->hung = rc < 0;
        return rc;
    }
    note_answer(r, frame);
    return write_frame(r, r->near, frame);
}

void *
hf_relay_run(void *arg)
{
    struct hf_relay *r = arg;
    struct hf_buf frame = {0};
    int agent = connect_agent(r);

    while (agent >= 0 && pass(r, agent, &frame) == 1)
        ;
    if (agent >= 0)
        close(agent);
    shutdown(r->near, SHUT_RDWR);
    hf_buf_release(&frame);
    return NULL;
}
