// SPDX-License-Identifier: GPL-2.0
/* Replaces the function that readers of /proc/hotfleet_hold sleep in. */
#include <linux/fs.h>
#include <linux/module.h>

static ssize_t fixed_hold_read(struct file *file, char __user *to, size_t len,
			       loff_t *at)
{
	static const char text[] = "live-patched\n";

	return simple_read_from_buffer(to, len, at, text, sizeof(text) - 1);
}

#define PATCH_OBJECT "hotfleet_hold"
#define PATCH_OLD "hotfleet_hold_read"
#define PATCH_NEW fixed_hold_read
#include "patch.h"
