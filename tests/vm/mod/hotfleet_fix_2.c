// SPDX-License-Identifier: GPL-2.0
/* The cumulative successor of hotfleet_fix_1: retires it atomically. */
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/utsname.h>

static int fixed_version_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s version %s %s live-patched by hotfleet_fix_2\n",
		   utsname()->sysname, utsname()->release, utsname()->version);
	return 0;
}

MODULE_VERSION("2");
#define PATCH_OBJECT NULL
#define PATCH_OLD "version_proc_show"
#define PATCH_NEW fixed_version_show
#define PATCH_REPLACE true
#include "patch.h"
