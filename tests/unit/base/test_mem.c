/* Growing arrays and the arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/mem.h"

struct pair {
    int a;
    double b;
};

static void
grows_an_array_with_zeroed_elements(void **state)
{
    struct pair *v = NULL;
    size_t len = 0, cap = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct pair *p = HF_PUSH(&v, &len, &cap);

        assert_int_equal(p->a, 0);
        p->a = i;
        p->b = i;
    }
    assert_int_equal(len, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(v[i].a, i);
    free(v);
}

static void
copies_at_most_what_is_asked(void **state)
{
    char *copy = hf_xstrndup("abcdef", 3);

    (void)state;
    assert_string_equal(copy, "abc");
    free(copy);
    copy = hf_xstrndup("ab", 100);
    assert_string_equal(copy, "ab");
    free(copy);
    assert_null(hf_xstrdup(NULL));
    copy = hf_xasprintf("%s-%d", "x", 7);
    assert_string_equal(copy, "x-7");
    free(copy);
}

static void
gives_zeroed_and_aligned_pieces_of_any_size(void **state)
{
    struct hf_arena *arena = hf_arena_new();

    (void)state;
    for (size_t size = 0; size < 300000; size = size * 2 + 1) {
        unsigned char *p = hf_arena_alloc(arena, size);

        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, size);
    }
    assert_true(hf_arena_size(arena) > 300000);
    hf_arena_free(arena);
    hf_arena_free(NULL);
}

static void
keeps_copies_of_strings(void **state)
{
    struct hf_arena *arena = hf_arena_new();
    char text[] = "hello";
    char *copy = hf_arena_strdup(arena, text);
    char *part = hf_arena_strndup(arena, text, 2);

    (void)state;
    text[0] = 'J';
    assert_string_equal(copy, "hello");
    assert_string_equal(part, "he");
    assert_string_equal(hf_arena_strdup(arena, ""), "");
    assert_null(hf_arena_strdup(arena, NULL));
    hf_arena_free(arena);
}

static void
gives_the_same_pointer_for_the_same_text(void **state)
{
    struct hf_arena *arena = hf_arena_new();
    const char *first[2000];
    char name[32];

    (void)state;
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof(name), "ring-%d", i);
        first[i] = hf_arena_intern(arena, name);
    }
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof(name), "ring-%d", i);
        assert_ptr_equal(hf_arena_intern(arena, name), first[i]);
        assert_string_equal(first[i], name);
    }
    assert_ptr_equal(hf_arena_intern(arena, ""), hf_arena_intern(arena, ""));
    assert_null(hf_arena_intern(arena, NULL));
    hf_arena_free(arena);
}

static void
ends_the_program_when_memory_runs_out(void **state)
{
    char said[64] = "";
    int ends[2], status;
    ssize_t n;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        hf_xrealloc(NULL, SIZE_MAX / 2, 3);
        _exit(0);
    }
    close(ends[1]);
    n = read(ends[0], said, sizeof(said) - 1);
    close(ends[0]);
    assert_true(n > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_string_equal(said, "hotfleet: out of memory\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_an_array_with_zeroed_elements),
        cmocka_unit_test(ends_the_program_when_memory_runs_out),
        cmocka_unit_test(copies_at_most_what_is_asked),
        cmocka_unit_test(gives_zeroed_and_aligned_pieces_of_any_size),
        cmocka_unit_test(keeps_copies_of_strings),
        cmocka_unit_test(gives_the_same_pointer_for_the_same_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
