/* Releasing a track; see track.h. */
#include "backend/model/track.h"

#include <stdlib.h>

void
hf_track_release(struct hf_track *t)
{
    free(t->v);
    *t = (struct hf_track){0};
}
