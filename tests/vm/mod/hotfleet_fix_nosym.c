// SPDX-License-Identifier: GPL-2.0
/* Cannot load: no kernel has the function that it wants to replace. */
#include <linux/module.h>

static int never_called(void)
{
	return 0;
}

#define PATCH_OBJECT NULL
#define PATCH_OLD "hotfleet_no_such_function"
#define PATCH_NEW never_called
#include "patch.h"
