/* SHA-256 (libcrypto), as lower-case hex. */
#ifndef HF_BASE_SHA256_H
#define HF_BASE_SHA256_H

#include <stddef.h>

#define HF_SHA256_HEX 65

void hf_sha256(unsigned char out[32], const void *data, size_t len);
const char *
hf_sha256_hex(char out[HF_SHA256_HEX], const void *data, size_t len);
/* 64 lower-case hex digits and nothing else. */
int hf_sha256_is_hex(const char *s);
/* n random bytes as 2n hex digits plus NUL (getrandom). */
void hf_random_hex(char *out, size_t n);

#endif
