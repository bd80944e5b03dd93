/* A Windows host may answer anything. */
#include "tests/fuzz/reply.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return check_reply(&hf_dialect_powershell, data, size);
}
