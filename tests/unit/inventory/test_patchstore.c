/* Livepatch modules: what they say, how they are stored, and refused. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/modinfo.h"
#include "inventory/patchstore.h"
#include "module.h"

#define KERNEL "6.1.0-56-amd64"
#define MODULE(out, info) make_module(out, info, sizeof(info))

/* The shipped rows of other products are in the catalogue, too. */
static size_t
linux_rows(const struct hf_catalogue *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->releases_len; i++)
        n += strcmp(c->releases[i].product, "linux") == 0;
    return n;
}

/* ---- reading a module ---- */

static void
reads_what_a_module_says(void **state)
{
    struct hf_buf module = {0};
    struct hf_modinfo info;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    MODULE(&module, INFO("klp_fix", KERNEL));
    assert_int_equal(hf_modinfo_read(&info, module.data, module.len, &err),
                     HF_OK);
    assert_string_equal(info.name, "klp_fix");
    assert_string_equal(info.kernel, KERNEL);
    assert_string_equal(info.version, "1.2");
    assert_string_equal(info.depends, "");
    assert_int_equal(info.livepatch, 1);
    hf_buf_release(&module);
}

static void
refuses_modules_that_speak_with_two_tongues(void **state)
{
    struct hf_buf module = {0};
    struct hf_modinfo info;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    MODULE(&module, "name=a\0name=b");
    assert_int_equal(hf_modinfo_read(&info, module.data, module.len, &err),
                     HF_EINVALID);
    assert_string_equal(err.text, "the module says 'name' twice");
    MODULE(&module, "name=a\x1b[2J");
    assert_int_equal(hf_modinfo_read(&info, module.data, module.len, &err),
                     HF_EINVALID);
    assert_string_equal(err.text, "the module's 'name' is not plain text");
    hf_buf_release(&module);
}

/* Every length, and every byte changed: no crash, and never half a result
 * beyond the file (the sanitisers watch). */
static void
survives_every_cut_and_flip(void **state)
{
    struct hf_buf module = {0};
    struct hf_modinfo info;
    struct hf_err err = HF_ERR_INIT;
    unsigned char *copy;

    (void)state;
    MODULE(&module, INFO("klp_fix", KERNEL));
    for (size_t len = 0; len < module.len; len++) {
        copy = hf_xmalloc(len ? len : 1);
        memcpy(copy, module.data, len);
        assert_int_equal(hf_modinfo_read(&info, copy, len, &err), HF_EINVALID);
        free(copy);
    }
    for (size_t i = 0; i < module.len; i++) {
        char was = module.data[i];

        module.data[i] = (char)(was ^ 0xff);
        hf_modinfo_read(&info, module.data, module.len, &err);
        module.data[i] = was;
    }
    hf_buf_release(&module);
}

/* clang-format off */
static const struct { const char *data; size_t len; const char *text; }
no_modules[] = {
    {"", 0, "the file is no kernel module"},
    {"#!/bin/sh\n", 10, "the file is no kernel module"},
    {"\xfd" "7zXZ\0more", 10, "the module is compressed (xz)"},
    {"\x28\xb5\x2f\xfdmore", 8, "the module is compressed (zstd)"},
    {"\x1f\x8bmore", 6, "the module is compressed (gzip)"},
    {"\x7f" "ELF", 4, "the file is no kernel module"},
};
/* clang-format on */

static void
says_what_is_no_module(void **state)
{
    struct hf_modinfo info;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(no_modules); i++) {
        struct hf_err err = HF_ERR_INIT;

        assert_int_equal(
            hf_modinfo_read(&info, no_modules[i].data, no_modules[i].len, &err),
            HF_EINVALID);
        assert_string_equal(err.text, no_modules[i].text);
    }
}

/* ---- storing ---- */

static int
add(struct bed *b, struct hf_patch_added *out, const struct hf_buf *module,
    const char *complete_until)
{
    static const char *const cves[] = {"CVE-2026-1234", NULL};
    const struct hf_patch_spec spec = {
        .module = module->data,
        .len = module->len,
        .kernel = KERNEL,
        .cves = cves,
        .covered_until = "2027-03-31",
        .complete_until = complete_until,
    };

    return hf_patch_add(out, bed_open(b), &spec, &b->err);
}

static void
stores_module_and_row_in_one_commit(void **state)
{
    struct bed *b = *state;
    struct hf_patch_added added;
    struct hf_buf module = {0}, read = {0};
    const struct hf_release *row;

    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    MODULE(&module, INFO("klp_fix", KERNEL));
    assert_int_equal(add(b, &added, &module, NULL), HF_OK);
    unsetenv("HOTFLEET_CLOCK");
    assert_string_equal(added.name, "klp_fix");
    assert_string_equal(added.complete_until, "2026-11");
    assert_string_equal(bed_git(b, "status", "--porcelain", NULL), "");
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "2");
    assert_string_equal(bed_git(b, "log", "-1", "--format=%s", NULL),
                        "catalogue: add klp_fix for kernel " KERNEL);

    assert_int_equal(bed_load(b), HF_OK);
    assert_int_equal(b->problems.len, 0);
    row = hf_catalogue_kernel_row(b->fleet->catalogue, KERNEL, "klp_fix");
    assert_non_null(row);
    assert_string_equal(row->sha256, added.sha256);
    assert_string_equal(row->file, added.path);
    assert_string_equal(row->version, "1.2");
    assert_string_equal(row->cves[0], "CVE-2026-1234");
    assert_string_equal(
        hf_catalogue_product(b->fleet->catalogue, "linux")->complete_until,
        "2026-11");

    assert_int_equal(hf_patch_read(b->repo, NULL, added.sha256, &read, &b->err),
                     HF_OK);
    assert_int_equal(read.len, module.len);
    assert_memory_equal(read.data, module.data, read.len);
    hf_buf_release(&module);
    hf_buf_release(&read);
}

