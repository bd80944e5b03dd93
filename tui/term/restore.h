/*
 * Gives the terminal back on every way out of the program, also the fatal
 * ones. For the screen.
 */
#ifndef HF_TERM_RESTORE_H
#define HF_TERM_RESTORE_H

/* Before curses touches the terminal: remembers its settings; at exit and on
 * fatal signals they come back. */
void hf_restore_arm(void);
/* The bytes that leave full screen, from terminfo; copied. */
void hf_restore_bytes(const char *rmcup, const char *cnorm, const char *rmkx);
/* The terminal has been given back (or is gone): nothing is left to do. */
void hf_restore_disarm(void);

#endif
