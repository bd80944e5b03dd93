// SPDX-License-Identifier: GPL-2.0
/* Cannot load: its own callback says that this machine must not have it. */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>

static int refused_version_show(struct seq_file *m, void *v)
{
	seq_puts(m, "never shown\n");
	return 0;
}

static int refuse(struct klp_object *object)
{
	pr_err("hotfleet_fix_refuse: this machine must not have me\n");
	return -EBUSY;
}

#define PATCH_OBJECT NULL
#define PATCH_OLD "version_proc_show"
#define PATCH_NEW refused_version_show
#define PATCH_ASK refuse
#include "patch.h"
