// SPDX-License-Identifier: GPL-2.0
/*
 * A harmless live patch to try hotfleet with: while it is in effect,
 * /proc/version ends in "live-patched by hotfleet_fix_1".
 */
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/utsname.h>

static int fixed_version_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%s version %s %s live-patched by hotfleet_fix_1\n",
		   utsname()->sysname, utsname()->release, utsname()->version);
	return 0;
}

static struct klp_func funcs[] = {
	{ .old_name = "version_proc_show", .new_func = fixed_version_show },
	{ }
};

static struct klp_object objects[] = {
	{ .name = NULL, .funcs = funcs },	/* NULL: the kernel itself */
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init fix_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit fix_exit(void)
{
}

module_init(fix_init);
module_exit(fix_exit);
MODULE_DESCRIPTION("example live patch of /proc/version");
MODULE_VERSION("1");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
