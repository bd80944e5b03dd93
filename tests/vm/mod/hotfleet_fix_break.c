// SPDX-License-Identifier: GPL-2.0
/* Loads well, is in effect, and breaks whoever reads /proc/version. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int broken_version_show(struct seq_file *m, void *v)
{
	return -EIO;
}

#define PATCH_OBJECT NULL
#define PATCH_OLD "version_proc_show"
#define PATCH_NEW broken_version_show
#define PATCH_REPLACE true
#include "patch.h"
