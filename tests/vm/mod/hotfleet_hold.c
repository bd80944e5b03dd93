// SPDX-License-Identifier: GPL-2.0
/*
 * A place to park a process in. Who reads /proc/hotfleet_hold sleeps, only to
 * be killed, until somebody writes to it. The sleeper sits inside
 * hotfleet_hold_read(), which hotfleet_fix_hold replaces: as long as it sits
 * there, that patch's transition cannot finish.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(sleepers);
static unsigned int releases;

static noinline ssize_t hotfleet_hold_read(struct file *file,
					   char __user *to, size_t len,
					   loff_t *at)
{
	static const char text[] = "as built\n";
	unsigned int before = READ_ONCE(releases);
	int err;

	if (*at)
		return 0;
	err = wait_event_killable(sleepers, READ_ONCE(releases) != before);
	if (err)
		return err;
	return simple_read_from_buffer(to, len, at, text, sizeof(text) - 1);
}

static ssize_t hold_write(struct file *file, const char __user *from,
			  size_t len, loff_t *at)
{
	WRITE_ONCE(releases, releases + 1);
	wake_up_all(&sleepers);
	return len;
}

static const struct proc_ops hold_ops = {
	.proc_read = hotfleet_hold_read,
	.proc_write = hold_write,
};

static int __init hold_init(void)
{
	if (!proc_create("hotfleet_hold", 0600, NULL, &hold_ops))
		return -ENOMEM;
	return 0;
}

static void __exit hold_exit(void)
{
	remove_proc_entry("hotfleet_hold", NULL);
}

module_init(hold_init);
module_exit(hold_exit);
MODULE_LICENSE("GPL");
