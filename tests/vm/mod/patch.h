/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame that the test patches share. A module sets these and includes
 * this file last:
 *   PATCH_OBJECT   module to patch, NULL for the kernel itself
 *   PATCH_OLD      name of the function to replace
 *   PATCH_NEW      its replacement
 *   PATCH_REPLACE  true retires all earlier patches (optional)
 *   PATCH_ASK      a pre-patch callback (optional)
 */
#include <linux/livepatch.h>
#include <linux/module.h>

#ifndef PATCH_REPLACE
#define PATCH_REPLACE false
#endif
#ifndef PATCH_ASK
#define PATCH_ASK NULL
#endif

static struct klp_func funcs[] = {
	{ .old_name = PATCH_OLD, .new_func = PATCH_NEW },
	{ }
};

static struct klp_object objects[] = {
	{
		.name = PATCH_OBJECT,
		.funcs = funcs,
		.callbacks = { .pre_patch = PATCH_ASK },
	},
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.replace = PATCH_REPLACE,
};

static int __init patch_init(void)
{
	return klp_enable_patch(&patch);
}

static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
