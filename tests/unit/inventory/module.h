/* A small kernel module for tests: an ELF file with a .modinfo section. */
#ifndef HF_TEST_INVENTORY_MODULE_H
#define HF_TEST_INVENTORY_MODULE_H

#include <elf.h>
#include <string.h>

#include "backend/base/buf.h"

/* `info` is the section's content: key=value texts, each with its NUL. */
static inline void
make_module(struct hf_buf *out, const char *info, size_t len)
{
    static const char names[] = "\0.modinfo\0.shstrtab";
    Elf64_Ehdr head = {.e_type = ET_REL,
                       .e_machine = EM_X86_64,
                       .e_version = EV_CURRENT,
                       .e_ehsize = sizeof(head),
                       .e_shentsize = sizeof(Elf64_Shdr),
                       .e_shnum = 3,
                       .e_shstrndx = 2};
    Elf64_Shdr sections[3] = {
        {0},
        {.sh_name = 1,
         .sh_type = SHT_PROGBITS,
         .sh_offset = sizeof(head),
         .sh_size = len},
        {.sh_name = 10,
         .sh_type = SHT_STRTAB,
         .sh_offset = sizeof(head) + len,
         .sh_size = sizeof(names)},
    };

    memcpy(head.e_ident, ELFMAG, SELFMAG);
    head.e_ident[EI_CLASS] = ELFCLASS64;
    head.e_ident[EI_DATA] = ELFDATA2LSB;
    head.e_ident[EI_VERSION] = EV_CURRENT;
    head.e_shoff = sizeof(head) + len + sizeof(names);
    hf_buf_clear(out);
    hf_buf_add(out, &head, sizeof(head));
    hf_buf_add(out, info, len);
    hf_buf_add(out, names, sizeof(names));
    hf_buf_add(out, sections, sizeof(sections));
}

#define INFO(name, kernel)                                             \
    "license=GPL\0livepatch=Y\0depends=\0retpoline=Y\0name=" name "\0" \
    "version=1.2\0vermagic=" kernel " SMP preempt mod_unload modversions "

#endif