static void
appends_to_a_catalogue_that_people_wrote(void **state)
{
    struct bed *b = *state;
    struct hf_patch_added added;
    struct hf_buf module = {0};

    bed_write(b, "catalogue/kernels.json",
              "{\n    \"note\": \"ours\",\n    \"product\": \"linux\",\n"
              "    \"complete_until\": \"2026-08\",\n    \"releases\": [\n"
              "        {\"kernel\": \"6.1.0-55-amd64\", \"patch\": \"a\"}\n"
              "    ]\n}\n");
    bed_commit(b, "rows");
    MODULE(&module, INFO("klp_fix", KERNEL));
    assert_int_equal(add(b, &added, &module, NULL), HF_OK);
    assert_string_equal(added.complete_until, "2026-08"); /* as it was */
    assert_non_null(strstr(bed_read(b, "catalogue/kernels.json"),
                           "    \"releases\": [\n"
                           "        {\"kernel\": \"6.1.0-55-amd64\", "
                           "\"patch\": \"a\"},\n"
                           "        {\n"
                           "          \"kernel\": \"" KERNEL "\",\n"));
    assert_int_equal(bed_load(b), HF_OK);
    assert_int_equal(linux_rows(b->fleet->catalogue), 2);

    MODULE(&module, INFO("klp_fix_2", KERNEL));
    assert_int_equal(add(b, &added, &module, "2026-10"), HF_OK);
    assert_string_equal(added.complete_until, "2026-10");
    assert_int_equal(bed_load(b), HF_OK);
    assert_int_equal(linux_rows(b->fleet->catalogue), 3);
    hf_buf_release(&module);
}

static void
refuses_a_row_that_is_there(void **state)
{
    struct bed *b = *state;
    struct hf_patch_added added;
    struct hf_buf module = {0};

    MODULE(&module, INFO("klp_fix", KERNEL));
    assert_int_equal(add(b, &added, &module, NULL), HF_OK);
    assert_int_equal(add(b, &added, &module, NULL), HF_EEXISTS);
    assert_string_equal(b->err.text,
                        "patch 'klp_fix' for kernel '" KERNEL "' is already in "
                        "'catalogue/linux.json'");
    hf_buf_putc(&module, 'x');
    assert_int_equal(add(b, &added, &module, NULL), HF_EEXISTS);
    assert_string_equal(b->err.hint,
                        "a changed module needs a name of its own");
    hf_buf_release(&module);
}

static void
refuses_modules_that_would_not_do(void **state)
{
    struct bed *b = *state;
    struct hf_patch_added added;
    struct hf_buf module = {0};
    struct hf_patch_spec huge = {.len = HF_PATCH_MAX + 1, .kernel = KERNEL};

    MODULE(&module, "name=a\0vermagic=" KERNEL " SMP");
    assert_int_equal(add(b, &added, &module, NULL), HF_EINVALID);
    assert_string_equal(b->err.text, "the module 'a' is no livepatch (its "
                                     "modinfo lacks livepatch=Y)");
    MODULE(&module, INFO("klp_fix", "6.1.0-55-amd64"));
    assert_int_equal(add(b, &added, &module, NULL), HF_EINVALID);
    assert_string_equal(b->err.text, "the module is built for kernel "
                                     "'6.1.0-55-amd64', not for '" KERNEL "'");
    MODULE(&module, INFO("../x", KERNEL));
    assert_int_equal(add(b, &added, &module, NULL), HF_EINVALID);
    MODULE(&module, INFO("klp_fix", KERNEL));
    assert_int_equal(add(b, &added, &module, "august"), HF_EINVALID);
    assert_non_null(strstr(b->err.text, "is no month such as 2026-08"));
    huge.module = module.data; /* not looked at */
    assert_int_equal(hf_patch_add(&added, bed_open(b), &huge, &b->err),
                     HF_ELIMIT);
    assert_string_equal(bed_git(b, "rev-list", "--count", "HEAD", NULL), "1");
    hf_buf_release(&module);
}

static void
never_hands_out_something_else(void **state)
{
    struct bed *b = *state;
    struct hf_patch_added added;
    struct hf_buf module = {0}, read = {0};

    MODULE(&module, INFO("klp_fix", KERNEL));
    assert_int_equal(add(b, &added, &module, NULL), HF_OK);
    bed_write(b, added.path, "evil");
    bed_commit(b, "swap");
    assert_int_equal(
        hf_patch_read(bed_open(b), NULL, added.sha256, &read, &b->err), HF_EIO);
    assert_non_null(strstr(b->err.text, "holds something else"));
    assert_int_equal(read.len, 0);
    assert_int_equal(hf_patch_read(b->repo, NULL, "../x", &read, &b->err),
                     HF_EINVALID);
    hf_buf_release(&module);
    hf_buf_release(&read);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_a_module_says),
        cmocka_unit_test(refuses_modules_that_speak_with_two_tongues),
        cmocka_unit_test(survives_every_cut_and_flip),
        cmocka_unit_test(says_what_is_no_module),
        TEST(stores_module_and_row_in_one_commit),
        TEST(appends_to_a_catalogue_that_people_wrote),
        TEST(refuses_a_row_that_is_there),
        TEST(refuses_modules_that_would_not_do),
        TEST(never_hands_out_something_else),
    };

    return cmocka_run_group_tests_name("patchstore", tests, bed_group_setup,
                                       NULL);
}
