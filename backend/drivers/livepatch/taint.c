/*
 * The kernel's taint bits. They stay set until a restart, so only a bit that
 * was not set before says anything.
 */
#include "backend/drivers/livepatch/livepatch.h"

/* clang-format off */
const struct livepatch_taint livepatch_taints[] = {
    {'F', 1, "a module was loaded by force", HF_VERDICT_WARN},
    {'R', 3, "a module was removed by force", HF_VERDICT_WARN},
    {'M', 4, "the hardware reported a machine check", HF_VERDICT_BLOCK},
    {'B', 5, "a memory page is in a bad state", HF_VERDICT_BLOCK},
    {'D', 7, "the kernel crashed in part (oops or BUG)", HF_VERDICT_BLOCK},
    {'W', 9, "the kernel warned about itself", HF_VERDICT_WARN},
    {'O', 12, "a module from outside the kernel is loaded", HF_VERDICT_PASS},
    {'E', 13, "an unsigned module is loaded", HF_VERDICT_PASS},
    {'L', 14, "a processor was locked up", HF_VERDICT_BLOCK},
    {'K', 15, "the kernel was live patched", HF_VERDICT_PASS},
    {'\0', 0, NULL, HF_VERDICT_PASS},
};
/* clang-format on */
