/* Runs a fuzz target over the files of folders, where libFuzzer is not. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "tests/fuzz/fuzz.h"

#define MAX_SEED ((size_t)16 << 20)

static int
replay_file(const char *path)
{
    struct hf_buf text = {0};
    struct hf_err err;
    uint8_t *exact; /* no NUL behind it: sanitisers see one byte too many */
    int rc = hf_file_read(&text, path, MAX_SEED, &err);

    if (rc < 0) {
        fprintf(stderr, "%s\n", err.text);
        return rc;
    }
    exact = malloc(text.len ? text.len : 1);
    if (!exact)
        abort();
    memcpy(exact, hf_buf_str(&text), text.len);
    LLVMFuzzerTestOneInput(exact, text.len);
    free(exact);
    hf_buf_release(&text);
    return 0;
}

/* How many seeds the folder has, or -1. */
static int
replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int seeds = 0;

    if (!dir) {
        perror(folder);
        return -1;
    }
    while (seeds >= 0 && (entry = readdir(dir))) {
        char *path;

        if (entry->d_name[0] == '.')
            continue;
        path = hf_path_join(folder, entry->d_name);
        fprintf(stderr, "%s\n", path); /* the last line names the culprit */
        seeds = replay_file(path) < 0 ? -1 : seeds + 1;
        free(path);
    }
    closedir(dir);
    return seeds;
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int seeds = replay_folder(argv[i]);

        if (seeds <= 0) {
            fprintf(stderr, "no seeds in %s\n", argv[i]);
            return 1;
        }
        printf("%d seeds\n", seeds);
    }
    return 0;
}
