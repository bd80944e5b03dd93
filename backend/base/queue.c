/* A queue between threads, woken through an eventfd. */
#include "backend/base/queue.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "backend/base/mem.h"

struct node {
    struct node *next;
    void *item;
};

struct hf_queue {
    pthread_mutex_t lock;
    struct node *first;
    struct node **end; /* where the next node goes */
    int fd;            /* counts 1 while items wait, else 0 */
    void (*free_item)(void *);
};

struct hf_queue *
hf_queue_new(void (*free_item)(void *))
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct hf_queue *q;

    if (fd < 0)
        return NULL;
    q = HF_NEW(struct hf_queue);
    pthread_mutex_init(&q->lock, NULL);
    q->end = &q->first;
    q->fd = fd;
    q->free_item = free_item;
    return q;
}

void
hf_queue_free(struct hf_queue *q)
{
    void *item;

    if (!q)
        return;
    while ((item = hf_queue_pop(q))) {
        if (q->free_item)
            q->free_item(item);
    }
    close(q->fd);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

static void
raise_fd(struct hf_queue *q)
{
    uint64_t one = 1;

    while (write(q->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

static void
lower_fd(struct hf_queue *q)
{
    uint64_t count;

    while (read(q->fd, &count, sizeof(count)) < 0 && errno == EINTR)
        ;
}

void
hf_queue_push(struct hf_queue *q, void *item)
{
    struct node *n = HF_NEW(struct node);
    int was_empty;

    assert(item);
    n->item = item;
    pthread_mutex_lock(&q->lock);
    was_empty = !q->first;
    *q->end = n;
    q->end = &n->next;
    if (was_empty)
        raise_fd(q);
    pthread_mutex_unlock(&q->lock);
}

void *
hf_queue_pop(struct hf_queue *q)
{
    void *item = NULL;
    struct node *n;

    pthread_mutex_lock(&q->lock);
    n = q->first;
    if (n) {
        q->first = n->next;
        if (!q->first) {
            q->end = &q->first;
            lower_fd(q);
        }
    }
    pthread_mutex_unlock(&q->lock);
    if (n)
        item = n->item;
    free(n);
    return item;
}

int
hf_queue_fd(const struct hf_queue *q)
{
    return q->fd;
}
