/* Reading .modinfo out of an ELF file that may be anything. */
#include "inventory/modinfo.h"

#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

struct image {
    const unsigned char *data;
    size_t len;
};

/* Compressed files that are taken for modules. */
/* clang-format off */
static const struct { const char *magic; size_t len; const char *name, *tool; }
compressions[] = {
    {"\xfd" "7zXZ", 5, "xz", "unxz"},
    {"\x28\xb5\x2f\xfd", 4, "zstd", "unzstd"},
    {"\x1f\x8b", 2, "gzip", "gunzip"},
};
/* clang-format on */

/* [offset, offset + size) lies within the file. */
static int
is_inside(const struct image *im, uint64_t offset, uint64_t size)
{
    return offset <= im->len && size <= im->len - offset;
}

static int
check_head(const struct image *im, Elf64_Ehdr *head, struct hf_err *err)
{
    for (size_t i = 0; i < HF_COUNT(compressions); i++) {
        if (im->len < compressions[i].len ||
            memcmp(im->data, compressions[i].magic, compressions[i].len) != 0)
            continue;
        hf_fail(err, HF_EINVALID, "the module is compressed (%s)",
                compressions[i].name);
        return hf_hint(err, "%s it first", compressions[i].tool);
    }
    if (im->len < sizeof(*head) || memcmp(im->data, ELFMAG, SELFMAG) != 0)
        return hf_fail(err, HF_EINVALID, "the file is no kernel module");
    memcpy(head, im->data, sizeof(*head));
    if (head->e_ident[EI_CLASS] != ELFCLASS64 ||
        head->e_ident[EI_DATA] != ELFDATA2LSB)
        return hf_fail(err, HF_EINVALID,
                       "the module is not for a 64-bit little-endian machine");
    if (head->e_type != ET_REL)
        return hf_fail(err, HF_EINVALID,
                       "the file is no kernel module, but "
                       "a program or library");
    return HF_OK;
}

static int
damaged(struct hf_err *err)
{
    return hf_fail(err, HF_EINVALID, "the module is damaged or cut off");
}

/* The header of section `index`; all of the table lies within the file. */
static Elf64_Shdr
section(const struct image *im, const Elf64_Ehdr *head, size_t index)
{
    Elf64_Shdr out;

    memcpy(&out, im->data + head->e_shoff + index * sizeof(out), sizeof(out));
    return out;
}

static int
find_section(const struct image *im, const char *name, Elf64_Shdr *found,
             struct hf_err *err)
{
    Elf64_Ehdr head = {0};
    Elf64_Shdr names;
    int rc;

    if ((rc = check_head(im, &head, err)) < 0)
        return rc;
    if (head.e_shentsize != sizeof(Elf64_Shdr) ||
        !is_inside(im, head.e_shoff,
                   (uint64_t)head.e_shnum * sizeof(Elf64_Shdr)) ||
        head.e_shstrndx >= head.e_shnum)
        return damaged(err);
    names = section(im, &head, head.e_shstrndx);
    if (!is_inside(im, names.sh_offset, names.sh_size))
        return damaged(err);
    for (size_t i = 0; i < head.e_shnum; i++) {
        *found = section(im, &head, i);
        if (found->sh_name >= names.sh_size ||
            names.sh_size - found->sh_name < strlen(name) + 1 ||
            memcmp(im->data + names.sh_offset + found->sh_name, name,
                   strlen(name) + 1) != 0)
            continue;
        if (found->sh_type != SHT_PROGBITS ||
            !is_inside(im, found->sh_offset, found->sh_size))
            return damaged(err);
        return HF_OK;
    }
    return hf_fail(err, HF_EINVALID,
                   "the file has no section '%s': it is no "
                   "kernel module",
                   name);
}

/* ---- key=value, each ended by a NUL ---- */

/* 0, or -1 when the value is too long or not plain text. */
static int
copy_value(char *out, size_t size, const char *value, size_t len)
{
    if (len >= size)
        return -1;
    for (size_t i = 0; i < len; i++)
        if (value[i] < ' ' || value[i] > '~')
            return -1;
    memcpy(out, value, len);
    out[len] = '\0';
    return 0;
}

static int
take_pair(struct hf_modinfo *out, const char *pair, size_t len,
          struct hf_err *err)
{
    char livepatch[8] = "";
    /* clang-format off */
    const struct { const char *key; char *value; size_t size; } wanted[] = {
        {"name", out->name, sizeof(out->name)},
        {"vermagic", out->vermagic, sizeof(out->vermagic)},
        {"version", out->version, sizeof(out->version)},
        {"depends", out->depends, sizeof(out->depends)},
        {"livepatch", livepatch, sizeof(livepatch)},
    };
    /* clang-format on */
    const char *equals = memchr(pair, '=', len);
    size_t key_len = equals ? (size_t)(equals - pair) : 0;

    for (size_t i = 0; i < HF_COUNT(wanted) && key_len; i++) {
        if (strlen(wanted[i].key) != key_len ||
            memcmp(wanted[i].key, pair, key_len) != 0)
            continue;
        /* the first one counts, as for modinfo; a second name is a trick */
        if (wanted[i].value[0])
            return hf_fail(err, HF_EINVALID, "the module says '%s' twice",
                           wanted[i].key);
        if (copy_value(wanted[i].value, wanted[i].size, equals + 1,
                       len - key_len - 1) < 0)
            return hf_fail(err, HF_EINVALID,
                           "the module's '%s' is not plain text",
                           wanted[i].key);
    }
    if (livepatch[0])
        out->livepatch = strcmp(livepatch, "Y") == 0;
    return HF_OK;
}

int
hf_modinfo_read(struct hf_modinfo *out, const void *file, size_t len,
                struct hf_err *err)
{
    const struct image im = {file, len};
    Elf64_Shdr info = {0};
    const char *text;
    size_t n;
    int rc;

    memset(out, 0, sizeof(*out));
    if ((rc = find_section(&im, ".modinfo", &info, err)) < 0)
        return rc;
    text = (const char *)im.data + info.sh_offset;
    for (size_t i = 0; i < info.sh_size; i += n + 1) {
        n = strnlen(text + i, info.sh_size - i);
        if ((rc = take_pair(out, text + i, n, err)) < 0)
            return rc;
    }
    snprintf(out->kernel, sizeof(out->kernel), "%.*s",
             (int)strcspn(out->vermagic, " "), out->vermagic);
    return HF_OK;
}
