/*
 * Why a job failed, in plain words with a next step. The kernel's reason comes
 * in the words of kmod, of busybox, or of the kernel log.
 */
#include <string.h>
#include <strings.h>

#include "backend/base/text.h"
#include "backend/drivers/livepatch/livepatch.h"

struct reason {
    const char *words; /* what was said, without regard to case */
    const char *means;
    const char *next;
};

/* The kernel log is more exact, so it is asked first. "module verification
 * failed" is none: it only taints, and every unsigned module is told so. */
/* clang-format off */
static const struct reason logged[] = {
    {"version magic",
     "the module was built for another kernel or with other options",
     "build it for exactly this kernel and add it to the catalogue again"},
    {"disagrees about version of symbol",
     "the module was built against another kernel or flavour",
     "build it with the headers of exactly this kernel"},
    {"this_module section size",
     "the module was built for another kernel line",
     "build it with the headers of exactly this kernel"},
    {"Invalid ELF", "the file is no module, or it is damaged",
     "add the module to the catalogue again"},
    {"not found in symbol table",
     "the function to be patched does not exist in this kernel",
     "build the patch for exactly this kernel"},
    {"pre-patch callback failed",
     "the patch itself refused this machine",
     "ask whoever built the patch what it checks"},
    {"Loading of unsigned module is rejected",
     "the kernel takes signed modules only",
     "sign the module with a key that the kernel trusts"},
    {"Loading of module with unavailable key is rejected",
     "the kernel does not know the key that signed the module",
     "enrol the key, or sign with one that the kernel trusts"},
    {"livepatch support is disabled",
     "this kernel was built without live patching",
     "boot a kernel with CONFIG_LIVEPATCH"},
    {"Lockdown:", "kernel lockdown forbids it",
     "sign the module with a key that the kernel trusts"},
    {"failed to patch object",
     "another tracer or patch holds a function to be patched",
     "stop kprobes, SystemTap or other tracers and apply again"},
    {NULL, NULL, NULL},
};

/* What insmod and rmmod say: kmod's words, then busybox's. */
static const struct reason told[] = {
    {"Key was rejected by service",
     "the module's signature was rejected",
     "sign the module with a key that the kernel trusts"},
    {"Required key not available",
     "the kernel does not know the key that signed the module",
     "enrol the key, or sign with one that the kernel trusts"},
    {"Operation not permitted",
     "the kernel forbids it: no rights, lockdown, or modules are disabled",
     "see the checks 'lockdown' and 'elevation' of the host"},
    {"Invalid module format",
     "the module does not fit this kernel",
     "build it for exactly this kernel and add it to the catalogue again"},
    {"Exec format error",
     "the module does not fit this kernel",
     "build it for exactly this kernel and add it to the catalogue again"},
    {"wrong symbol version",
     "the module was built against another kernel or flavour",
     "build it with the headers of exactly this kernel"},
    {"unknown symbol in module",
     "the module needs something that this kernel does not have",
     "build it for exactly this kernel"},
    {"Unknown symbol",
     "the module needs something that this kernel does not have",
     "build it for exactly this kernel"},
    {"Invalid parameters",
     "the kernel found something in the patch that it cannot use",
     "see the kernel log of the host"},
    {"Invalid argument",
     "the kernel found something in the patch that it cannot use",
     "see the kernel log of the host"},
    {"Device or resource busy",
     "another patch is in transition, or the patch refused this machine",
     "wait for the transition to end, then apply again"},
    {"File exists",
     "a module of that name is loaded already",
     "remove the old module with rmmod, then apply again"},
    {"is in use",
     "the module is still in use",
     "wait for the transition to end, then roll back again"},
    {"Resource temporarily unavailable",
     "the module is still in use",
     "wait for the transition to end, then roll back again"},
    {"Cannot allocate memory",
     "the host has no memory for the module",
     "free memory on the host, then apply again"},
    {"No space left",
     "the disk of the host is full",
     "free space under /var/lib on the host"},
    {NULL, NULL, NULL},
};

/* What the job itself found. */
static const struct reason found[] = {
    {"kernel", "", "check the host again: it restarted into another kernel"},
    {"file", "", "apply again; the upload was cut short"},
    {"checksum", "", "apply again; the file changed on its way"},
    {"release", "",
     "build the module for exactly this kernel and add it again"},
    {"name", "", "correct the patch's name in the catalogue"},
    {"transition", "",
     "restart or stop what holds it, then try again"},
    {"foreign", "", "find out who else patches this host"},
    {"disable", "", "see the kernel log of the host"},
    {"remove", "", "see who uses the module: lsmod on the host"},
    {"parameter", "", "report this as an error of hotfleet"},
    {"internal", "", "see the job's log"},
    {NULL, NULL, NULL},
};
/* clang-format on */

static const struct reason *
find_reason(const struct reason *rows, const char *text)
{
    for (; text && rows->words; rows++) {
        if (strcasestr(text, rows->words))
            return rows;
    }
    return NULL;
}

static const struct reason *
find_code(const char *code)
{
    for (const struct reason *row = found; row->words; row++) {
        if (strcmp(row->words, code) == 0)
            return row;
    }
    return NULL;
}

/* A key of the result, also without the "result." that POLL puts before. */
static const char *
text_or(const struct hf_facts *facts, const char *key, const char *otherwise)
{
    const char *value = hf_facts_get(facts, key);

    if (!value)
        value = hf_facts_get(facts, key + strlen("result."));
    return value && *value ? value : otherwise;
}

/* insmod's and rmmod's refusals are the kernel's; the rest is the job's. */
static const struct reason *
kernels_reason(const struct hf_facts *result, const char *code)
{
    const struct reason *reason;

    if (strcmp(code, "load") != 0 && strcmp(code, "remove") != 0)
        return NULL;
    reason = find_reason(logged, text_or(result, "result.klog", NULL));
    return reason ? reason
                  : find_reason(told, text_or(result, "result.tool", NULL));
}

void
livepatch_explain(struct hf_err *out, const struct hf_facts *result)
{
    const char *code = text_or(result, "result.code", "");
    const char *said = text_or(result, "result.text", NULL);
    const char *held = text_or(result, "result.blockers", "none");
    const char *stays = text_or(result, "result.remaining", "none");
    const struct reason *reason = kernels_reason(result, code);
    const struct reason *job = find_code(code);

    if (!said) {
        hf_fail(out, HF_ERR, "the job left no result");
        hf_hint(out, "see the job's log; check the host again");
        return;
    }
    hf_fail(out, HF_ERR, "%s%s%s%s%s%s%s", said, reason ? ": " : "",
            reason ? reason->means : "",
            strcmp(held, "none") ? "; held by " : "",
            strcmp(held, "none") ? held : "",
            strcmp(stays, "none") ? "; not brought back: " : "",
            strcmp(stays, "none") ? stays : "");
    if (reason)
        hf_hint(out, "%s", reason->next);
    else
        hf_hint(out, "%s", job ? job->next : "see the job's log");
}
