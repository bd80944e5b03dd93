/*
 * What a worker's thread is told by others: a message knows what to do on
 * the worker's thread, and how to dispose of itself when the worker is gone.
 * Concrete messages have a struct hf_mail as their first member.
 */
#ifndef HF_SSH_MAIL_H
#define HF_SSH_MAIL_H

struct hf_worker;

struct hf_mail {
    /* On the worker's thread; disposes of the message. */
    void (*take)(struct hf_worker *w, struct hf_mail *mail);
    void (*drop)(struct hf_mail *mail);
};

#endif
