/* Monthly security documents of the real shape, small. */
#ifndef HF_TEST_CVRF_FIXTURE_H
#define HF_TEST_CVRF_FIXTURE_H

#include "backend/base/buf.h"

#define IDS_2022 "\"11923\",\"11924\""
#define IDS_2025 "\"12436\",\"12437\""
#define IDS_24H2 "\"12389\",\"12390\""
#define IDS_25H2 "\"20437\",\"20438\""

/* A remediation: KB digits or null, products, subtype, build, superseded. */
#define FIX(kb, ids, subtype, build, over) \
    FIX_RESTART(kb, ids, subtype, build, over, "{\"Value\":\"Yes\"}")
/* The same with what it says of a restart. */
#define FIX_RESTART(kb, ids, subtype, build, over, restart)         \
    "{\"Description\":{\"Value\":" kb "},\"ProductID\":[" ids       \
    "],\"Type\":2,\"Supercedence\":" over ",\"SubType\":\"" subtype \
    "\",\"FixedBuild\":\"" build "\",\"RestartRequired\":" restart "}"
#define KNOWN_ISSUE(kb, ids)                                      \
    "{\"Description\":{\"Value\":\"" kb "\"},\"ProductID\":[" ids \
    "],\"Type\":5}"
#define HOTPATCH "Security Hotpatch Update"
#define UPDATE "Security Update"

/* A vulnerability with these remediations. */
#define VULN(cve, exploited, score, fixes)                                \
    "{\"CVE\":\"" cve "\",\"Threats\":["                                  \
    "{\"Description\":{\"Value\":\"Elevation of Privilege\"},"            \
    "\"ProductID\":[" IDS_2025 "],\"Type\":0},"                           \
    "{\"Description\":{\"Value\":\"Important\"},\"ProductID\":[" IDS_2025 \
    "],\"Type\":3},{\"Description\":{\"Value\":\"Publicly Disclosed:No;"  \
    "Exploited:" exploited ";Latest Software Release:Exploitation "       \
    "Detected\"},\"ProductID\":[],\"Type\":1}],\"CVSSScoreSets\":["       \
    "{\"BaseScore\":" score                                               \
    ",\"Vector\":\"CVSS:3.1/AV:L\",\"ProductID\":[" IDS_2025              \
    "]}],\"Remediations\":[" fixes "]}"

/* A document: "2026-Feb", "2026-02-10", vulnerabilities. */
#define MONTH(id, day, vulns)                                                 \
    "{\"DocumentTitle\":{\"Value\":\"x\"},\"DocumentTracking\":{"             \
    "\"Identification\":{\"ID\":{\"Value\":\"" id "\"}},"                     \
    "\"InitialReleaseDate\":\"" day "T08:00:00\",\"Unheard\":[1]},"           \
    "\"ProductTree\":{\"FullProductName\":["                                  \
    "{\"ProductID\":\"11923\",\"Value\":\"Windows Server 2022\"},"            \
    "{\"ProductID\":\"11924\",\"Value\":\"Windows Server 2022 (Server Core "  \
    "installation)\"},"                                                       \
    "{\"ProductID\":\"12086\",\"Value\":\"Windows Server 2022, 23H2 Edition " \
    "(Server Core installation)\"},"                                          \
    "{\"ProductID\":\"12436\",\"Value\":\"Windows Server 2025\"},"            \
    "{\"ProductID\":\"12437\",\"Value\":\"Windows Server 2025 (Server Core "  \
    "installation)\"},"                                                       \
    "{\"ProductID\":\"12389\",\"Value\":\"Windows 11 Version 24H2 for "       \
    "ARM64-based Systems\"},"                                                 \
    "{\"ProductID\":\"12390\",\"Value\":\"Windows 11 Version 24H2 for "       \
    "x64-based Systems\"},"                                                   \
    "{\"ProductID\":\"20437\",\"Value\":\"Windows 11 Version 25H2 for "       \
    "ARM64-based Systems\"},"                                                 \
    "{\"ProductID\":\"20438\",\"Value\":\"Windows 11 Version 25H2 for "       \
    "x64-based Systems\"},"                                                   \
    "{\"ProductID\":\"9000\",\"Value\":\"Microsoft Office 2019\"}]},"         \
    "\"Vulnerability\":[" vulns "]}"

#endif
