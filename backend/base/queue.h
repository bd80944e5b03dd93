/*
 * A queue between threads: many producers, one consumer, items by pointer,
 * woken through a file descriptor that poll and epoll understand.
 */
#ifndef HF_BASE_QUEUE_H
#define HF_BASE_QUEUE_H

struct hf_queue;

/* `free_item` disposes of items left over in hf_queue_free (may be NULL).
 * NULL with errno when no descriptor is left. */
struct hf_queue *hf_queue_new(void (*free_item)(void *));
void hf_queue_free(struct hf_queue *q);
/* Takes ownership of item (never NULL). Never blocks for long. */
void hf_queue_push(struct hf_queue *q, void *item);
/* The oldest item, the caller's, or NULL. Never blocks; clears the fd when
 * the queue became empty. */
void *hf_queue_pop(struct hf_queue *q);
/* Readable while items wait (eventfd, CLOEXEC). */
int hf_queue_fd(const struct hf_queue *q);

#endif
