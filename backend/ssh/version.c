/* Which libssh runs, and whether it has the fixes we count on. */
#include <libssh/libssh.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/ssh/transport.h"

struct version {
    int major, minor, micro;
};

/* The first release of each branch with the fixes of July 2026; the last row
 * stands for everything later. Debian 12 patches 0.10.6 itself. */
static const struct version floors[] = {{0, 10, 6}, {0, 11, 5}, {0, 12, 2}};

static int
is_old(const struct version *v)
{
    size_t last = HF_COUNT(floors) - 1;

    for (size_t i = 0; i < HF_COUNT(floors); i++) {
        if (v->major == floors[i].major && v->minor == floors[i].minor)
            return v->micro < floors[i].micro;
    }
    return v->major < floors[last].major ||
           (v->major == floors[last].major && v->minor < floors[last].minor);
}

char *
hf_ssh_versions(void)
{
    const char *text = ssh_version(0);
    struct version v = {0};

    if (!text || sscanf(text, "%d.%d.%d", &v.major, &v.minor, &v.micro) != 3)
        return hf_xstrdup("libssh of unknown version");
    if (is_old(&v))
        return hf_xasprintf("libssh %d.%d.%d (warning: it lacks security "
                            "fixes of July 2026; take 0.11.5, 0.12.2 or "
                            "Debian's 0.10.6-0+deb12u3)",
                            v.major, v.minor, v.micro);
    return hf_xasprintf("libssh %d.%d.%d", v.major, v.minor, v.micro);
}
