/*
 * The console: the loop around panes, keys, signals and the session.
 */
#ifndef HF_TUI_CONSOLE_H
#define HF_TUI_CONSOLE_H

#include "playbooks/session.h"

struct hf_console_options {
    int ascii; /* forced; else as locale and terminal can */
    int no_color;
};

/*
 * Runs until the user leaves or the terminal is gone; the terminal is as
 * before afterwards. Returns the exit status (0, that of the run it ended
 * with, or 130), or HF_EUNSUPPORTED when this terminal cannot show it.
 */
int hf_console_run(struct hf_session *session,
                   const struct hf_console_options *o, struct hf_err *err);

#endif
