/* The program's own log: one JSON object in one write for each line. */
#include "backend/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/buf.h"
#include "backend/base/file.h"
#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define MAX_TEXT 4096

static const char *const level_names[] = {"error", "warn", "info", "debug"};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static atomic_int log_level = -1; /* -1: closed */

int
hf_log_open(const char *path, enum hf_log_level level, struct hf_err *err)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);

    if (fd < 0)
        return hf_fail_errno(err, errno, "cannot open log '%s'", path);
    hf_log_close();
    pthread_mutex_lock(&lock);
    log_fd = fd;
    log_level = (int)level;
    pthread_mutex_unlock(&lock);
    return HF_OK;
}

void
hf_log_close(void)
{
    pthread_mutex_lock(&lock);
    log_level = -1;
    if (log_fd >= 0)
        close(log_fd);
    log_fd = -1;
    pthread_mutex_unlock(&lock);
}

/* {"at":..,"level":..,"text":..} and a newline; the caller's. */
static char *
format_line(enum hf_log_level level, const char *text)
{
    char at[HF_TIME_LEN];
    struct hf_buf safe = {0};
    cJSON *doc = cJSON_CreateObject();
    struct hf_buf line = {0};
    char *printed;

    hf_sanitise(&safe, text, strlen(text), MAX_TEXT, 0);
    hf_json_add_str(doc, "at", hf_time_format(at, hf_now()));
    hf_json_add_str(doc, "level", level_names[level]);
    hf_json_add_str(doc, "text", hf_buf_str(&safe));
    printed = hf_json_print(doc);
    hf_buf_puts(&line, printed);
    hf_buf_putc(&line, '\n');
    free(printed);
    cJSON_Delete(doc);
    hf_buf_release(&safe);
    return hf_buf_take(&line);
}

void
hf_log(enum hf_log_level level, const char *fmt, ...)
{
    char text[MAX_TEXT + 64];
    va_list ap;
    char *line;

    if ((int)level > log_level)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    line = format_line(level, text);
    pthread_mutex_lock(&lock);
    if (log_fd >= 0)
        hf_write_all(log_fd, line, strlen(line)); /* a full disk loses lines */
    pthread_mutex_unlock(&lock);
    free(line);
}
