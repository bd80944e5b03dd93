/* An ELF file of three sections: none, .modinfo, and the sections' names. */
#include "backend/sim/module.h"

#include <elf.h>
#include <string.h>

static const char section_names[] = "\0.modinfo\0.shstrtab";
#define NAME_MODINFO 1
#define NAME_SHSTRTAB 10

static void
modinfo(struct hf_buf *out, const char *name, const char *version,
        const char *kernel)
{
    hf_buf_printf(out, "description=simulated stand-in, holds no code%c", 0);
    hf_buf_printf(out, "license=GPL%c", 0);
    hf_buf_printf(out, "livepatch=Y%c", 0);
    hf_buf_printf(out, "version=%s%c", version, 0);
    hf_buf_printf(out, "name=%s%c", name, 0);
    hf_buf_printf(out, "vermagic=%s SMP preempt mod_unload modversions %c",
                  kernel, 0);
}

void
hf_sim_module(struct hf_buf *out, const char *name, const char *version,
              const char *kernel)
{
    struct hf_buf info = {0};
    Elf64_Ehdr head = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
                    EV_CURRENT},
        .e_type = ET_REL,
        .e_machine = EM_X86_64,
        .e_version = EV_CURRENT,
        .e_ehsize = sizeof(Elf64_Ehdr),
        .e_shentsize = sizeof(Elf64_Shdr),
        .e_shnum = 3,
        .e_shstrndx = 2,
    };
    Elf64_Shdr sections[3] = {
        [1] = {.sh_name = NAME_MODINFO,
               .sh_type = SHT_PROGBITS,
               .sh_flags = SHF_ALLOC,
               .sh_addralign = 1},
        [2] = {.sh_name = NAME_SHSTRTAB,
               .sh_type = SHT_STRTAB,
               .sh_addralign = 1},
    };

    modinfo(&info, name, version, kernel);
    while (info.len % 8)
        hf_buf_putc(&info, '\0');
    sections[1].sh_offset = sizeof(head) + sizeof(sections);
    sections[1].sh_size = info.len;
    sections[2].sh_offset = sections[1].sh_offset + info.len;
    sections[2].sh_size = sizeof(section_names);
    head.e_shoff = sizeof(head);
    hf_buf_add(out, &head, sizeof(head));
    hf_buf_add(out, sections, sizeof(sections));
    hf_buf_add(out, info.data, info.len);
    hf_buf_add(out, section_names, sizeof(section_names));
    hf_buf_release(&info);
}
